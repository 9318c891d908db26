//! Data files that functions carry in their binaries (TOML): countries, the watchlist, the policy catalogue. A bad file
//! is refused with its line and what is wrong with it, by a test before it is built and by the function's start.

use std::ops::Range;

use serde::de::DeserializeOwned;

/// A data file.
#[derive(Clone, Copy, Debug)]
pub struct DataFile<'a> {
    /// Its name, for whoever has to mend it.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// What is wrong with a data file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub reason: String,
}

impl DataFile<'_> {
    /// Reads the file as what it should hold. Unknown keys are refused by the type (`deny_unknown_fields`).
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Refused> {
        toml::from_str(self.text)
            .map_err(|error| self.refuse(&error.span().unwrap_or_default(), error.message().replace('\n', " ")))
    }

    /// A refusal of what stands at `span`.
    pub fn refuse(&self, span: &Range<usize>, reason: impl Into<String>) -> Refused {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        Refused { file: self.name.to_owned(), line, reason: reason.into() }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}, line {}: {}", self.file, self.line, self.reason)
    }
}

impl std::error::Error for Refused {}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use toml::Spanned;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        #[expect(dead_code, reason = "only its type is tested")]
        count: u8,
        name: Spanned<String>,
    }

    fn read(text: &str) -> Result<Shape, String> {
        DataFile { name: "shape.toml", text }.read().map_err(|refused| refused.to_string())
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, expected) in [
            ("count = 1\nname = 'a'\nother = 1\n", "shape.toml, line 3: unknown field `other`"),
            ("count = 1\n\nname = 5\n", "shape.toml, line 3: invalid type"),
            ("count = 1\ncount = 2\nname = 'a'\n", "shape.toml, line 2: duplicate key"),
            ("name = 'a'\ncount = 300\n", "shape.toml, line 2: invalid value"),
            ("name = 'a'\n[x\n", "shape.toml, line 2: unclosed table"),
            ("", "shape.toml, line 1: missing field"),
        ] {
            let refused = read(text).unwrap_err();
            assert!(refused.starts_with(expected), "{refused}");
        }
    }

    #[test]
    fn a_span_names_its_line() {
        let text = "count = 1\nname = 'a'\n";
        let file = DataFile { name: "shape.toml", text };
        let shape: Shape = file.read().unwrap();
        assert_eq!(file.refuse(&shape.name.span(), "no").line, 2);
        assert_eq!(file.refuse(&(900..901), "no").line, 3);
    }
}
