//! Instants in the three forms that the platform uses: RFC 3339 in UTC, epoch seconds (`DynamoDB`'s TTL) and epoch
//! milliseconds.

use jiff::Timestamp;

/// Now.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// RFC 3339 in UTC with milliseconds: `2026-11-23T10:15:00.123Z`.
pub fn text(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Epoch milliseconds now.
pub fn milliseconds() -> i64 {
    now().as_millisecond()
}

/// Epoch seconds now.
pub fn seconds() -> i64 {
    now().as_second()
}

/// RFC 3339 in UTC of epoch seconds.
pub fn text_of_seconds(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| String::new(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_utc_with_milliseconds() {
        let at = Timestamp::from_millisecond(1_700_000_000_123).unwrap();
        assert_eq!(text(at), "2023-11-14T22:13:20.123Z");
        assert_eq!(text_of_seconds(1_700_000_000), "2023-11-14T22:13:20.000Z");
    }
}
