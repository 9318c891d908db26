//! The trace id that a request carries through API, event, consumer and push.

/// The root of an X-Ray header (`Root=1-5759e988-bd862e3fe1be46a994272793;Parent=…;Sampled=1`), which is what every
/// hop shares. Source: AWS X-Ray Developer Guide, "Tracing header".
pub fn root(header: &str) -> Option<&str> {
    let root = header.split(';').find_map(|part| part.trim().strip_prefix("Root="))?;
    let plain = !root.is_empty() && root.len() <= 64 && root.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then_some(root)
}

/// A new id in X-Ray's form.
pub fn generate() -> String {
    let random: [u8; 12] = rand::random();
    format!("1-{:08x}-{}", crate::time::seconds(), hex::encode(random))
}

/// The first header that has a root, else a new id.
pub fn from_headers<'a>(headers: impl IntoIterator<Item = Option<&'a str>>) -> String {
    headers.into_iter().flatten().find_map(root).map_or_else(generate, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots() {
        for (header, expected) in [
            ("Root=1-5759e988-bd862e3f;Parent=53995c3f;Sampled=1", Some("1-5759e988-bd862e3f")),
            ("Parent=1;Root=1-a-b", Some("1-a-b")),
            ("Root=", None),
            ("Root=1\n2", None),
            ("", None),
        ] {
            assert_eq!(root(header), expected, "{header}");
        }
    }

    #[test]
    fn a_generated_id_can_be_a_root() {
        let id = generate();
        assert_eq!(root(&format!("Root={id}")), Some(id.as_str()));
    }

    #[test]
    fn the_first_root_wins() {
        assert_eq!(from_headers([None, Some("x"), Some("Root=1-a-b"), Some("Root=1-c-d")]), "1-a-b");
    }
}
