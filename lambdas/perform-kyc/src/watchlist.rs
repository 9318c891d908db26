//! The watchlist: who is on it, and how likely a customer is one of them. `data/watchlist.toml` says what its entries mean.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;
use shared::data_file::{DataFile, Refused};
use toml::Spanned;

use crate::countries::Countries;
use crate::names::{Word, likeness, words};
use crate::thresholds::Thresholds;

/// The file that the function carries.
pub const FILE: DataFile<'static> = DataFile { name: "watchlist.toml", text: include_str!("../data/watchlist.toml") };

/// The first year that somebody on a list may be born in. An earlier one is a slip, and such an entry would match nobody.
const EARLIEST_YEAR: i16 = 1850;

/// Why somebody is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// No business with this person.
    Sanction,
    /// The insurer's own findings.
    Fraud,
    /// Politically exposed: a human decides.
    Pep,
}

/// The date of birth as far as a list has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Born {
    Unknown,
    Year(i16),
    Day(Date),
}

/// How a listed date of birth and a customer's go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BornMatch {
    /// They are too far apart for one person.
    Other,
    /// Not listed, so nothing speaks against it.
    Unlisted,
    /// The same year or the next, or day and month swapped.
    Near,
    /// The same day.
    Same,
}

/// How likely a customer is a listed person, from unlikely to likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WatchlistResult {
    /// Nobody on the list.
    None,
    /// A human has to compare.
    Possible,
    /// Name and day of birth agree.
    Hit,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    person: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    kind: Kind,
    names: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    born: Option<Spanned<String>>,
    #[serde(default)]
    country: Option<Spanned<String>>,
}

#[derive(Clone, Debug)]
struct Listed {
    id: String,
    kind: Kind,
    names: Vec<Vec<Word>>,
    born: Born,
}

/// The list.
#[derive(Clone, Debug)]
pub struct Watchlist(Vec<Listed>);

/// The nearest entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Screened {
    /// How likely.
    pub result: WatchlistResult,
    /// The entry that says so; none where nobody is near.
    pub id: Option<String>,
    /// Why it is listed.
    pub kind: Option<Kind>,
    /// The likeness of the names.
    pub likeness: f64,
    /// How the dates of birth go together.
    pub born: BornMatch,
}

impl Watchlist {
    /// Reads a file; its countries are held against `countries`, and nobody is born after `today`. An empty list is refused
    /// because it would pass everybody: what came to nothing on its way here must not look like nobody listed.
    pub fn load(file: &DataFile, countries: &Countries, today: Date) -> Result<Self, Refused> {
        let read: File = file.read()?;
        if read.person.is_empty() {
            return Err(file.refuse(&(0..0), "nobody is listed"));
        }
        let mut ids = BTreeSet::new();
        let mut listed = Vec::with_capacity(read.person.len());
        for entry in &read.person {
            let id = entry.id.get_ref();
            if id.trim().is_empty() {
                return Err(file.refuse(&entry.id.span(), "the id is empty"));
            }
            if !ids.insert(id.clone()) {
                return Err(file.refuse(&entry.id.span(), "the id is there twice"));
            }
            if let Some(country) = entry.country.as_ref().filter(|country| !is_alpha2(country.get_ref(), countries)) {
                return Err(file.refuse(&country.span(), "the country is unknown; an alpha-2 code is expected"));
            }
            let born = match &entry.born {
                None => Born::Unknown,
                Some(text) => Born::read(text.get_ref(), today).map_err(|reason| file.refuse(&text.span(), reason))?,
            };
            listed.push(Listed { id: id.clone(), kind: entry.kind, names: names(file, entry)?, born });
        }
        Ok(Self(listed))
    }

    /// The likeliest entry for somebody of these names and dates of birth: what was declared and what documents say.
    pub fn screen(&self, names: &[Vec<Word>], born: &[Date], thresholds: &Thresholds) -> Screened {
        let nobody =
            Screened { result: WatchlistResult::None, id: None, kind: None, likeness: 0.0, born: BornMatch::Unlisted };
        self.0.iter().map(|listed| listed.screen(names, born, thresholds)).fold(nobody, |nearest, screened| {
            let nearer = screened.result > nearest.result
                || (screened.result == nearest.result && screened.likeness > nearest.likeness);
            if nearer { screened } else { nearest }
        })
    }
}

impl Listed {
    fn screen(&self, names: &[Vec<Word>], born: &[Date], thresholds: &Thresholds) -> Screened {
        let likeness = self
            .names
            .iter()
            .flat_map(|listed| names.iter().map(move |name| likeness(listed, name)))
            .fold(0.0, f64::max);
        let unlisted = BornMatch::Unlisted;
        let born = born.iter().map(|day| self.born.compare(*day)).max().unwrap_or(unlisted);
        let result = match (result(likeness, born, thresholds), self.kind) {
            (WatchlistResult::Hit, Kind::Pep) => WatchlistResult::Possible,
            (result, _) => result,
        };
        Screened { result, id: Some(self.id.clone()), kind: Some(self.kind), likeness, born }
    }
}

