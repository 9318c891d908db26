//! `NAME_CONSISTENCY`: the identity documents carry the customer's name, by the Jaro-Winkler similarity of its words
//! (`names` says how they are compared).

use super::{CheckOutcome, Finding};
use crate::case::Case;
use crate::thresholds::Thresholds;

/// What the check comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameResult {
    /// The same name.
    Consistent,
    /// Alike, or there is nothing to compare with.
    Unclear,
    /// Another name.
    Different,
}

impl CheckOutcome for NameResult {
    const CHECK: &'static str = "NAME_CONSISTENCY";
    const ALL: &'static [Self] = &[Self::Consistent, Self::Unclear, Self::Different];

    fn as_str(self) -> &'static str {
        match self {
            Self::Consistent => "CONSISTENT",
            Self::Unclear => "UNCLEAR",
            Self::Different => "DIFFERENT",
        }
    }

    fn passed(self) -> bool {
        self == Self::Consistent
    }
}

/// Checks a case. Every identity document has to carry the name: the least alike decides.
pub fn check(case: &Case, thresholds: &Thresholds) -> Finding<NameResult> {
    let declared = case.customer.name();
    let mut evidence = Vec::new();
    let mut least: Option<f64> = None;
    for document in case.identity_documents() {
        let Some(name) = document.name() else {
            evidence.push(format!("document {}: no name was read", document.id));
            continue;
        };
        let likeness = declared.likeness(&name);
        evidence.push(format!("document {}: Jaro-Winkler {likeness:.2}", document.id));
        least = Some(least.map_or(likeness, |least| least.min(likeness)));
    }
    let Some(least) = least else {
        evidence.push("no identity document carries a name to compare with".to_owned());
        return Finding::new(NameResult::Unclear, 0.0, evidence);
    };
    evidence.push(format!("the same from {:.2}, another below {:.2}", thresholds.name, thresholds.name_review));
    let result = if least >= thresholds.name {
        NameResult::Consistent
    } else if least >= thresholds.name_review {
        NameResult::Unclear
    } else {
        NameResult::Different
    };
    Finding::new(result, least, evidence)
}

#[cfg(test)]
mod tests {
    use shared::tables::{DocumentType, field_names};

    use super::*;
    use crate::case::samples::{document, honest, passport, with};

    fn result(first: &str, last: &str) -> NameResult {
        let mut case = honest();
        (case.customer.first_name, case.customer.last_name) = (first.into(), last.into());
        check(&case, &Thresholds::DEFAULT).result
    }

    #[test]
    fn results() {
        use NameResult::{Consistent, Different, Unclear};
        for (first, last, expected) in [
            ("Anna", "Eriksson", Consistent),
            ("Maria Anna", "Eriksson", Consistent),
            ("Eriksson", "Anna", Consistent),
            ("Änna", "Ericsson", Consistent),
            ("Анна", "Эрикссон", Consistent),
            ("A", "Eriksson", Unclear),
            ("Anna", "Svensson", Unclear),
            ("Grace", "Hopper", Different),
            ("李", "小龙", Different),
        ] {
            assert_eq!(result(first, last), expected, "{first} {last}");
        }
    }

    #[test]
    fn the_least_alike_identity_document_decides_and_others_do_not() {
        let mut case = honest();
        let bill = [(field_names::FULL_NAME, "Grace Hopper")];
        case.documents.push(document("d-2", DocumentType::ProofOfAddress, &bill));
        assert_eq!(check(&case, &Thresholds::DEFAULT).result, NameResult::Consistent);
        case.documents.push(with(passport(), field_names::SURNAME, Some("HOPPER")));
        assert_eq!(check(&case, &Thresholds::DEFAULT).result, NameResult::Different);
    }

    #[test]
    fn a_full_name_counts_and_no_name_is_unclear() {
        let mut case = honest();
        case.documents = vec![document("d-1", DocumentType::IdCard, &[(field_names::FULL_NAME, "Eriksson, Anna M.")])];
        assert_eq!(check(&case, &Thresholds::DEFAULT).result, NameResult::Consistent);
        for documents in [vec![], vec![document("d-1", DocumentType::IdCard, &[])]] {
            case.documents = documents;
            assert_eq!(check(&case, &Thresholds::DEFAULT).result, NameResult::Unclear);
        }
    }
}
