//! The five checks. Each is a pure function of the case, the data files and the thresholds, and answers with its evidence:
//! names of fields, ids, scores, thresholds and codes, never a value of the customer's.

mod address;
mod age;
mod document;
mod name;
mod watchlist;

pub use address::{AddressResult, Residence, check as address, residence};
pub use age::{AgeResult, check as age};
pub use document::{DocumentResult, check as document};
pub use name::{NameResult, check as name};
pub use watchlist::check as watchlist;

use shared::api::CheckResult;

use crate::case::Case;
use crate::countries::Countries;
use crate::thresholds::Thresholds;
use crate::watchlist::{Watchlist, WatchlistResult};

/// What a check came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding<R> {
    /// The result: a cell of the decision table.
    pub result: R,
    /// How clearly it passed, 0 to 1.
    pub score: f64,
    /// Why.
    pub evidence: Vec<String>,
    /// What compliance may know and the customer may not: which entry of the watchlist was near.
    pub confidential: Vec<String>,
}

impl<R> Finding<R> {
    /// A finding without anything confidential.
    fn new(result: R, score: f64, evidence: Vec<String>) -> Self {
        Self { result, score, evidence, confidential: Vec::new() }
    }
}

/// A result as the decision table and the answer write it.
pub trait CheckOutcome: Copy + Eq + Ord + 'static {
    /// The check's name.
    const CHECK: &'static str;
    /// All results, from the best to the worst.
    const ALL: &'static [Self];

    /// The result's name.
    fn as_str(self) -> &'static str;

    /// Whether the check passed.
    fn passed(self) -> bool;
}

/// What all five came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// At least 18.
    pub age: Finding<AgeResult>,
    /// The documents' name is the customer's.
    pub name: Finding<NameResult>,
    /// Not on the watchlist.
    pub watchlist: Finding<WatchlistResult>,
    /// An identity document that counts.
    pub document: Finding<DocumentResult>,
    /// An address where customers may live.
    pub address: Finding<AddressResult>,
}

/// The five results without their evidence: what the decision table decides on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Results {
    /// `AGE`.
    pub age: AgeResult,
    /// `NAME_CONSISTENCY`.
    pub name: NameResult,
    /// `WATCHLIST`.
    pub watchlist: WatchlistResult,
    /// `DOCUMENT`.
    pub document: DocumentResult,
    /// `ADDRESS`.
    pub address: AddressResult,
}

impl Findings {
    /// Checks a case.
    pub fn of(case: &Case, countries: &Countries, list: &Watchlist, thresholds: &Thresholds) -> Self {
        Self {
            age: age(case),
            name: name(case, thresholds),
            watchlist: watchlist(case, list, thresholds),
            document: document(case, countries, thresholds),
            address: address(case, countries, thresholds),
        }
    }

    /// The results.
    pub fn results(&self) -> Results {
        Results {
            age: self.age.result,
            name: self.name.result,
            watchlist: self.watchlist.result,
            document: self.document.result,
            address: self.address.result,
        }
    }

    /// As the customer is answered.
    pub fn answer(&self) -> Vec<CheckResult> {
        vec![
            self.age.answer(),
            self.name.answer(),
            self.watchlist.answer(),
            self.document.answer(),
            self.address.answer(),
        ]
    }

    /// What is for compliance only.
    pub fn confidential(&self) -> Vec<String> {
        self.watchlist.confidential.clone()
    }
}

impl<R: CheckOutcome> Finding<R> {
    fn answer(&self) -> CheckResult {
        CheckResult {
            check: R::CHECK.to_owned(),
            result: self.result.as_str().to_owned(),
            passed: self.result.passed(),
            score: two_digits(self.score),
            evidence: self.evidence.clone(),
        }
    }
}

/// Scores are told with two digits: more would be noise.
pub(crate) fn two_digits(share: f64) -> f64 {
    (share * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::samples::{TODAY, honest};
    use crate::{countries, watchlist as list};

    #[test]
    fn an_honest_customer_passes_all_five() {
        let countries = Countries::load(&countries::FILE).unwrap();
        let list = Watchlist::load(&list::FILE, &countries, TODAY).unwrap();
        let findings = Findings::of(&honest(), &countries, &list, &Thresholds::DEFAULT);
        let answer = findings.answer();
        assert_eq!(answer.iter().map(|check| check.check.as_str()).collect::<Vec<_>>(), shared::api::CHECKS);
        assert!(answer.iter().all(|check| check.passed && check.score > 0.99), "{answer:#?}");
        assert!(findings.confidential().is_empty());
    }

    #[test]
    fn no_evidence_repeats_a_value() {
        let countries = Countries::load(&countries::FILE).unwrap();
        let list = Watchlist::load(&list::FILE, &countries, TODAY).unwrap();
        let mut other = honest();
        other.customer.first_name = "Grace".into();
        other.customer.date_of_birth = "2010-02-03".into();
        for case in [honest(), other] {
            let findings = Findings::of(&case, &countries, &list, &Thresholds::DEFAULT);
            let text = format!("{:?}", findings.answer()).to_lowercase();
            for value in ["anna", "eriksson", "grace", "1974", "2010", "storgatan", "stockholm", "x1234567", "2032"] {
                assert!(!text.contains(value), "{value} in {text}");
            }
        }
    }
}
