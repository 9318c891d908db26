//! Money in whole cents, so that nothing is lost by adding and comparing.

pub use shared::api::{LIMIT_CENTS, Period};

use shared::api::Price;

/// An amount of a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// Hundredths of the unit.
    pub cents: u64,
    /// ISO 4217.
    pub currency: String,
}

/// What a policy costs, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Premium {
    /// The amount.
    pub money: Money,
    /// How often.
    pub period: Period,
}

impl Money {
    /// Reads `12.90`: digits, a point, two digits; above nothing and not above the limit.
    pub fn read(amount: &str, currency: &str) -> Option<Self> {
        let (units, cents) = amount.split_once('.')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(units) || !digits(cents) || cents.len() != 2 {
            return None;
        }
        let cents = units.parse::<u64>().ok()?.checked_mul(100)?.checked_add(cents.parse().ok()?)?;
        (is_currency(currency) && (1..=LIMIT_CENTS).contains(&cents))
            .then(|| Self { cents, currency: currency.to_owned() })
    }

    /// Takes a number of JSON that has at most two decimals.
    pub fn of_number(amount: f64, currency: &str) -> Option<Self> {
        // Shortest text that gives the same number: `12.9` and not `12.900000000000000355`.
        let text = format!("{amount}");
        let (units, decimals) = text.split_once('.').unwrap_or((&text, ""));
        if decimals.len() > 2 {
            return None;
        }
        Self::read(&format!("{units}.{decimals:0<2}"), currency)
    }

    /// `12.90 EUR`.
    pub fn text(&self) -> String {
        format!("{}.{:02} {}", self.cents / 100, self.cents % 100, self.currency)
    }
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

impl Premium {
    /// What it comes to in a month, in cents, rounded up.
    pub fn cents_a_month(&self) -> u64 {
        match self.period {
            Period::Month => self.money.cents,
            Period::Year => self.money.cents.div_ceil(12),
        }
    }

    /// Raised by some per cent, rounded half up.
    #[must_use]
    pub fn raised(&self, percent: u64) -> Self {
        let cents = (self.money.cents * (100 + percent) + 50) / 100;
        Self { money: Money { cents, ..self.money.clone() }, period: self.period }
    }

    /// As the answer writes it.
    pub fn price(&self) -> Price {
        // Exact up to the limit: a double holds 53 bits.
        let cents = u32::try_from(self.money.cents).unwrap_or(u32::MAX);
        Price {
            amount: f64::from(cents) / 100.0,
            currency: self.money.currency.clone(),
            period: self.period.as_str().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts() {
        for (text, expected) in [
            ("12.90", Some(1290)),
            ("0.01", Some(1)),
            ("1000000.00", Some(100_000_000)),
            ("1000000.01", None),
            ("0.00", None),
            ("12.9", None),
            ("12", None),
            ("-1.00", None),
            ("+1.00", None),
            ("1e3.00", None),
            ("", None),
            (".50", None),
            ("99999999999999999999.00", None),
        ] {
            assert_eq!(Money::read(text, "EUR").map(|money| money.cents), expected, "{text}");
        }
        assert_eq!(Money::read("1.00", "eur"), None);
    }

    #[test]
    fn numbers() {
        for (number, expected) in [
            (12.9, Some(1290)),
            (50.0, Some(5000)),
            (0.1 + 0.2, None),
            (12.345, None),
            (-1.0, None),
            (0.0, None),
            (1e300, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
        ] {
            assert_eq!(Money::of_number(number, "EUR").map(|money| money.cents), expected, "{number}");
        }
    }

    #[test]
    fn premiums() {
        let premium = Premium { money: Money::read("89.00", "EUR").unwrap(), period: Period::Year };
        assert_eq!(premium.cents_a_month(), 742);
        assert_eq!(premium.raised(0), premium);
        assert_eq!(premium.raised(35).money.cents, 12_015);
        let price = premium.raised(35).price();
        assert_eq!((price.amount.to_string().as_str(), price.period.as_str()), ("120.15", "YEAR"));
        assert_eq!(premium.money.text(), "89.00 EUR");
    }

    proptest! {
        #[test]
        fn the_answer_shows_the_cents(cents in 1..=LIMIT_CENTS) {
            let premium = Premium { money: Money { cents, currency: "EUR".into() }, period: Period::Month };
            let amount = premium.price().amount;
            prop_assert_eq!(Money::of_number(amount, "EUR").unwrap().cents, cents);
        }

        #[test]
        fn more_per_cent_never_cost_less(cents in 1..=LIMIT_CENTS, one in 0_u64..2000, two in 0_u64..2000) {
            let premium = Premium { money: Money { cents, currency: "EUR".into() }, period: Period::Month };
            let (low, high) = (one.min(two), one.max(two));
            prop_assert!(premium.raised(low).money.cents <= premium.raised(high).money.cents);
        }
    }
}
