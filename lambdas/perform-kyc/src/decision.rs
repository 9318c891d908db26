//! From the five results to a status and a risk: a table of which the first row that matches decides.
//!
//! `DECISIONS.md` prints it; a test holds the two equal. What an officer would say stands beside each row. Two things hold
//! for all 540 combinations, and are tested: exactly one row decides each, and a worse result never leads to a better
//! status or a lower risk. What is rejected or lies with a human because somebody may not be who they say has a high risk.

pub use shared::api::{KycStatus as Status, RiskLevel};

use crate::checks::{AddressResult, AgeResult, CheckOutcome, DocumentResult, NameResult, Results};
use crate::watchlist::WatchlistResult;

/// A row: the results that it is about (none: any), and what follows.
#[derive(Clone, Copy, Debug)]
struct Pattern {
    age: Option<AgeResult>,
    name: Option<NameResult>,
    watchlist: Option<WatchlistResult>,
    document: Option<DocumentResult>,
    address: Option<AddressResult>,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pattern: Pattern,
    /// The status.
    pub status: Status,
    /// The risk.
    pub risk: RiskLevel,
    /// Why, in an officer's words.
    pub why: &'static str,
}

const ANY: Pattern = Pattern { age: None, name: None, watchlist: None, document: None, address: None };

const fn row(pattern: Pattern, status: Status, risk: RiskLevel, why: &'static str) -> Row {
    Row { pattern, status, risk, why }
}

/// The table.
pub const TABLE: [Row; 14] = {
    use RiskLevel::{High, Low, Medium};
    use Status::{Approved, Rejected, RequiresReview};
    [
        row(Pattern { age: Some(AgeResult::Minor), ..ANY }, Rejected, High, "No contract with a minor."),
        row(
            Pattern { watchlist: Some(WatchlistResult::Hit), ..ANY },
            Rejected,
            High,
            "No business with a listed person.",
        ),
        row(
            Pattern { document: Some(DocumentResult::Missing), ..ANY },
            Rejected,
            High,
            "Nobody knows who this is; there is nothing that a human could look at.",
        ),
        row(
            Pattern { document: Some(DocumentResult::Expired), ..ANY },
            Rejected,
            High,
            "An expired document proves nothing; a valid one may be uploaded.",
        ),
        row(
            Pattern { address: Some(AddressResult::Unsupported), ..ANY },
            Rejected,
            High,
            "No customers in this country.",
        ),
        row(
            Pattern { watchlist: Some(WatchlistResult::Possible), ..ANY },
            RequiresReview,
            High,
            "A human compares customer and entry.",
        ),
        row(
            Pattern { age: Some(AgeResult::Unproven), ..ANY },
            RequiresReview,
            High,
            "No identity document confirms the declared date of birth: unread, a slip, or somebody else's.",
        ),
        row(
            Pattern { name: Some(NameResult::Different), ..ANY },
            RequiresReview,
            High,
            "Somebody else's document, or a name that has changed.",
        ),
        row(
            Pattern { document: Some(DocumentResult::Faulty), ..ANY },
            RequiresReview,
            High,
            "Misread or forged: a human looks at the picture.",
        ),
        row(
            Pattern { document: Some(DocumentResult::Unverified), ..ANY },
            RequiresReview,
            Medium,
            "The document does not say enough by itself.",
        ),
        row(
            Pattern { name: Some(NameResult::Unclear), ..ANY },
            RequiresReview,
            Medium,
            "Spelling, or another person: a human compares.",
        ),
        row(
            Pattern { address: Some(AddressResult::Unclear), ..ANY },
            RequiresReview,
            Medium,
            "Where the customer lives has to be shown.",
        ),
        row(
            Pattern { address: Some(AddressResult::Elevated), ..ANY },
            Approved,
            Medium,
            "All in order, in a country that needs a closer look.",
        ),
        row(ANY, Approved, Low, "All in order."),
    ]
};

impl Row {
    /// Its place in the table, from 1.
    pub fn number(&self) -> u32 {
        let index = TABLE.iter().position(|row| row.why == self.why).unwrap_or(TABLE.len() - 1);
        u32::try_from(index + 1).unwrap_or(u32::MAX)
    }
}

impl Pattern {
    fn matches(self, results: Results) -> bool {
        self.age.is_none_or(|age| age == results.age)
            && self.name.is_none_or(|name| name == results.name)
            && self.watchlist.is_none_or(|watchlist| watchlist == results.watchlist)
            && self.document.is_none_or(|document| document == results.document)
            && self.address.is_none_or(|address| address == results.address)
    }

    fn cells(self) -> [&'static str; 5] {
        [cell(self.age), cell(self.name), cell(self.watchlist), cell(self.document), cell(self.address)]
    }
}

fn cell<R: CheckOutcome>(result: Option<R>) -> &'static str {
    result.map_or("any", R::as_str)
}

/// The row that decides.
pub fn decide(results: Results) -> &'static Row {
    // The last row matches everything, so that the fallback is never taken.
    TABLE.iter().find(|row| row.pattern.matches(results)).unwrap_or(&TABLE[TABLE.len() - 1])
}

