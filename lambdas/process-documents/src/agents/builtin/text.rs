//! Bytes of a plain text as characters.

/// The characters: UTF-8, or UTF-16 with a byte order mark. Other encodings are refused: guessed wrong, they would turn
/// one name into another.
pub fn decode(bytes: &[u8]) -> Result<String, &'static str> {
    const NEITHER: &str = "the text is neither UTF-8 nor UTF-16 with a byte order mark; save it as UTF-8";
    let units = |read: fn([u8; 2]) -> u16| -> Result<String, &'static str> {
        let (pairs, rest) = bytes[2..].as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().copied().map(read).collect();
        if rest.is_empty() { String::from_utf16(&units).map_err(|_| NEITHER) } else { Err(NEITHER) }
    };
    let text = match bytes {
        [0xFF, 0xFE, ..] => units(u16::from_le_bytes)?,
        [0xFE, 0xFF, ..] => units(u16::from_be_bytes)?,
        [0xEF, 0xBB, 0xBF, rest @ ..] => std::str::from_utf8(rest).map_err(|_| NEITHER)?.to_owned(),
        _ => std::str::from_utf8(bytes).map_err(|_| NEITHER)?.to_owned(),
    };
    if text.contains('\0') { Err("the text holds binary data") } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn encodings() {
        for (bytes, expected) in [
            ("Zoë".as_bytes(), Some("Zoë")),
            (b"\xEF\xBB\xBFZo\xC3\xAB", Some("Zoë")),
            (b"\xFF\xFEZ\0o\0\xEB\0", Some("Zoë")),
            (b"\xFE\xFF\0Z\0o\0\xEB", Some("Zoë")),
            (b"", Some("")),
            (b"\xFF\xFE", Some("")),
            (b"Zo\xEB", None),
            (b"\xFF\xFEZ\0o", None),
            (b"\xFF\xFE\0\xD8", None),
            (b"a\0b", None),
        ] {
            assert_eq!(decode(bytes).ok().as_deref(), expected, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn utf16_comes_back(text in "[^\\x00]{0,40}") {
            let mut bytes = vec![0xFF, 0xFE];
            bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
            prop_assert_eq!(decode(&bytes), Ok(text));
        }
    }
}
