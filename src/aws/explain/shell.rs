//! Words for sh: quoted, with variables where a value must not or cannot be written.

use std::fmt::Write;

/// Around a variable's name inside a value: characters that no request holds (Unicode's private use).
const MARKS: [char; 2] = ['\u{e000}', '\u{e001}'];

/// A value that is shown as `"$NAME"`.
pub fn variable(name: &str) -> String {
    let name: String = name
        .chars()
        .enumerate()
        .flat_map(|(index, letter)| {
            let begins = index > 0 && letter.is_ascii_uppercase() && name.chars().any(char::is_lowercase);
            let letter = if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
            begins.then_some('_').into_iter().chain([letter])
        })
        .collect();
    format!("{}{name}{}", MARKS[0], MARKS[1])
}

/// The variables in a text.
pub fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split(MARKS[0]).skip(1).filter_map(|rest| rest.split(MARKS[1]).next())
}

/// One word for sh.
pub fn word(text: &str) -> String {
    let mut word = String::new();
    for (index, piece) in text.split(MARKS).enumerate() {
        if index % 2 == 1 {
            let _infallible = write!(word, "\"${piece}\"");
        } else if !piece.is_empty() || text.is_empty() {
            // A NUL cannot stand in a command line; none of our requests holds one.
            word.push_str(&shlex::Quoter::new().allow_nul(true).quote(piece).unwrap_or_default());
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_around_variables() {
        for (text, expected) in [
            ("plain", "plain"),
            ("", "''"),
            ("two words", "'two words'"),
            ("$HOME", "'$HOME'"),
            (&variable("VERSION"), "\"$VERSION\""),
            (&format!("{{\"a\":\"{}\"}}", variable("SecretString")), "'{\"a\":\"'\"$SECRET_STRING\"'\"}'"),
        ] {
            assert_eq!(word(text), expected);
        }
        assert_eq!(shlex::split(&word("it's $5 \"x\" \\ \n")).unwrap(), ["it's $5 \"x\" \\ \n"]);
    }

    #[test]
    fn names_are_those_of_variables() {
        for (name, expected) in
            [("OriginSecret", "ORIGIN_SECRET"), ("API_KEY", "API_KEY"), ("a-b", "A_B"), ("Password", "PASSWORD")]
        {
            assert_eq!(variables(&variable(name)).collect::<Vec<_>>(), [expected]);
        }
    }
}
