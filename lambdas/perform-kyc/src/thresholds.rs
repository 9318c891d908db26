//! The numbers that decide, from the catalogue through the function's variables. The code has no value of its own to fall
//! back on, so that there is one place where they are set.

use anyhow::{Context as _, ensure};
use shared::keys;

/// The numbers that decide; each is a share from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Names this alike are the same person's.
    pub name: f64,
    /// Names less alike than this are another person's; between the two a human looks.
    pub name_review: f64,
    /// A listed name this alike is a hit if the day of birth is the same.
    pub watchlist_hit: f64,
    /// A listed name this alike is a possible hit.
    pub watchlist_possible: f64,
    /// Addresses this alike are the same.
    pub address: f64,
    /// A document's field that was read with less confidence proves nothing.
    pub confidence: f64,
}

impl Thresholds {
    /// Reads them; `variable` is [`keys::required`].
    pub fn read(variable: impl Fn(&str) -> anyhow::Result<String>) -> anyhow::Result<Self> {
        let share = |key: &str| -> anyhow::Result<f64> {
            let text = variable(key)?;
            let share: f64 = text.parse().with_context(|| format!("the variable {key} is no number"))?;
            ensure!((0.0..=1.0).contains(&share), "the variable {key} is not between 0 and 1");
            Ok(share)
        };
        let thresholds = Self {
            name: share(keys::KYC_NAME_THRESHOLD)?,
            name_review: share(keys::KYC_NAME_REVIEW_THRESHOLD)?,
            watchlist_hit: share(keys::KYC_WATCHLIST_HIT_THRESHOLD)?,
            watchlist_possible: share(keys::KYC_WATCHLIST_POSSIBLE_THRESHOLD)?,
            address: share(keys::KYC_ADDRESS_THRESHOLD)?,
            confidence: share(keys::KYC_CONFIDENCE_THRESHOLD)?,
        };
        for (low, high, keys) in [
            (thresholds.name_review, thresholds.name, [keys::KYC_NAME_REVIEW_THRESHOLD, keys::KYC_NAME_THRESHOLD]),
            (
                thresholds.watchlist_possible,
                thresholds.watchlist_hit,
                [keys::KYC_WATCHLIST_POSSIBLE_THRESHOLD, keys::KYC_WATCHLIST_HIT_THRESHOLD],
            ),
        ] {
            ensure!(low <= high, "the variable {} is higher than {}", keys[0], keys[1]);
        }
        Ok(thresholds)
    }
}

#[cfg(test)]
impl Thresholds {
    /// What the catalogue sets.
    pub const DEFAULT: Self = Self {
        name: 0.88,
        name_review: 0.75,
        watchlist_hit: 0.95,
        watchlist_possible: 0.88,
        address: 0.8,
        confidence: 0.6,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(changed: &str, value: &str) -> Result<Thresholds, String> {
        let variable = |key: &str| {
            let default = match key {
                keys::KYC_NAME_THRESHOLD | keys::KYC_WATCHLIST_POSSIBLE_THRESHOLD => "0.88",
                keys::KYC_NAME_REVIEW_THRESHOLD => "0.75",
                keys::KYC_WATCHLIST_HIT_THRESHOLD => "0.95",
                keys::KYC_ADDRESS_THRESHOLD => "0.80",
                keys::KYC_CONFIDENCE_THRESHOLD => "0.6",
                _ => anyhow::bail!("no such variable"),
            };
            Ok(if key == changed { value } else { default }.to_owned())
        };
        Thresholds::read(variable).map_err(|error| error.to_string())
    }

    #[test]
    fn they_are_read_and_held_against_each_other() {
        assert_eq!(read("", ""), Ok(Thresholds::DEFAULT));
        for (key, value, expected) in [
            (keys::KYC_NAME_THRESHOLD, "high", "KYC_NAME_THRESHOLD is no number"),
            (keys::KYC_NAME_THRESHOLD, "88", "KYC_NAME_THRESHOLD is not between 0 and 1"),
            (keys::KYC_ADDRESS_THRESHOLD, "NaN", "KYC_ADDRESS_THRESHOLD is not between 0 and 1"),
            (keys::KYC_NAME_THRESHOLD, "0.7", "KYC_NAME_REVIEW_THRESHOLD is higher than KYC_NAME_THRESHOLD"),
            (
                keys::KYC_WATCHLIST_POSSIBLE_THRESHOLD,
                "0.99",
                "KYC_WATCHLIST_POSSIBLE_THRESHOLD is higher than KYC_WATCHLIST_HIT_THRESHOLD",
            ),
        ] {
            let error = read(key, value).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
