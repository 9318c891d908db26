//! References to functions as Lambda takes them: a name, an ARN, with or without a version or alias.

use serde::{Deserialize, Serialize};

/// A function and the version or alias of it that is meant.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct Function {
    /// The function's name.
    pub name: String,
    /// Version or alias; `None`: the unpublished code.
    pub qualifier: Option<String>,
}

impl Function {
    /// Reads `name`, `name:qualifier`, `account:function:name[:qualifier]` or an ARN.
    pub fn parse(reference: &str) -> Option<Self> {
        let tail = reference.rsplit_once("function:").map_or(reference, |(_, tail)| tail);
        if tail.len() == reference.len() && reference.starts_with("arn:") {
            return None;
        }
        let mut parts = tail.split(':');
        let name = parts.next()?.to_owned();
        let qualifier = parts.next().map(str::to_owned);
        let valid = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'$'))
        };
        let all_valid = valid(&name) && qualifier.as_deref().is_none_or(valid) && parts.next().is_none();
        all_valid.then_some(Self { name, qualifier })
    }

    /// Its ARN, qualified as it was named.
    pub fn arn(&self, region: &str, account: &str) -> String {
        let name = &self.name;
        let qualifier = self.qualifier.as_ref().map(|qualifier| format!(":{qualifier}")).unwrap_or_default();
        format!("arn:aws:lambda:{region}:{account}:function:{name}{qualifier}")
    }

    /// Path and query of one of the function's operations, for example `invocations`.
    pub fn path(&self, operation: &str) -> String {
        let query = self.qualifier.as_ref().map(|qualifier| format!("?Qualifier={qualifier}")).unwrap_or_default();
        let separator = if operation.is_empty() { "" } else { "/" };
        format!("/2015-03-31/functions/{}{separator}{operation}{query}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (reference, expected) in [
            ("f", Some(("f", None))),
            ("f:live", Some(("f", Some("live")))),
            ("f:$LATEST", Some(("f", Some("$LATEST")))),
            ("123456789012:function:f", Some(("f", None))),
            ("arn:aws:lambda:us-east-1:123456789012:function:f", Some(("f", None))),
            ("arn:aws:lambda:us-east-1:123456789012:function:f:live", Some(("f", Some("live")))),
            ("arn:aws:sqs:us-east-1:123456789012:q", None),
            ("", None),
            ("a b", None),
            ("f:1:2", None),
        ] {
            let parsed = Function::parse(reference);
            let found = parsed.as_ref().map(|function| (function.name.as_str(), function.qualifier.as_deref()));
            assert_eq!(found, expected, "{reference}");
        }
    }

    #[test]
    fn paths() {
        let function = Function::parse("f:live").unwrap();
        assert_eq!(function.path("invocations"), "/2015-03-31/functions/f/invocations?Qualifier=live");
        assert_eq!(function.path(""), "/2015-03-31/functions/f?Qualifier=live");
        assert_eq!(function.arn("r", "1"), "arn:aws:lambda:r:1:function:f:live");
    }
}
