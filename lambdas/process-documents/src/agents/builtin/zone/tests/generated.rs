//! Zones from a generator that computes its check digits by itself.

use proptest::prelude::*;

use super::*;

fn filled(text: &str, length: usize) -> String {
    format!("{text:<<length$}")
}

/// Everything that a zone holds.
#[derive(Clone, Debug)]
struct Holder {
    country: String,
    number: String,
    surname: String,
    given_names: String,
    born: Date,
    expires: Date,
    sex: char,
    optional: String,
}

fn two_digit(date: Date) -> String {
    date.strftime("%y%m%d").to_string()
}

impl Holder {
    fn names(&self, length: usize) -> String {
        filled(&format!("{}<<{}", self.surname, self.given_names).replace(' ', "<"), length)
    }

    /// The number's field, its check digit, and what of it goes into the optional data.
    fn number(&self) -> (String, char, String) {
        match self.number.get(9..) {
            None | Some("") => {
                let field = filled(&self.number, 9);
                let digit = digit_of(&field);
                (field, digit, self.optional.clone())
            }
            Some(rest) => {
                let rest = format!("{rest}{}<{}", digit_of(&self.number), self.optional);
                (self.number[..9].to_owned(), '<', rest)
            }
        }
    }

    fn dates(&self) -> (String, String) {
        let with_digit = |date| {
            let text = two_digit(date);
            format!("{text}{}", digit_of(&text))
        };
        (with_digit(self.born), with_digit(self.expires))
    }

    fn passport(&self) -> Vec<String> {
        let number = filled(&self.number[..self.number.len().min(9)], 9);
        let number = format!("{number}{}", digit_of(&number));
        let (born, expires) = self.dates();
        let optional = filled(&self.optional, 14);
        let optional_digit = if self.optional.is_empty() { '<' } else { digit_of(&optional) };
        let composite = digit_of(&format!("{number}{born}{expires}{optional}{optional_digit}"));
        let country = filled(&self.country, 3);
        vec![
            format!("P<{country}{}", self.names(39)),
            format!("{number}{country}{born}{}{expires}{optional}{optional_digit}{composite}", self.sex),
        ]
    }

    fn card(&self) -> Vec<String> {
        let (number, digit, rest) = self.number();
        let (born, expires) = self.dates();
        let country = filled(&self.country, 3);
        let first = format!("I<{country}{number}{digit}{}", filled(&rest, 15));
        let second = "<".repeat(11);
        let composite = digit_of(&format!("{}{born}{expires}{second}", &first[5..]));
        vec![first, format!("{born}{}{expires}{country}{second}{composite}", self.sex), self.names(30)]
    }

    fn large_card(&self) -> Vec<String> {
        let (number, digit, rest) = self.number();
        let (born, expires) = self.dates();
        let country = filled(&self.country, 3);
        let rest = filled(&rest, 7);
        let composite = digit_of(&format!("{number}{digit}{born}{expires}{rest}"));
        vec![
            format!("I<{country}{}", self.names(31)),
            format!("{number}{digit}{country}{born}{}{expires}{rest}{composite}", self.sex),
        ]
    }
}

fn holder() -> impl Strategy<Value = Holder> {
    (
        prop::sample::select(vec!["D", "UTO", "FRA", "GBD", "XXA"]),
        // A hyphen or a space within a number is a filler.
        "[A-Z0-9]{2,4}<?[A-Z0-9]{3,7}",
        "[A-Z]{2,8}( [A-Z]{2,5})?",
        "[A-Z]{2,6}( [A-Z]{2,4})?",
        0..36_000_i32,
        0..15_000_i32,
        prop::sample::select(vec!['M', 'F', '<']),
        "([A-Z0-9]{1,2})?",
    )
        .prop_map(|(country, number, surname, given_names, age, left, sex, optional)| Holder {
            country: country.to_owned(),
            number,
            surname,
            given_names,
            born: TODAY.saturating_sub(jiff::Span::new().days(age)),
            expires: TODAY.saturating_add(jiff::Span::new().days(left - 5_000)),
            sex,
            optional,
        })
}

proptest! {
    #[test]
    fn a_valid_zone_comes_back(holder in holder()) {
        for (zone, name) in [
            (holder.passport(), "personalNumber"),
            (holder.card(), "optionalData"),
            (holder.large_card(), "optionalData"),
        ] {
            let found = find::find(&zone.join("\n"));
            prop_assert_eq!(found.candidates.len(), 1, "{:?}", zone);
            let reading = read(&found.candidates[0], TODAY).unwrap();
            prop_assert_eq!(&reading.failed, &vec![], "{:?}", zone);
            prop_assert_eq!(&reading.remarks, &Vec::<String>::new(), "{:?}", zone);
            let passport = name == "personalNumber";
            let country = if holder.country == "D" { "DEU" } else { &holder.country };
            let number = if passport { &holder.number[..holder.number.len().min(9)] } else { &holder.number };
            let number = number.replace('<', "");
            let (born, expires) = (holder.born.to_string(), holder.expires.to_string());
            let mut expected = vec![
                ("documentCode", if passport { "P" } else { "I" }),
                ("issuingCountry", country),
                ("documentNumber", &number),
                ("surname", &holder.surname),
                ("givenNames", &holder.given_names),
                ("nationality", country),
                ("dateOfBirth", &born),
                ("dateOfExpiry", &expires),
                ("sex", if holder.sex == '<' { "X" } else if holder.sex == 'M' { "M" } else { "F" }),
            ];
            if !holder.optional.is_empty() {
                expected.push((name, &holder.optional));
            }
            prop_assert_eq!(values(&reading), expected, "{:?}", zone);
        }
    }

    #[test]
    fn no_candidate_panics(one in "[PIAC0-9<A-Z]{30}", two in "[0-9<A-Z]{30}", three in "[A-Z0-9<]{30}") {
        let _ = read(&Candidate::Td1([one.clone(), two.clone(), three.clone()]), TODAY);
        let wide = |text: &str, length: usize| filled(text, length);
        let _ = read(&Candidate::Td2([wide(&one, 36), wide(&two, 36)]), TODAY);
        let _ = read(&Candidate::Td3([wide(&one, 44), wide(&three, 44)]), TODAY);
        // Lines that no finder would hand over.
        let _ = read(&Candidate::Td3([two, "Ä".repeat(22)]), TODAY);
    }
}
