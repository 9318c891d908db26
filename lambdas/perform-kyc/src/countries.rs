//! The countries: codes, names, risk, and where customers may live. `data/countries.toml` says what is meant by which.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use shared::data_file::{DataFile, Refused};
use toml::Spanned;

use crate::names::normalised;

/// The file that the function carries.
pub const FILE: DataFile<'static> = DataFile { name: "countries.toml", text: include_str!("../data/countries.toml") };

/// How careful the insurer has to be with a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum CountryRisk {
    /// Nothing special.
    Low,
    /// A closer look.
    Medium,
    /// No business.
    High,
}

impl CountryRisk {
    /// As rows write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
        }
    }
}

/// A country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub alpha2: String,
    /// ISO 3166-1 alpha-3.
    pub alpha3: String,
    /// Its name in English.
    pub name: String,
    /// How careful the insurer has to be.
    pub risk: CountryRisk,
    /// Whether customers may live there.
    pub supported: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    countries: Spanned<BTreeMap<Spanned<String>, Entry>>,
    #[serde(default)]
    documents: BTreeMap<Spanned<String>, DocumentCode>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    alpha3: Spanned<String>,
    name: Spanned<String>,
    risk: CountryRisk,
    supported: Spanned<bool>,
    #[serde(default)]
    also: Vec<Spanned<String>>,
    #[serde(default)]
    ambiguous: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentCode {
    name: Spanned<String>,
    #[serde(default)]
    country: Option<Spanned<String>>,
}

/// All countries.
#[derive(Clone, Debug, Default)]
pub struct Countries {
    all: Vec<Country>,
    by_code: BTreeMap<String, usize>,
    /// Index, and whether the name alone may mean something else.
    by_name: BTreeMap<String, (usize, bool)>,
    document_codes: Vec<String>,
}

impl Countries {
    /// Reads a file.
    pub fn load(file: &DataFile) -> Result<Self, Refused> {
        let read: File = file.read()?;
        let mut countries = Self::default();
        for (code, entry) in read.countries.get_ref() {
            countries.add(file, code, entry)?;
        }
        // Without countries nobody would live where the insurer takes nobody.
        if countries.all.is_empty() {
            return Err(file.refuse(&read.countries.span(), "there is no country"));
        }
        for (code, entry) in &read.documents {
            countries.add_document_code(file, code, entry)?;
        }
        Ok(countries)
    }

    fn add(&mut self, file: &DataFile, code: &Spanned<String>, entry: &Entry) -> Result<(), Refused> {
        let index = self.all.len();
        for (code, length) in [(code, 2), (&entry.alpha3, 3)] {
            if !is_code(code.get_ref(), length) {
                return Err(file.refuse(&code.span(), format!("a code of {length} capital letters is expected")));
            }
            self.name_code(file, &code.span(), code.get_ref(), index)?;
        }
        if entry.risk == CountryRisk::High && *entry.supported.get_ref() {
            return Err(file.refuse(&entry.supported.span(), "a country of high risk can't be supported"));
        }
        for name in std::iter::once(&entry.name).chain(&entry.also) {
            let key = normalised(name.get_ref());
            if key.is_empty() {
                return Err(file.refuse(&name.span(), "the name is empty"));
            }
            if self.by_name.insert(key, (index, entry.ambiguous)).is_some() {
                return Err(file.refuse(&name.span(), "the name is there twice"));
            }
        }
        self.all.push(Country {
            alpha2: code.get_ref().clone(),
            alpha3: entry.alpha3.get_ref().clone(),
            name: entry.name.get_ref().clone(),
            risk: entry.risk,
            supported: *entry.supported.get_ref(),
        });
        Ok(())
    }

    fn name_code(&mut self, file: &DataFile, span: &Range<usize>, code: &str, index: usize) -> Result<(), Refused> {
        match self.by_code.insert(code.to_owned(), index) {
            Some(_) => Err(file.refuse(span, "the code is there twice")),
            None => Ok(()),
        }
    }

    fn add_document_code(
        &mut self,
        file: &DataFile,
        code: &Spanned<String>,
        entry: &DocumentCode,
    ) -> Result<(), Refused> {
        if !(is_code(code.get_ref(), 3) || is_code(code.get_ref(), 1)) {
            return Err(file.refuse(&code.span(), "a code of 1 or 3 capital letters is expected"));
        }
        if self.by_code.contains_key(code.get_ref()) {
            return Err(file.refuse(&code.span(), "the code is there twice"));
        }
        if normalised(entry.name.get_ref()).is_empty() {
            return Err(file.refuse(&entry.name.span(), "the name is empty"));
        }
        if let Some(country) = &entry.country {
            let Some(index) = self.by_code.get(country.get_ref()).copied() else {
                return Err(file.refuse(&country.span(), "the country is unknown"));
            };
            self.by_code.insert(code.get_ref().clone(), index);
        } else {
            self.document_codes.push(code.get_ref().clone());
        }
        Ok(())
    }

