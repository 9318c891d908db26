//! `ADDRESS`: there is one, customers may live in its country, and no document shows another.

use shared::events::Address;
use shared::tables::field_names;

use super::{CheckOutcome, Finding};
use crate::case::{Case, Document};
use crate::countries::{Countries, Country, CountryRisk};
use crate::names::{Word, likeness, words};
use crate::thresholds::Thresholds;

/// What the check comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressResult {
    /// In a country of low risk.
    Valid,
    /// In a country that needs a closer look at prices and limits, but no human.
    Elevated,
    /// Missing, without a country, or not what the documents show.
    Unclear,
    /// In a country where the insurer takes no customers.
    Unsupported,
}

impl CheckOutcome for AddressResult {
    const CHECK: &'static str = "ADDRESS";
    const ALL: &'static [Self] = &[Self::Valid, Self::Elevated, Self::Unclear, Self::Unsupported];

    fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::Elevated => "ELEVATED",
            Self::Unclear => "UNCLEAR",
            Self::Unsupported => "UNSUPPORTED",
        }
    }

    fn passed(self) -> bool {
        matches!(self, Self::Valid | Self::Elevated)
    }
}

/// An address as far as it is understood.
#[derive(Clone, Debug)]
pub struct Residence<'a> {
    /// Its words without the country.
    words: Vec<Word>,
    /// The numbers among them: house and postal code.
    numbers: Vec<String>,
    /// Its country.
    pub country: Option<&'a Country>,
}

impl<'a> Residence<'a> {
    fn of_text(text: &str, countries: &'a Countries) -> Self {
        match countries.at_end_of(text) {
            Some((country, rest)) => Self::new(rest, Some(country)),
            None => Self::new(text, None),
        }
    }

    fn of_declared(address: &Address, countries: &'a Countries) -> Self {
        let lines = match address {
            Address::Text(text) => return Self::of_text(text, countries),
            Address::Lines(lines) => lines,
        };
        let names_country = |key: &str| ["country", "countrycode"].contains(&key.to_ascii_lowercase().as_str());
        let country = lines.iter().filter(|(key, _)| names_country(key)).find_map(|(_, line)| countries.find(line));
        let rest: Vec<_> = lines.iter().filter(|(key, _)| !names_country(key)).map(|(_, line)| line.as_str()).collect();
        Self::new(&rest.join(" "), country)
    }

    fn of_document(document: &Document, countries: &'a Countries) -> Option<Self> {
        let mut residence = Self::of_text(document.value(field_names::ADDRESS)?, countries);
        let named = document.value(field_names::COUNTRY).and_then(|country| countries.find(country));
        residence.country = residence.country.or(named);
        Some(residence)
    }

    fn new(text: &str, country: Option<&'a Country>) -> Self {
        let numbers = text.split(|letter: char| !letter.is_ascii_alphanumeric());
        let numbers = numbers.filter(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
        Self { words: words(text), numbers: numbers.map(str::to_ascii_lowercase).collect(), country }
    }

    /// How alike two addresses are. House number and postal code must not contradict each other: one digit is another
    /// house.
    fn likeness(&self, other: &Self) -> f64 {
        let (fewer, more) = if self.numbers.len() <= other.numbers.len() { (self, other) } else { (other, self) };
        let countries_differ = self.country.zip(other.country).is_some_and(|(one, two)| one != two);
        if countries_differ || !fewer.numbers.iter().all(|number| more.has_number(number)) {
            return 0.0;
        }
        likeness(&self.words, &other.words)
    }

    /// Whether the number occurs, as it is or written in two parts (`114 55`).
    fn has_number(&self, number: &str) -> bool {
        let in_parts = |pair: &[String]| number.strip_prefix(pair[0].as_str()) == Some(pair[1].as_str());
        self.numbers.iter().any(|own| own == number) || self.numbers.windows(2).any(in_parts)
    }
}

/// Where the customer lives: the declared address, or a document's where none was declared. A country that the declared
/// one leaves out is taken from a document with the same address.
pub fn residence<'a>(case: &Case, countries: &'a Countries, thresholds: &Thresholds) -> Option<Residence<'a>> {
    let documented = || case.documents.iter().filter_map(|document| Residence::of_document(document, countries));
    let Some(address) = &case.customer.address else {
        return documented().max_by_key(|residence| residence.country.is_some());
    };
    let mut declared = Residence::of_declared(address, countries);
    if declared.country.is_none() {
        let same = documented().find(|other| other.country.is_some() && declared.likeness(other) >= thresholds.address);
        declared.country = same.and_then(|same| same.country);
    }
    Some(declared)
}

