//! The specimens that ICAO Doc 9303 prints, and each position of them changed.

use std::collections::BTreeSet;

use super::CheckDigit::{Composite, DateOfBirth, DateOfExpiry, DocumentNumber, OptionalData};
use super::*;
use jiff::civil::date;

mod generated;

const TODAY: Date = date(2026, 11, 23);

/// Part 4, appendix B.
const PASSPORT: [&str; 2] =
    ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
/// Part 5, appendix B.
const CARD: [&str; 3] =
    ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"];
/// Part 11, appendix D.2: a number of twelve characters.
const LONG_CARD: [&str; 3] =
    ["I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<"];
/// Part 6, appendix B.
const LARGE_CARD: [&str; 2] = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"];
/// Part 11, appendix D.2.
const LONG_LARGE_CARD: [&str; 2] = ["I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "D23145890<UTO3407127M95071227349<<<8"];

fn candidate(lines: &[String]) -> Candidate {
    match lines {
        [one, two, three] => Candidate::Td1([one.clone(), two.clone(), three.clone()]),
        [one, two] if one.len() == 36 => Candidate::Td2([one.clone(), two.clone()]),
        [one, two] => Candidate::Td3([one.clone(), two.clone()]),
        _ => panic!("a zone has two or three lines"),
    }
}

fn lines_of(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn read_lines(lines: &[&str]) -> Reading {
    read(&candidate(&lines_of(lines)), TODAY).expect("is a zone")
}

fn values(reading: &Reading) -> Vec<(&str, &str)> {
    reading.fields.iter().map(|(name, value, _)| (*name, value.as_str())).collect()
}

#[test]
fn specimens_field_by_field() {
    let eriksson = |code, number, more: &[(&'static str, &'static str)]| {
        let mut fields = vec![
            ("documentCode", code),
            ("issuingCountry", "UTO"),
            ("documentNumber", number),
            ("surname", "ERIKSSON"),
            ("givenNames", "ANNA MARIA"),
            ("nationality", "UTO"),
            ("dateOfBirth", "1974-08-12"),
            ("dateOfExpiry", "2012-04-15"),
            ("sex", "F"),
        ];
        fields.extend_from_slice(more);
        fields
    };
    let stevenson = vec![
        ("documentCode", "I"),
        ("issuingCountry", "UTO"),
        ("documentNumber", "D23145890734"),
        ("surname", "STEVENSON"),
        ("givenNames", "PETER JOHN"),
        ("nationality", "UTO"),
        ("dateOfBirth", "1934-07-12"),
        ("dateOfExpiry", "1995-07-12"),
        ("sex", "M"),
    ];
    for (lines, expected) in [
        (PASSPORT.as_slice(), eriksson("P", "L898902C3", &[("personalNumber", "ZE184226B")])),
        (&CARD, eriksson("I", "D23145890", &[])),
        (&LARGE_CARD, eriksson("I", "D23145890", &[])),
        (&LONG_CARD, stevenson.clone()),
        (&LONG_LARGE_CARD, stevenson),
    ] {
        let reading = read_lines(lines);
        assert_eq!(values(&reading), expected, "{lines:?}");
        assert_eq!((reading.failed, reading.remarks), (vec![], vec![]), "{lines:?}");
    }
}

/// What a check digit covers: the line and its positions, data and digit.
type Covered = (CheckDigit, usize, std::ops::Range<usize>);

/// Every position that a check digit covers, changed to every other digit (a letter to a digit of another value), is
/// rejected on exactly that check digit; the other positions leave all check digits as they are.
#[test]
fn every_position_of_every_specimen_is_rejected_on_its_check_digit() {
    let passport: &[Covered] = &[
        (DocumentNumber, 1, 0..10),
        (DateOfBirth, 1, 13..20),
        (DateOfExpiry, 1, 21..28),
        (OptionalData, 1, 28..43),
        (Composite, 1, 43..44),
    ];
    let card: &[Covered] = &[
        (DocumentNumber, 0, 5..15),
        (DateOfBirth, 1, 0..7),
        (DateOfExpiry, 1, 8..15),
        (Composite, 0, 15..30),
        (Composite, 1, 18..30),
    ];
    let large: &[Covered] =
        &[(DocumentNumber, 1, 0..10), (DateOfBirth, 1, 13..20), (DateOfExpiry, 1, 21..28), (Composite, 1, 28..36)];
    // The number goes on in the optional data: three more characters, their check digit and a filler.
    let long_card: &[Covered] = &[
        (DocumentNumber, 0, 5..20),
        (DateOfBirth, 1, 0..7),
        (DateOfExpiry, 1, 8..15),
        (Composite, 0, 20..30),
        (Composite, 1, 18..30),
    ];
    let long_large: &[Covered] = &[
        (DocumentNumber, 1, 0..10),
        (DateOfBirth, 1, 13..20),
        (DateOfExpiry, 1, 21..28),
        (DocumentNumber, 1, 28..33),
        (Composite, 1, 33..36),
    ];
    let mut tried = 0;
    for (lines, covered) in [
        (PASSPORT.as_slice(), passport),
        (&CARD, card),
        (&LARGE_CARD, large),
        (&LONG_CARD, long_card),
        (&LONG_LARGE_CARD, long_large),
    ] {
        for (line, text) in lines.iter().enumerate() {
            for position in 0..text.len() {
                let expected = covered.iter().find(|(_, at, range)| *at == line && range.contains(&position));
                for digit in b'0'..=b'9' {
                    tried += usize::from(change(lines, (line, position), digit, expected.map(|(digit, ..)| *digit)));
                }
            }
        }
    }
    assert!(tried > 2000, "{tried} changes are too few for five specimens");
}

/// Puts `digit` at a position and compares what is blamed; false where that changes nothing that a check digit sees.
fn change(lines: &[&str], (line, position): (usize, usize), digit: u8, expected: Option<CheckDigit>) -> bool {
    let mut changed = lines_of(lines);
    let before = changed[line].as_bytes()[position];
    // The check digits count modulo 10, with a filler as 0: by design they don't see a change to the same remainder.
    if weight(before) % 10 == weight(digit) % 10 && before != b'<' || (before == b'<' && digit == b'0') {
        return false;
    }
    changed[line].replace_range(position..=position, &char::from(digit).to_string());
    // A digit in place of a filler makes another number. If even its check digit is right by chance, only the composite
    // digit can tell.
    let expected = match expected {
        Some(DocumentNumber) if before == b'<' && number_holds(&changed) => Some(Composite),
        expected => expected,
    };
    let Some(reading) = read(&candidate(&changed), TODAY) else {
        assert_eq!((line, position), (0, 0), "only another document code is no zone: {changed:?}");
        return false;
    };
    let blamed = reading.blamed();
    assert_eq!(blamed, expected.into_iter().collect::<Vec<_>>(), "{changed:?}");
    for name in blamed.into_iter().filter_map(CheckDigit::field) {
        assert!(reading.fields.iter().all(|(field, ..)| *field != name), "{name} is returned: {changed:?}");
    }
    true
}

/// Whether the check digit of a card's number is right, wherever it stands.
fn number_holds(lines: &[String]) -> bool {
    let (number, optional) =
        if lines.len() == 3 { (&lines[0][5..15], &lines[0][15..]) } else { (&lines[1][..10], &lines[1][28..35]) };
    let (nine, digit) = number.split_at(9);
    let (text, digit) = match digit {
        "<" => {
            let rest = optional.split('<').next().unwrap();
            let (rest, digit) = rest.split_at(rest.len() - 1);
            (format!("{nine}{rest}"), digit)
        }
        digit => (nine.to_owned(), digit),
    };
    digit_of(&text).to_string() == digit
}

/// Part 3, section 4.9, by itself.
fn weight(character: u8) -> u32 {
    match character {
        b'0'..=b'9' => u32::from(character - b'0'),
        b'A'..=b'Z' => u32::from(character - b'A') + 10,
        _ => 0,
    }
}

fn digit_of(text: &str) -> char {
    let sum: u32 = text.bytes().zip([7, 3, 1].into_iter().cycle()).map(|(byte, by)| weight(byte) * by).sum();
    char::from_digit(sum % 10, 10).unwrap()
}

/// Where the crate is more lenient than Doc 9303, or has no rule.
#[test]
fn by_the_letter_of_doc_9303() {
    let with = |lines: &[&str], line: usize, at: usize, text: &str| {
        let mut changed = lines_of(lines);
        changed[line].replace_range(at..at + text.len(), text);
        read(&candidate(&changed), TODAY).unwrap().blamed()
    };
    let unused = "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<";
    for digit in ['<', '0'] {
        let line = format!("{unused}{digit}");
        let composite = digit_of(&format!("{}{}{}", &line[..10], &line[13..20], &line[21..43]));
        assert_eq!(read_lines(&[PASSPORT[0], &format!("{line}{composite}")]).failed, [], "unused, {digit}");
    }
    assert_eq!(with(&PASSPORT, 1, 42, "<"), [OptionalData], "used optional data need their digit");
    assert_eq!(with(&PASSPORT, 1, 9, "<"), [DocumentNumber], "a passport's number does not go on");
    assert_eq!(with(&CARD, 0, 14, "<"), [DocumentNumber], "a number that goes on nowhere");
    assert_eq!(with(&PASSPORT, 1, 0, "<"), [DocumentNumber], "a number begins with a character");
    for (lines, line, at, digit) in [
        (PASSPORT.as_slice(), 1, 19, DateOfBirth),
        (&PASSPORT, 1, 27, DateOfExpiry),
        (&PASSPORT, 1, 43, Composite),
        (&CARD, 1, 29, Composite),
        (&LARGE_CARD, 1, 35, Composite),
    ] {
        assert_eq!(with(lines, line, at, "<"), [digit], "{lines:?} at {at}");
    }
}

/// A filler within the nine characters of a number that goes on is a hyphen or a space; at their end it is a mistake.
#[test]
fn a_long_number_may_have_a_filler_within_its_field() {
    for (number, rest, expected) in [
        ("AB<123456", "789", Some("AB123456789")),
        ("AB<12345C", "7890", Some("AB12345C7890")),
        ("A<B<12345", "6", Some("AB123456")),
        ("AB123456<", "789", None),
        ("AB<12345<", "789", None),
    ] {
        let rest = format!("{rest}{}", digit_of(&format!("{number}{rest}")));
        let card = format!("I<UTO{number}<{rest:<<15}");
        let composite = digit_of(&format!("{}74081221204159<<<<<<<<<<<", &card[5..]));
        let second = format!("7408122F1204159UTO<<<<<<<<<<<{composite}");
        let large = format!("{number}<UTO7408122F1204159{rest:<<7}");
        let composite = digit_of(&format!("{number}<74081221204159{rest:<<7}"));
        let large = format!("{large}{composite}");
        for lines in [vec![card.as_str(), &second, CARD[2]], vec![LARGE_CARD[0], &large]] {
            let reading = read_lines(&lines);
            let value =
                values(&reading).into_iter().find(|(name, _)| *name == "documentNumber").map(|(_, value)| value);
            assert_eq!(value, expected, "{lines:?}");
            let failed = if expected.is_some() { vec![] } else { vec![DocumentNumber] };
            assert_eq!(reading.blamed(), failed, "{lines:?}");
        }
    }
}

#[test]
fn names_are_split_at_two_fillers_only() {
    for (line, surname, given_names, cut) in [
        ("P<UTOARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "ARKFREITH", "", false),
        ("P<UTOSATRIYA<SUDARPA<<<<<<<<<<<<<<<<<<<<<<<<", "SATRIYA SUDARPA", "", false),
        ("P<UTOVAN<DER<MUELLEN<<MARTIN<<<<<<<<<<<<<<<<", "VAN DER MUELLEN", "MARTIN", false),
        ("P<UTOPAPANDROPOULOUS<<JONATHON<WARREN<TREVOR", "PAPANDROPOULOUS", "JONATHON WARREN TREVOR", true),
        ("P<D<<MUELLER<<HANS<<PETER<<<<<<<<<<<<<<<<<<<", "MUELLER", "HANS PETER", false),
    ] {
        let reading = read_lines(&[line, PASSPORT[1]]);
        let value = |name| values(&reading).iter().find(|(field, _)| *field == name).map_or("", |(_, value)| *value);
        assert_eq!((value("surname"), value("givenNames")), (surname, given_names), "{line}");
        assert_eq!(reading.remarks.iter().any(|remark| remark.contains("cut off")), cut, "{line}");
    }
}

#[test]
fn what_is_unknown_is_left_out_and_told() {
    // Part 3, section 4.8: an unknown date of birth is all fillers, and its check digit 0.
    let line = "L898902C36UTO<<<<<<0F1204159ZE184226B<<<<<1";
    let composite = digit_of(&format!("{}{}{}", &line[..10], &line[13..20], &line[21..43]));
    let reading = read_lines(&["P<XQQERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", &format!("{line}{composite}")]);
    assert_eq!(reading.failed, []);
    assert!(values(&reading).iter().all(|(name, _)| *name != "dateOfBirth"));
    assert_eq!(
        reading.remarks,
        ["issuingCountry is no code of ISO 3166-1 or of ICAO Doc 9303", "dateOfBirth is not given in full"]
    );
}

#[test]
fn an_extraction_tells_the_digit_and_returns_nothing_as_verified() {
    let mut good = Extraction::default();
    extract(&PASSPORT.join("\n"), TODAY, &mut good);
    assert_eq!(good.warnings, Vec::<String>::new());
    let confidences: BTreeSet<String> = good.fields.iter().map(|field| field.confidence.to_string()).collect();
    assert_eq!(confidences, BTreeSet::from(["0.95".into(), "1".into()]));

    let mut bad = Extraction::default();
    bad.add("dateOfBirth", "1974-08-13", confidence::LABELLED);
    extract(&PASSPORT.join("\n").replace("740812", "740813"), TODAY, &mut bad);
    assert_eq!(bad.warnings, ["CHECK_DIGIT_FAILED: dateOfBirth"]);
    assert_eq!(bad.value("dateOfBirth"), None);
    assert!(bad.fields.iter().all(|field| field.confidence <= confidence::IN_DOUBTFUL_ZONE));

    let mut half = Extraction::default();
    extract(PASSPORT[0], TODAY, &mut half);
    assert_eq!((half.fields.len(), half.warnings.len()), (0, 1));

    let mut two = Extraction::default();
    let damaged = PASSPORT.join("\n").replace("740812", "740813");
    extract(&format!("{damaged}\n{}", CARD.join("\n")), TODAY, &mut two);
    assert_eq!(two.value("documentNumber"), Some("D23145890"), "the zone without a fault is the document's");
    assert_eq!(two.warnings.len(), 1);
}