    /// The country of a code or a name, as a form's field gives it.
    pub fn find(&self, text: &str) -> Option<&Country> {
        self.of_code(text).or_else(|| self.by_name.get(&normalised(text)).map(|(index, _)| &self.all[*index]))
    }

    /// The country that an address written as one text ends with, and what stands before it. Two letters are no country
    /// there: `CA` after a comma is California. A name may have a comma itself: `Korea, Republic of`.
    pub fn at_end_of<'a>(&self, address: &'a str) -> Option<(&Country, &'a str)> {
        const BETWEEN: [char; 3] = [',', '\n', ';'];
        let address = address.trim_end_matches(|letter: char| BETWEEN.contains(&letter) || letter.is_whitespace());
        let before = |end: usize| address[..end].rfind(BETWEEN);
        let last = before(address.len());
        let starts = [last.map(before), Some(last)].into_iter().flatten();
        for start in starts {
            let name = &address[start.map_or(0, |comma| comma + 1)..];
            if let Some((index, ambiguous)) = self.by_name.get(&normalised(name)) {
                return (!ambiguous).then(|| (&self.all[*index], &address[..start.unwrap_or(0)]));
            }
        }
        let start = last.map_or(0, |comma| comma + 1);
        let code = Some(address[start..].trim()).filter(|code| code.len() == 3)?;
        self.of_code(code).map(|country| (country, &address[..last.unwrap_or(0)]))
    }

    fn of_code(&self, text: &str) -> Option<&Country> {
        self.by_code.get(text.trim().to_ascii_uppercase().as_str()).map(|index| &self.all[*index])
    }

    /// Whether a document may name this as its issuer or as its holder's nationality.
    pub fn is_known_on_documents(&self, text: &str) -> bool {
        let code = text.trim().to_ascii_uppercase();
        self.find(text).is_some() || self.document_codes.contains(&code)
    }

    /// All of them, by alpha-2.
    pub fn all(&self) -> &[Country] {
        &self.all
    }
}