/// Checks a case. One document that shows the address is enough.
pub fn check(case: &Case, countries: &Countries, thresholds: &Thresholds) -> Finding<AddressResult> {
    let unclear = |reason: &str| Finding::new(AddressResult::Unclear, 0.0, vec![reason.to_owned()]);
    let Some(residence) = residence(case, countries, thresholds) else {
        return unclear("there is no address; a document that shows one is needed");
    };
    if residence.words.is_empty() {
        return unclear("the address has nothing but a country");
    }
    let Some(country) = residence.country else {
        return unclear("the address names no known country; a document that shows it with its country is needed");
    };
    let mut evidence = vec![format!("country {}: risk {}", country.alpha2, country.risk.as_str())];
    if !country.supported {
        evidence.push("the insurer takes no customers there".to_owned());
        return Finding::new(AddressResult::Unsupported, 0.0, evidence);
    }
    let mut best: Option<f64> = None;
    for document in &case.documents {
        let Some(other) = Residence::of_document(document, countries) else { continue };
        let likeness = residence.likeness(&other);
        evidence.push(format!("document {}: Jaro-Winkler {likeness:.2}", document.id));
        best = Some(best.map_or(likeness, |best| best.max(likeness)));
    }
    let score = best.unwrap_or(1.0);
    if best.is_some() {
        evidence.push(format!("the same from {:.2}", thresholds.address));
    }
    let result = match (score >= thresholds.address, country.risk) {
        (false, _) => AddressResult::Unclear,
        (true, CountryRisk::Low) => AddressResult::Valid,
        (true, _) => AddressResult::Elevated,
    };
    Finding::new(result, score, evidence)
}

#[cfg(test)]
mod tests {
    use shared::tables::DocumentType;

    use super::*;
    use crate::case::samples::{document, honest};
    use crate::countries;

    fn text(text: &str) -> Address {
        Address::Text(text.into())
    }

    fn lines(lines: &[(&str, &str)]) -> Address {
        Address::Lines(lines.iter().map(|(key, line)| ((*key).to_owned(), (*line).to_owned())).collect())
    }

    fn result(address: Option<Address>, on_bill: Option<&[(&str, &str)]>) -> AddressResult {
        let countries = Countries::load(&countries::FILE).unwrap();
        let mut case = honest();
        case.customer.address = address;
        case.documents.extend(on_bill.map(|fields| document("d-2", DocumentType::ProofOfAddress, fields)));
        check(&case, &countries, &Thresholds::DEFAULT).result
    }

    #[test]
    fn declared_addresses() {
        use AddressResult::{Elevated, Unclear, Unsupported, Valid};
        for (address, expected) in [
            (Some(text("Storgatan 5, 11455 Stockholm, Sweden")), Valid),
            (Some(text("Storgatan 5, 11455 Stockholm, Sverige")), Valid),
            (Some(lines(&[("street", "Storgatan 5"), ("city", "Stockholm"), ("country", "SE")])), Valid),
            (Some(lines(&[("city", "Stockholm"), ("countryCode", "swe")])), Valid),
            (Some(text("Rua Augusta 12, São Paulo, Brasil")), Elevated),
            (Some(text("Storgatan 5, 11455 Stockholm")), Unclear),
            (Some(text("1 Market St, San Francisco, CA")), Unclear),
            (Some(text("Sweden")), Unclear),
            (Some(lines(&[("country", "SE")])), Unclear),
            (Some(lines(&[("city", "Amaurot"), ("country", "Utopia")])), Unclear),
            (None, Unclear),
            (Some(text("1 Ryongnam Road, Pyongyang, Korea, Democratic People's Republic of")), Unsupported),
            (Some(text("Sejong-daero 110, Seoul, Korea, Republic of")), Valid),
            (Some(text("Korea, Republic of")), Unclear),
            (Some(lines(&[("city", "Pyongyang"), ("country", "KP")])), Unsupported),
            (Some(text("Main Road 1, Andorra la Vella, Andorra")), Unsupported),
        ] {
            assert_eq!(result(address.clone(), None), expected, "{address:?}");
        }
    }

    #[test]
    fn documents_confirm_contradict_or_supply_the_address() {
        use AddressResult::{Unclear, Unsupported, Valid};
        let declared = "Storgatan 5, 11455 Stockholm, Sweden";
        for (address, on_bill, expected) in [
            (Some(text(declared)), vec![("address", "STORGATAN 5 11455 STOCKHOLM")], Valid),
            (Some(text(declared)), vec![("address", "Storgatan 5, 114 55 Stockholm, Sweden")], Valid),
            (Some(text(declared)), vec![("address", "Storgatan 7, 11455 Stockholm, Sweden")], Unclear),
            (Some(text(declared)), vec![("address", "Kungsgatan 5, 41111 Göteborg, Sweden")], Unclear),
            (Some(text(declared)), vec![("address", "Storgatan 5, 11455 Stockholm"), ("country", "NOR")], Unclear),
            (
                Some(text("Storgatan 5, Stockholm")),
                vec![("address", "Storgatan 5, Stockholm"), ("country", "SWE")],
                Valid,
            ),
            (Some(text("Storgatan 5, Stockholm")), vec![("address", "Kungsgatan 1, Göteborg, Sweden")], Unclear),
            (
                Some(text("Sejong-daero 110, Seoul, Korea, Republic of")),
                vec![("address", "Sejong-daero 110, Seoul"), ("country", "KOR")],
                Valid,
            ),
            (None, vec![("address", declared)], Valid),
            (None, vec![("address", "Main Road 1, Andorra la Vella, Andorra")], Unsupported),
            (None, vec![("address", "Storgatan 5, Stockholm")], Unclear),
        ] {
            assert_eq!(result(address.clone(), Some(&on_bill)), expected, "{address:?} {on_bill:?}");
        }
    }
}