/// A name alone is never a hit, and with another date of birth it is nobody's.
fn result(likeness: f64, born: BornMatch, thresholds: &Thresholds) -> WatchlistResult {
    match born {
        BornMatch::Other => WatchlistResult::None,
        BornMatch::Same if likeness >= thresholds.watchlist_hit => WatchlistResult::Hit,
        _ if likeness >= thresholds.watchlist_possible => WatchlistResult::Possible,
        _ => WatchlistResult::None,
    }
}

impl Born {
    fn read(text: &str, today: Date) -> Result<Self, String> {
        let born = match text.len() {
            4 => text.parse().ok().map(Self::Year),
            10 => text.parse().ok().map(Self::Day),
            _ => None,
        };
        let lived = match born {
            None => return Err("no day of the form YYYY-MM-DD and no year".to_owned()),
            Some(Self::Day(day)) => day.year() >= EARLIEST_YEAR && day <= today,
            Some(Self::Year(year)) => (EARLIEST_YEAR..=today.year()).contains(&year),
            Some(Self::Unknown) => true,
        };
        born.filter(|_| lived).ok_or_else(|| format!("nobody is born before {EARLIEST_YEAR} or after {today}"))
    }

    fn compare(self, day: Date) -> BornMatch {
        let near = |year: i16| (year - day.year()).abs() <= 1;
        match self {
            Self::Unknown => BornMatch::Unlisted,
            Self::Day(listed) if listed == day => BornMatch::Same,
            Self::Day(listed) if near(listed.year()) => BornMatch::Near,
            Self::Year(listed) if near(listed) => BornMatch::Near,
            Self::Day(_) | Self::Year(_) => BornMatch::Other,
        }
    }
}

fn names(file: &DataFile, entry: &Entry) -> Result<Vec<Vec<Word>>, Refused> {
    if entry.names.get_ref().is_empty() {
        return Err(file.refuse(&entry.names.span(), "there is no name"));
    }
    let mut all = Vec::new();
    for name in entry.names.get_ref() {
        let words = words(name.get_ref());
        if words.is_empty() {
            return Err(file.refuse(&name.span(), "the name is empty"));
        }
        all.push(words);
    }
    Ok(all)
}

