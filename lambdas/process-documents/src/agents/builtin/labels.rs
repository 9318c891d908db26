//! The labels that forms and documents print, and the fields that they stand for.

use crate::agents::field;

/// Labels in lower case without anything between their letters, so that `Date of birth`, `date_of_birth` and
/// `dateOfBirth` are one.
const LABELS: &[(&str, &[&str])] = &[
    (
        field::DOCUMENT_NUMBER,
        &[
            "documentnumber",
            "documentno",
            "documentid",
            "docno",
            "passportnumber",
            "passportno",
            "idnumber",
            "idno",
            "idcardnumber",
            "identitycardnumber",
            "cardnumber",
            "cardno",
            "licencenumber",
            "licencenr",
            "licenseno",
            "licensenumber",
            "licenceno",
            "driverlicensenumber",
            "driverslicensenumber",
            "drivinglicencenumber",
            "dlnumber",
            "dlno",
            "permitnumber",
        ],
    ),
    (field::DOCUMENT_CODE, &["documentcode"]),
    (field::SURNAME, &["surname", "surnames", "lastname", "familyname", "primaryidentifier"]),
    (
        field::GIVEN_NAMES,
        &["givennames", "givenname", "firstname", "firstnames", "forename", "forenames", "secondaryidentifier"],
    ),
    (field::FULL_NAME, &["fullname", "name", "customername", "accountholder", "holdersname", "nameofholder", "holder"]),
    (field::DATE_OF_BIRTH, &["dateofbirth", "birthdate", "dob", "birthday", "born", "bornon"]),
    (
        field::DATE_OF_EXPIRY,
        &[
            "dateofexpiry",
            "dateofexpiration",
            "expirydate",
            "expirationdate",
            "expires",
            "expireson",
            "expiry",
            "exp",
            "validuntil",
            "validthru",
            "validto",
        ],
    ),
    (field::DATE_OF_ISSUE, &["dateofissue", "issuedate", "issued", "issuedon", "dateissued", "iss"]),
    (field::NATIONALITY, &["nationality", "citizenship"]),
    (
        field::ISSUING_COUNTRY,
        &["issuingcountry", "issuingstate", "countryofissue", "codeofissuingstate", "countrycode"],
    ),
    (field::SEX, &["sex", "gender"]),
    (
        field::PERSONAL_NUMBER,
        &["personalnumber", "personalno", "personalidnumber", "nationalid", "nationalidnumber", "identificationnumber"],
    ),
    (field::PLACE_OF_BIRTH, &["placeofbirth", "birthplace"]),
    (field::ISSUING_AUTHORITY, &["issuingauthority", "authority", "issuedby"]),
    (
        field::ADDRESS,
        &["address", "homeaddress", "residentialaddress", "postaladdress", "permanentaddress", "residence"],
    ),
    (field::STREET, &["street", "streetaddress", "addressline1", "addressline", "line1"]),
    (field::CITY, &["city", "town", "locality"]),
    (field::POSTAL_CODE, &["postalcode", "postcode", "zip", "zipcode"]),
    (field::REGION, &["region", "state", "province", "county"]),
    (field::COUNTRY, &["country", "countryofresidence"]),
    (field::EMAIL, &["email", "emailaddress", "mail"]),
    (
        field::PHONE,
        &["phone", "phonenumber", "telephone", "telephonenumber", "tel", "mobile", "mobilenumber", "mobilephone"],
    ),
];

/// A label is a few words; what is longer is a sentence.
const LIMIT_CHARACTERS: usize = 60;

/// The field that a label stands for. A label may be printed in two languages, `Surname / Nom`: the first known one
/// counts.
pub fn field_of(label: &str) -> Option<&'static str> {
    if label.chars().count() > LIMIT_CHARACTERS {
        return None;
    }
    label.split(['/', '(', '|', ')']).find_map(|part| {
        let letters = letters(part);
        LABELS.iter().find(|(_, labels)| labels.contains(&letters.as_str())).map(|(name, _)| *name)
    })
}

/// Whether a label does no more than count lines: those of an address, or of a machine-readable zone.
pub fn is_numbered_line(label: &str) -> bool {
    letters(label) == "line1"
}

fn letters(label: &str) -> String {
    label.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn spellings_of_a_label() {
        for (label, expected) in [
            ("Surname", Some("surname")),
            ("SURNAME ", Some("surname")),
            ("last_name", Some("surname")),
            ("1. Surname", None),
            ("Date of birth", Some("dateOfBirth")),
            ("dateOfBirth", Some("dateOfBirth")),
            ("D.O.B.", Some("dateOfBirth")),
            ("Nom / Surname", Some("surname")),
            ("Date of expiry (4b)", Some("dateOfExpiry")),
            ("Passport No.", Some("documentNumber")),
            ("E-mail", Some("email")),
            ("Zip code", Some("postalCode")),
            ("The name of the rose", None),
            ("", None),
            (":", None),
        ] {
            assert_eq!(field_of(label), expected, "{label}");
        }
    }

    #[test]
    fn a_numbered_line_is_an_address_or_not() {
        for (label, expected) in [("line1", true), ("Line 1", true), ("addressLine1", false), ("line2", false)] {
            assert_eq!(is_numbered_line(label), expected, "{label}");
        }
    }

    #[test]
    fn every_label_stands_for_one_field_and_is_reachable() {
        let mut seen = BTreeSet::new();
        for (name, labels) in LABELS {
            for label in *labels {
                assert!(seen.insert(label), "{label} is listed twice");
                assert_eq!(field_of(label), Some(*name));
            }
        }
    }
}