fn is_code(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn countries() -> Countries {
        Countries::load(&FILE).unwrap()
    }

    #[test]
    fn the_file_holds_iso_3166() {
        let countries = countries();
        assert_eq!(countries.all().len(), 250);
        for (text, expected) in [
            ("DE", "DE"),
            ("deu", "DE"),
            ("D", "DE"),
            ("Germany", "DE"),
            ("Deutschland", "DE"),
            ("ÖSTERREICH", "AT"),
            ("cote d’ivoire", "CI"),
            ("UK", "GB"),
            ("GBN", "GB"),
            ("RKS", "XK"),
            ("Georgia", "GE"),
        ] {
            assert_eq!(countries.find(text).map(|country| country.alpha2.as_str()), Some(expected), "{text}");
        }
        for text in ["", "Utopia", "UTO", "XXA", "ZZ"] {
            assert_eq!(countries.find(text), None, "{text}");
        }
        assert!(countries.is_known_on_documents("XXA") && !countries.is_known_on_documents("UTO"));
    }

    #[test]
    fn an_address_ends_with_its_country_or_names_none() {
        let countries = countries();
        for (text, expected) in [
            ("12 St James's Square, London, United Kingdom", Some("GB")),
            ("12 St James's Square\nLondon\nUK", Some("GB")),
            ("Unter den Linden 1, 10117 Berlin, DEU", Some("DE")),
            ("1 Market St, San Francisco, CA", None),
            ("Peachtree 5, Atlanta, Georgia", None),
            ("Broadway 1, Newark, New Jersey", None),
            ("12 St James's Square, London", None),
            ("Germany", Some("DE")),
            ("1 Ryongnam Road, Pyongyang, Korea, Democratic People's Republic of", Some("KP")),
            ("Sejong-daero 110, Seoul, Korea, Republic of,", Some("KR")),
            ("Seoul; Korea; Republic of\n", Some("KR")),
            ("Sejong-daero 110, Seoul, Korea", Some("KR")),
            ("Kinshasa, Congo, The Democratic Republic of the", Some("CD")),
            ("Tehran, Iran, Islamic Republic of", Some("IR")),
            ("Road Town, Virgin Islands, British", Some("VG")),
            ("Kralendijk, Bonaire, Sint Eustatius and Saba", Some("BQ")),
            ("Peachtree 5, Atlanta, Georgia, USA", Some("US")),
            ("Korea, Republic of", Some("KR")),
            ("Republic of", None),
            (",,", None),
            (",", None),
            ("é", None),
            ("", None),
        ] {
            let found = countries.at_end_of(text);
            assert_eq!(found.map(|(country, _)| country.alpha2.as_str()), expected, "{text}");
        }
    }

    #[test]
    fn what_stands_before_the_country_is_the_rest() {
        let countries = countries();
        for (text, expected) in [
            ("Seoul, Korea, Republic of", "Seoul"),
            ("Storgatan 5, Stockholm, Sweden, ", "Storgatan 5, Stockholm"),
            ("Berlin\nDEU", "Berlin"),
            ("Sweden", ""),
        ] {
            assert_eq!(countries.at_end_of(text).map(|(_, rest)| rest), Some(expected), "{text}");
        }
    }

    /// A zone is read by the codes of the crate `mrz`, which are those of Doc 9303, part 3, section 5.
    #[test]
    fn every_code_of_a_zone_is_known_but_two_that_no_document_has() {
        let countries = countries();
        let letters = || b'A'..=b'Z';
        let codes = letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| [a, b, c])));
        let codes = codes.map(|code| String::from_utf8(code.to_vec()).unwrap());
        let unknown: Vec<String> =
            codes.filter(|code| mrz::country_name(code).is_some() && !countries.is_known_on_documents(code)).collect();
        assert_eq!(unknown, ["IAO", "UTO"]);
        for code in ["XBA", "XCC", "XCE", "XCO", "XDC", "XEC", "XES", "XIM", "XMP", "NTZ", "ANT"] {
            assert!(countries.is_known_on_documents(code) && countries.find(code).is_none(), "{code}");
        }
    }

    #[test]
    fn a_file_without_countries_is_refused() {
        for (text, expected) in [
            ("[countries]\n", "c.toml, line 1: there is no country"),
            ("\n[countries]\n[documents]\nXXA = { name = 'X' }\n", "c.toml, line 2: there is no country"),
            ("countries = {}\n", "c.toml, line 1: there is no country"),
            ("", "c.toml, line 1: missing field `countries`"),
        ] {
            let refused = Countries::load(&DataFile { name: "c.toml", text }).unwrap_err().to_string();
            assert_eq!(refused, expected, "{text}");
        }
    }

    #[test]
    fn a_bad_file_is_refused_with_line_and_reason() {
        let good = "[countries]\nDE = { alpha3 = 'DEU', name = 'Germany', risk = 'LOW', supported = true }\n";
        for (more, expected) in [
            ("DE = { alpha3 = 'DXX', name = 'X', risk = 'LOW', supported = true }", "line 3: duplicate key"),
            ("DX = { alpha3 = 'DEU', name = 'X', risk = 'LOW', supported = true }", "line 3: the code is there twice"),
            (
                "DX = { alpha3 = 'DXX', name = 'germany', risk = 'LOW', supported = true }",
                "line 3: the name is there twice",
            ),
            ("DX = { alpha3 = 'DXX', name = ' ', risk = 'LOW', supported = true }", "line 3: the name is empty"),
            ("Dx = { alpha3 = 'DXX', name = 'X', risk = 'LOW', supported = true }", "line 3: a code of 2 capital"),
            ("DX = { alpha3 = 'D1', name = 'X', risk = 'LOW', supported = true }", "line 3: a code of 3 capital"),
            ("DX = { alpha3 = 'DXX', name = 'X', risk = 'NONE', supported = true }", "line 3: unknown variant"),
            ("DX = { alpha3 = 'DXX', name = 'X', risk = 'HIGH', supported = true }", "line 3: a country of high risk"),
            ("DX = { alpha3 = 'DXX', name = 'X', risk = 'LOW' }", "line 3: missing field `supported`"),
            ("DX = { alpha3 = 'DXX', name = 'X', risk = 'LOW', supported = true, fine = 1 }", "line 3: unknown field"),
            ("[documents]\nDEU = { name = 'X' }", "line 4: the code is there twice"),
            ("[documents]\nGB = { name = 'X' }", "line 4: a code of 1 or 3 capital"),
            ("[documents]\nXXA = { name = '' }", "line 4: the name is empty"),
            ("[documents]\nGBN = { name = 'X', country = 'GB' }", "line 4: the country is unknown"),
            ("[other]", "line 3: unknown field `other`"),
        ] {
            let text = format!("{good}{more}\n");
            let refused = Countries::load(&DataFile { name: "c.toml", text: &text }).unwrap_err().to_string();
            assert!(refused.starts_with(&format!("c.toml, {expected}")), "{more}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            static COUNTRIES: std::sync::LazyLock<Countries> = std::sync::LazyLock::new(countries);
            let countries = &*COUNTRIES;
            let _ = (countries.find(&text), countries.at_end_of(&text), countries.is_known_on_documents(&text));
        }
    }
}