/// The table as `DECISIONS.md` prints it.
pub fn markdown() -> String {
    let names =
        [AgeResult::CHECK, NameResult::CHECK, WatchlistResult::CHECK, DocumentResult::CHECK, AddressResult::CHECK];
    let header = format!("| # | {} | status | risk | why |", names.join(" | "));
    let mut lines = vec![header, "|---".repeat(names.len() + 4) + "|"];
    for (index, row) in TABLE.iter().enumerate() {
        let (status, risk) = (row.status.as_str(), row.risk.as_str());
        let cells = row.pattern.cells().join(" | ");
        lines.push(format!("| {} | {cells} | {status} | {risk} | {} |", index + 1, row.why));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Results = Results {
        age: AgeResult::Adult,
        name: NameResult::Consistent,
        watchlist: WatchlistResult::None,
        document: DocumentResult::Valid,
        address: AddressResult::Valid,
    };

    fn all() -> Vec<Results> {
        let mut all = Vec::new();
        for age in AgeResult::ALL.iter().copied() {
            for name in NameResult::ALL.iter().copied() {
                for watchlist in WatchlistResult::ALL.iter().copied() {
                    for document in DocumentResult::ALL.iter().copied() {
                        all.extend(AddressResult::ALL.iter().map(|address| Results {
                            age,
                            name,
                            watchlist,
                            document,
                            address: *address,
                        }));
                    }
                }
            }
        }
        all
    }

    #[test]
    fn the_document_prints_the_table() {
        let document = include_str!("../DECISIONS.md");
        let printed: Vec<_> = document.lines().filter(|line| line.starts_with('|')).collect();
        assert_eq!(printed.join("\n"), markdown(), "DECISIONS.md is stale: its table must be\n\n{}", markdown());
    }

    #[test]
    fn row_by_row() {
        use RiskLevel::{High, Low, Medium};
        use Status::{Approved, Rejected, RequiresReview};
        for (number, results, status, risk) in [
            (1, Results { age: AgeResult::Minor, ..GOOD }, Rejected, High),
            (2, Results { watchlist: WatchlistResult::Hit, ..GOOD }, Rejected, High),
            (3, Results { document: DocumentResult::Missing, ..GOOD }, Rejected, High),
            (4, Results { document: DocumentResult::Expired, ..GOOD }, Rejected, High),
            (5, Results { address: AddressResult::Unsupported, ..GOOD }, Rejected, High),
            (6, Results { watchlist: WatchlistResult::Possible, ..GOOD }, RequiresReview, High),
            (7, Results { age: AgeResult::Unproven, ..GOOD }, RequiresReview, High),
            (8, Results { name: NameResult::Different, ..GOOD }, RequiresReview, High),
            (9, Results { document: DocumentResult::Faulty, ..GOOD }, RequiresReview, High),
            (10, Results { document: DocumentResult::Unverified, ..GOOD }, RequiresReview, Medium),
            (11, Results { name: NameResult::Unclear, ..GOOD }, RequiresReview, Medium),
            (12, Results { address: AddressResult::Unclear, ..GOOD }, RequiresReview, Medium),
            (13, Results { address: AddressResult::Elevated, ..GOOD }, Approved, Medium),
            (14, GOOD, Approved, Low),
        ] {
            let row = decide(results);
            assert_eq!((row.number(), row.status, row.risk), (number, status, risk), "{results:?}");
        }
    }

    #[test]
    fn every_combination_has_one_row_and_every_row_a_combination() {
        let all = all();
        assert_eq!(all.len(), 540);
        let mut decided = [0; TABLE.len()];
        for results in all.iter().copied() {
            let first = TABLE.iter().position(|row| row.pattern.matches(results)).unwrap();
            assert_eq!(first + 1, decide(results).number() as usize, "{results:?}");
            decided[first] += 1;
        }
        assert!(decided.iter().all(|count| *count > 0), "rows that decide nothing: {decided:?}");
        assert_eq!(decided.iter().sum::<usize>(), all.len());
    }

    #[test]
    fn worse_results_never_lead_to_better_decisions() {
        let all = all();
        let no_better = |one: &Results, two: &Results| {
            one.age >= two.age
                && one.name >= two.name
                && one.watchlist >= two.watchlist
                && one.document >= two.document
                && one.address >= two.address
        };
        for two in &all {
            for one in all.iter().filter(|one| no_better(one, two)) {
                let (worse, better) = (decide(*one), decide(*two));
                assert!(worse.status >= better.status && worse.risk >= better.risk, "{one:?} {two:?}");
            }
        }
    }

    #[test]
    fn only_what_passed_is_approved() {
        for results in all() {
            let passed = results.age.passed()
                && results.name.passed()
                && results.watchlist.passed()
                && results.document.passed()
                && results.address.passed();
            assert_eq!(decide(results).status == Status::Approved, passed, "{results:?}");
        }
    }
}
