//! `WATCHLIST`: neither the declared name nor a document's is a listed person's. Which entry was near is confidential:
//! a customer must not learn from us that somebody looks for them.

use jiff::civil::Date;
use shared::tables::field_names;

use super::{CheckOutcome, Finding};
use crate::case::Case;
use crate::thresholds::Thresholds;
use crate::watchlist::{Watchlist, WatchlistResult};

impl CheckOutcome for WatchlistResult {
    const CHECK: &'static str = "WATCHLIST";
    const ALL: &'static [Self] = &[Self::None, Self::Possible, Self::Hit];

    fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Possible => "POSSIBLE",
            Self::Hit => "HIT",
        }
    }

    fn passed(self) -> bool {
        self == Self::None
    }
}

/// Checks a case by all its names and dates of birth, those of documents of every kind included.
pub fn check(case: &Case, list: &Watchlist, thresholds: &Thresholds) -> Finding<WatchlistResult> {
    let mut names = vec![case.customer.name()];
    names.extend(case.documents.iter().flat_map(crate::case::Document::names));
    let names: Vec<_> = names.iter().map(crate::names::PersonName::words).collect();
    let mut born: Vec<Date> = case.customer.born().into_iter().collect();
    born.extend(case.documents.iter().filter_map(|document| document.day(field_names::DATE_OF_BIRTH)));
    let screened = list.screen(&names, &born, thresholds);
    let (score, words) = match screened.result {
        WatchlistResult::None => (1.0, "no entry is near"),
        WatchlistResult::Possible => (0.5, "an entry is near; a human has to compare"),
        WatchlistResult::Hit => (0.0, "an entry agrees in name and date of birth"),
    };
    let evidence = vec![
        format!("{} names and {} dates of birth were compared: {words}", names.len(), born.len()),
        format!(
            "Jaro-Winkler: a hit from {:.2} with the same date of birth, possible from {:.2}",
            thresholds.watchlist_hit, thresholds.watchlist_possible
        ),
    ];
    let mut finding = Finding::new(screened.result, score, evidence);
    if let (WatchlistResult::Possible | WatchlistResult::Hit, Some(id), Some(kind)) =
        (screened.result, screened.id, screened.kind)
    {
        let likeness = screened.likeness;
        finding.confidential =
            vec![format!("watchlist {id} ({kind:?}): names {likeness:.2}, date of birth {:?}", screened.born)];
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::samples::{TODAY, honest, passport, with};
    use crate::countries::{self, Countries};
    use crate::watchlist;

    fn list() -> Watchlist {
        Watchlist::load(&watchlist::FILE, &Countries::load(&countries::FILE).unwrap(), TODAY).unwrap()
    }

    #[test]
    fn declared_and_documented_names_are_screened() {
        let mut case = honest();
        case.customer.first_name = "Ivaro".into();
        case.customer.last_name = "Kestrelmann".into();
        case.customer.date_of_birth = "1961-04-17".into();
        assert_eq!(check(&case, &list(), &Thresholds::DEFAULT).result, WatchlistResult::Hit);

        let mut case = honest();
        let listed = with(passport(), field_names::SURNAME, Some("KESTRELMANN"));
        let listed = with(listed, field_names::GIVEN_NAMES, Some("IVARO"));
        case.documents = vec![with(listed, field_names::DATE_OF_BIRTH, Some("1961-04-17"))];
        assert_eq!(check(&case, &list(), &Thresholds::DEFAULT).result, WatchlistResult::Hit);
        assert_eq!(check(&honest(), &list(), &Thresholds::DEFAULT).result, WatchlistResult::None);
    }

    #[test]
    fn every_name_of_a_document_is_screened() {
        let whole = |passport| with(passport, field_names::FULL_NAME, Some("Ivaro Kestrelmann"));
        for (name, document) in [
            ("beside both parts", whole(passport())),
            ("beside one part", whole(with(passport(), field_names::SURNAME, None))),
            ("alone", whole(with(with(passport(), field_names::SURNAME, None), field_names::GIVEN_NAMES, None))),
        ] {
            let documents = vec![with(document, field_names::DATE_OF_BIRTH, Some("1961-04-17"))];
            let result = check(&Case { documents, ..honest() }, &list(), &Thresholds::DEFAULT).result;
            assert_eq!(result, WatchlistResult::Hit, "{name}");
        }
    }

    #[test]
    fn which_entry_was_near_is_for_compliance_only() {
        let mut case = honest();
        (case.customer.first_name, case.customer.last_name) = ("Tavish".into(), "Mockingdale".into());
        let finding = check(&case, &list(), &Thresholds::DEFAULT);
        assert_eq!(finding.result, WatchlistResult::Possible);
        assert!(!format!("{:?}", finding.evidence).contains("OWL"));
        assert_eq!(finding.confidential, ["watchlist OWL-0009 (Fraud): names 1.00, date of birth Unlisted"]);
    }
}
