//! Where in a text a machine-readable zone may stand: lines of 30, 36 or 44 characters of its alphabet that follow each
//! other, or all of them on one line. Whether it is one is for the check digits to say.

/// How many candidates are read in one document. A document has one zone; a page of them is no document.
const LIMIT_CANDIDATES: usize = 16;

/// How many other lines may stand between two lines of a zone: what reads a page may leave empty ones there.
const LIMIT_GAP: usize = 2;

/// The lines of what may be a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// Three lines of 30: cards. Source: ICAO Doc 9303, part 5.
    Td1([String; 3]),
    /// Two lines of 36: larger cards. Source: ICAO Doc 9303, part 6.
    Td2([String; 2]),
    /// Two lines of 44: passports. Source: ICAO Doc 9303, part 4.
    Td3([String; 2]),
}

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order of the text.
    pub candidates: Vec<Candidate>,
    /// A first line without what must follow it.
    pub incomplete: bool,
}

/// A piece of a line that has a zone's alphabet and length.
#[derive(Debug)]
struct Piece {
    line: usize,
    text: String,
}

/// Finds the candidates.
pub fn find(text: &str) -> Found {
    let pieces: Vec<Piece> =
        text.lines().enumerate().flat_map(|(line, content)| pieces(content, line)).take(LIMIT_CANDIDATES * 3).collect();
    let mut found = Found::default();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        if found.candidates.len() == LIMIT_CANDIDATES {
            break;
        }
        let Some((length, lines)) = format_of(&piece.text) else {
            at += 1;
            continue;
        };
        let block: Vec<String> = pieces[at..]
            .iter()
            .take(lines)
            .enumerate()
            .take_while(|(index, next)| next.text.len() == length && next.line <= piece.line + index * (LIMIT_GAP + 1))
            .map(|(_, next)| next.text.clone())
            .collect();
        if let Some(candidate) = candidate(block) {
            found.candidates.push(candidate);
            at += lines;
        } else {
            // Only fillers tell half a zone from any other word of that length.
            found.incomplete |= piece.text.contains("<<");
            at += 1;
        }
    }
    found
}

fn candidate(block: Vec<String>) -> Option<Candidate> {
    let length = block.first()?.len();
    match (length, block.len()) {
        (30, 3) => <[String; 3]>::try_from(block).ok().map(Candidate::Td1),
        (36, 2) => <[String; 2]>::try_from(block).ok().map(Candidate::Td2),
        (44, 2) => <[String; 2]>::try_from(block).ok().map(Candidate::Td3),
        _ => None,
    }
}

/// The length of the lines and their number, if `line` can be the first line of a zone: the document code says so.
fn format_of(line: &str) -> Option<(usize, usize)> {
    let code = line.as_bytes().first()?;
    match (line.len(), code) {
        (30, b'A' | b'C' | b'I') => Some((30, 3)),
        (36, b'A' | b'C' | b'I') => Some((36, 2)),
        (44, b'P') => Some((44, 2)),
        _ => None,
    }
}

fn in_alphabet(character: char) -> bool {
    matches!(character, 'A'..='Z' | '0'..='9' | '<')
}

/// The pieces of one line that have a zone's length. A page reader may put spaces between the characters of a zone, so
/// a line that is nothing but alphabet and spaces counts without them too.
fn pieces(content: &str, line: usize) -> Vec<Piece> {
    let cut = |text: &str| -> Vec<Piece> {
        let length = match text.len() {
            90 => 30,
            72 => 36,
            88 => 44,
            length @ (30 | 36 | 44) => length,
            _ => return Vec::new(),
        };
        // All of it is ASCII, so every index is a character's.
        (0..text.len()).step_by(length).map(|at| Piece { line, text: text[at..at + length].to_owned() }).collect()
    };
    let words: Vec<Piece> = content.split(|c| !in_alphabet(c)).flat_map(cut).collect();
    if !words.is_empty() || content.len() > 400 {
        return words;
    }
    let joined: String = content.chars().filter(|c| !c.is_whitespace()).collect();
    if joined.chars().all(in_alphabet) { cut(&joined) } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PASSPORT: [&str; 2] =
        ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
    const CARD: [&str; 3] =
        ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"];
    const LARGE_CARD: [&str; 2] = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"];

    fn spaced(line: &str) -> String {
        line.chars().map(|c| format!("{c} ")).collect()
    }

    #[test]
    fn zones_are_found_wherever_they_stand() {
        let passport = Candidate::Td3(PASSPORT.map(String::from));
        let card = Candidate::Td1(CARD.map(String::from));
        let large = Candidate::Td2(LARGE_CARD.map(String::from));
        for (text, expected) in [
            (PASSPORT.join("\n"), vec![passport.clone()]),
            (format!("Republic of Utopia\n\n  {}  \r\n\r\n{}\nend", PASSPORT[0], PASSPORT[1]), vec![passport.clone()]),
            (PASSPORT.concat(), vec![passport.clone()]),
            (format!("MRZ: {} {}", PASSPORT[0], PASSPORT[1]), vec![passport.clone()]),
            (PASSPORT.map(spaced).join("\n"), vec![passport.clone()]),
            (CARD.join("\n"), vec![card.clone()]),
            (CARD.concat(), vec![card.clone()]),
            (LARGE_CARD.join("\n"), vec![large.clone()]),
            (LARGE_CARD.concat(), vec![large.clone()]),
            (
                format!("{}\n{}\n{}", CARD.join("\n"), PASSPORT.join("\n"), LARGE_CARD.join("\n")),
                vec![card, passport, large],
            ),
        ] {
            let found = find(&text);
            assert_eq!(found.candidates, expected, "{text}");
            assert!(!found.incomplete, "{text}");
        }
    }

    #[test]
    fn half_a_zone_is_told_and_a_long_word_is_not() {
        for (text, incomplete) in [
            (PASSPORT[0].to_owned(), true),
            (CARD[..2].join("\n"), true),
            (format!("{}\n\n\n\n\n{}", PASSPORT[0], PASSPORT[1]), true),
            ("A".repeat(30), false),
            (PASSPORT[1].to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(find(&text), Found { candidates: Vec::new(), incomplete }, "{text}");
        }
    }

    #[test]
    fn a_page_of_zones_ends() {
        let text = format!("{}\n", PASSPORT.join("\n")).repeat(1000);
        assert_eq!(find(&text).candidates.len(), LIMIT_CANDIDATES);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s).{0,400}") {
            let _ = find(&text);
        }

        #[test]
        fn nothing_like_a_zone_panics(text in "[PIACX0-9<\n ]{0,400}") {
            let _ = find(&text);
        }
    }
}