fn is_alpha2(text: &str, countries: &Countries) -> bool {
    countries.all().iter().any(|country| country.alpha2 == text)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::case::samples::TODAY;
    use crate::countries;

    fn countries() -> Countries {
        Countries::load(&countries::FILE).unwrap()
    }

    fn refusal(text: &str) -> String {
        Watchlist::load(&DataFile { name: "w.toml", text }, &countries(), TODAY).unwrap_err().to_string()
    }

    fn screen(name: &str, born: Date) -> Screened {
        let list = Watchlist::load(&FILE, &countries(), TODAY).unwrap();
        list.screen(&[words(name)], &[born], &Thresholds::DEFAULT)
    }

    #[test]
    fn who_is_on_the_list() {
        use WatchlistResult::{Hit, None, Possible};
        for (name, born, expected, id) in [
            ("Ivaro Kestrelmann", date(1961, 4, 17), Hit, "OWL-0001"),
            ("KESTRELMANN IVARO", date(1961, 4, 17), Hit, "OWL-0001"),
            ("Иваро Кестрельман", date(1961, 4, 17), Hit, "OWL-0001"),
            ("Ivaro Petru Kestrelmann", date(1961, 4, 17), Hit, "OWL-0001"),
            ("Ivaro Kestrelmann", date(1962, 1, 1), Possible, "OWL-0001"),
            ("Ivaro Kestrelmann", date(1980, 4, 17), None, ""),
            ("Thesaly Borowgrave Quint", date(1974, 2, 28), Hit, "OWL-0002"),
            ("Tessali Borogrove Quint", date(1974, 2, 28), Possible, "OWL-0002"),
            ("Odrik Vantzerune", date(1958, 3, 3), Possible, "OWL-0003"),
            ("Tavish Mockingdale", date(1999, 3, 3), Possible, "OWL-0009"),
            ("Tavish Mocking", date(1999, 3, 3), Possible, "OWL-0009"),
            ("Söre Glasvig Thorbull", date(1967, 7, 7), Possible, "OWL-0012"),
            ("Quillabert", date(1999, 3, 3), Possible, "OWL-0014"),
            ("Quillabert Lovelace", date(1999, 3, 3), None, ""),
            ("Ada Lovelace", date(1990, 1, 1), None, ""),
            ("Anna Maria Eriksson", date(1974, 8, 12), None, ""),
            ("Max Mustermann", date(1964, 8, 12), None, ""),
        ] {
            let screened = screen(name, born);
            assert_eq!(screened.result, expected, "{name}: {screened:?}");
            if expected != None {
                assert_eq!(screened.id.as_deref(), Some(id), "{name}");
            }
        }
    }

    #[test]
    fn name_and_date_of_birth_decide_together() {
        use BornMatch::{Near, Other, Same, Unlisted};
        use WatchlistResult::{Hit, None, Possible};
        for (likeness, born, expected) in [
            (0.95, Same, Hit),
            (0.95, Near, Possible),
            (0.95, Unlisted, Possible),
            (0.95, Other, None),
            (0.94, Same, Possible),
            (0.88, Near, Possible),
            (0.88, Unlisted, Possible),
            (0.88, Other, None),
            (0.87, Same, None),
        ] {
            assert_eq!(result(likeness, born, &Thresholds::DEFAULT), expected, "{likeness} {born:?}");
        }
    }

    #[test]
    fn dates_of_birth_are_compared_as_far_as_they_are_listed() {
        for (listed, day, expected) in [
            ("1996-02-29", date(1996, 2, 29), BornMatch::Same),
            ("1990-03-04", date(1990, 4, 3), BornMatch::Near),
            ("1990-12-31", date(1991, 1, 1), BornMatch::Near),
            ("1990-12-31", date(1992, 1, 1), BornMatch::Other),
            ("1990", date(1990, 6, 1), BornMatch::Near),
            ("1990", date(1992, 6, 1), BornMatch::Other),
        ] {
            assert_eq!(Born::read(listed, TODAY).unwrap().compare(day), expected, "{listed} {day}");
        }
        assert_eq!(Born::Unknown.compare(date(1990, 1, 1)), BornMatch::Unlisted);
    }

    #[test]
    fn a_bad_file_is_refused_with_line_and_reason() {
        let good = "[[person]]\nid = 'A'\nkind = 'PEP'\nnames = ['Ann Example']\n";
        for (more, expected) in [
            ("[[person]]\nid = 'A'\nkind = 'PEP'\nnames = ['B']", "line 6: the id is there twice"),
            ("[[person]]\nid = ' '\nkind = 'PEP'\nnames = ['B']", "line 6: the id is empty"),
            ("[[person]]\nid = 'B'\nkind = 'PEP'\nnames = []", "line 8: there is no name"),
            ("[[person]]\nid = 'B'\nkind = 'PEP'\nnames = ['B', '--']", "line 8: the name is empty"),
            ("[[person]]\nid = 'B'\nkind = 'PEP'\nnames = ['B']\nborn = '2001-02-29'", "line 9: no day of the form"),
            ("[[person]]\nid = 'B'\nkind = 'PEP'\nnames = ['B']\nborn = '90'", "line 9: no day of the form"),
            ("[[person]]\nid = 'B'\nkind = 'PEP'\nnames = ['B']\nborn = 1990", "line 9: invalid type"),
            ("[[person]]\nid = 'B'\nkind = 'PEP'\nnames = ['B']\ncountry = 'ZZ'", "line 9: the country is unknown"),
            ("[[person]]\nid = 'B'\nkind = 'PEP'\nnames = ['B']\ncountry = 'DEU'", "line 9: the country is unknown"),
            ("[[person]]\nid = 'B'\nkind = 'SPY'\nnames = ['B']", "line 7: unknown variant"),
            ("[[person]]\nid = 'B'\nkind = 'PEP'\nnames = ['B']\nalias = 'C'", "line 9: unknown field `alias`"),
            ("[[person]]\nid = 'B'\nkind = 'PEP'", "line 5: missing field `names`"),
            ("[[persons]]\nid = 'B'", "line 5: unknown field `persons`"),
        ] {
            let text = format!("{good}{more}\n");
            let refused = refusal(&text);
            assert!(refused.starts_with(&format!("w.toml, {expected}")), "{more}: {refused}");
        }
    }
    #[test]
    fn an_empty_list_is_refused() {
        for text in ["", "# nobody\n", "person = []\n"] {
            assert_eq!(refusal(text), "w.toml, line 1: nobody is listed", "{text}");
        }
    }

    #[test]
    fn nobody_is_born_too_early_or_in_the_future() {
        for (born, good) in [
            ("1849", false),
            ("1849-12-31", false),
            ("1850", true),
            ("1850-01-01", true),
            ("2026", true),
            ("2026-11-23", true),
            ("2026-11-24", false),
            ("2027", false),
            ("2200", false),
            ("9999-12-31", false),
        ] {
            let text = format!("[[person]]\nid = 'A'\nkind = 'PEP'\nnames = ['A B']\nborn = '{born}'\n");
            let loaded = Watchlist::load(&DataFile { name: "w.toml", text: &text }, &countries(), TODAY);
            let refused = loaded.map(|_| ()).map_err(|refused| refused.to_string());
            let expected = "w.toml, line 5: nobody is born before 1850 or after 2026-11-23".to_owned();
            assert_eq!(refused, if good { Ok(()) } else { Err(expected) }, "{born}");
        }
    }
}
