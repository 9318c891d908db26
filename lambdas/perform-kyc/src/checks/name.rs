//! `NAME_CONSISTENCY`: the identity documents carry the customer's name, by the Jaro-Winkler similarity of its words
//! (`names` says how they are compared).

use super::{CheckOutcome, Finding};
use crate::case::Case;
use crate::names::Comparison;
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
    let mut worst: Option<(NameResult, f64)> = None;
    for document in case.identity_documents() {
        let Some(name) = document.name() else {
            evidence.push(format!("document {}: no name was read", document.id));
            continue;
        };
        let (result, score, remark) = judge(declared.compare(&name), thresholds);
        evidence.push(format!("document {}: {remark}", document.id));
        let worse = worst.is_none_or(|(worst, least)| (worst, -least) < (result, -score));
        worst = if worse { Some((result, score)) } else { worst };
    }
    let Some((result, score)) = worst else {
        evidence.push("no identity document carries a name to compare with".to_owned());
        return Finding::new(NameResult::Unclear, 0.0, evidence);
    };
    evidence.push(format!("the same from {:.2}, another below {:.2}", thresholds.name, thresholds.name_review));
    Finding::new(result, score, evidence)
}

/// What a comparison comes to, its score and its words.
fn judge(comparison: Comparison, thresholds: &Thresholds) -> (NameResult, f64, String) {
    let Comparison { likeness, covered } = comparison;
    let remark = format!("Jaro-Winkler {likeness:.2}");
    if likeness < thresholds.name_review {
        (NameResult::Different, likeness, remark)
    } else if likeness < thresholds.name {
        (NameResult::Unclear, likeness, remark)
    } else if comparison.is_thin() {
        (NameResult::Unclear, covered, format!("{remark}, over {covered:.2} of the longer name"))
    } else {
        (NameResult::Consistent, likeness, remark)
    }
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
    fn a_particle_of_a_family_name_is_not_the_name() {
        use NameResult::{Consistent, Unclear};
        for (last, surname, expected) in [
            ("De", "DE LA CRUZ", Unclear),
            ("De la", "DE LA CRUZ", Unclear),
            ("De la Cruz", "DE LA CRUZ", Consistent),
            ("Cruz", "DE LA CRUZ", Consistent),
            ("García", "GARCIA MARQUEZ", Consistent),
            ("Li", "LI HERNANDEZ", Unclear),
        ] {
            let mut case = honest();
            case.customer.last_name = last.into();
            case.documents = vec![with(passport(), field_names::SURNAME, Some(surname))];
            let finding = check(&case, &Thresholds::DEFAULT);
            assert_eq!(finding.result, expected, "{last} {surname}");
            assert_eq!(finding.score > 0.88, expected == Consistent, "{last} {surname}");
        }
    }

    #[test]
    fn a_whole_name_stands_in_for_a_missing_part() {
        use NameResult::{Consistent, Different};
        for (given_names, surname, whole, expected) in [
            (None, Some("ERIKSSON"), Some("Anna Eriksson"), Consistent),
            (Some("ANNA"), None, Some("Anna Eriksson"), Consistent),
            (None, None, Some("Anna Eriksson"), Consistent),
            (Some("ANNA"), Some("ERIKSSON"), Some("A. Eriksson, M.Sc."), Consistent),
            (Some("GRACE"), Some("HOPPER"), Some("Anna Eriksson"), Different),
            (None, Some("ERIKSSON"), Some("Grace Hopper"), Different),
            (None, Some("ERIKSSON"), None, Different),
        ] {
            let mut document = with(passport(), field_names::GIVEN_NAMES, given_names);
            document = with(document, field_names::SURNAME, surname);
            document = with(document, field_names::FULL_NAME, whole);
            let case = Case { documents: vec![document], ..honest() };
            let result = check(&case, &Thresholds::DEFAULT).result;
            assert_eq!(result, expected, "{given_names:?} {surname:?} {whole:?}");
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
