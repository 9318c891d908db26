//! The risk profile: what prices are adjusted by.

pub use shared::api::RiskLevel as Level;

use jiff::civil::Date;
use shared::api::{RiskFactor, RiskProfile};

use crate::preferences::Preferences;

/// What is known of the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Completed years.
    pub age: u8,
    /// By KYC.
    pub kyc_risk: Level,
    /// Of where the customer lives.
    pub country_risk: Level,
    /// Where that is, alpha-2.
    pub country: Option<String>,
    /// What the customer wants and has.
    pub preferences: Preferences,
}

/// Completed years on a day, as KYC counts them: a leap day's birthday falls on 1 March of a common year.
pub fn years(born: Date, today: Date) -> u8 {
    let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
    u8::try_from(today.year() - born.year() - i16::from(before_birthday)).unwrap_or(0)
}

impl Profile {
    /// Points of risk, 0 to 100, by component.
    fn points(&self) -> [(&'static str, u8); 4] {
        let by_level = |level: Level, medium: u8, high: u8| match level {
            Level::Low => 0,
            Level::Medium => medium,
            Level::High => high,
        };
        [
            ("KYC", by_level(self.kyc_risk, 25, 50)),
            ("COUNTRY", by_level(self.country_risk, 15, 30)),
            ("SMOKER", if self.preferences.smoker { 10 } else { 0 }),
            ("AGE", if self.age >= 70 { 10 } else { 0 }),
        ]
    }

    /// All points.
    pub fn score(&self) -> u8 {
        self.points().iter().map(|(_, points)| points).sum()
    }

    /// The level of the points.
    pub fn level(&self) -> Level {
        match self.score() {
            0..20 => Level::Low,
            20..50 => Level::Medium,
            _ => Level::High,
        }
    }

    /// As the answer writes it.
    pub fn answer(&self) -> RiskProfile {
        let counted = self.points().into_iter().filter(|(_, points)| *points > 0);
        RiskProfile {
            level: self.level(),
            score: self.score(),
            factors: counted.map(|(factor, points)| RiskFactor { factor: factor.to_owned(), points }).collect(),
            age: self.age,
            country: self.country.clone(),
        }
    }
}

#[cfg(test)]
pub mod samples {
    //! Profiles for the tests of this crate.

    use super::*;

    /// Somebody of 36 in Germany, without anything special.
    pub fn plain() -> Profile {
        Profile {
            age: 36,
            kyc_risk: Level::Low,
            country_risk: Level::Low,
            country: Some("DE".into()),
            preferences: Preferences::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::samples::plain;
    use super::*;

    #[test]
    fn ages() {
        for (born, today, expected) in [
            (date(1990, 1, 1), date(2026, 11, 23), 36),
            (date(2008, 2, 29), date(2026, 2, 28), 17),
            (date(2008, 2, 29), date(2026, 3, 1), 18),
            (date(2030, 1, 1), date(2026, 1, 1), 0),
            (date(1700, 1, 1), date(2026, 1, 1), 0),
        ] {
            assert_eq!(years(born, today), expected, "{born} {today}");
        }
    }

    #[test]
    fn levels() {
        use Level::{High, Low, Medium};
        for (kyc_risk, country_risk, smoker, age, score, level) in [
            (Low, Low, false, 36, 0, Low),
            (Low, Medium, false, 36, 15, Low),
            (Low, Low, true, 75, 20, Medium),
            (Medium, Low, false, 36, 25, Medium),
            (Medium, Medium, true, 36, 50, High),
            (High, Low, false, 36, 50, High),
            (High, High, true, 75, 100, High),
        ] {
            let mut profile = Profile { age, kyc_risk, country_risk, ..plain() };
            profile.preferences.smoker = smoker;
            assert_eq!((profile.score(), profile.level()), (score, level), "{profile:?}");
        }
    }

    #[test]
    fn the_answer_names_what_counts() {
        let profile = Profile { kyc_risk: Level::Medium, ..plain() };
        let answer = profile.answer();
        assert_eq!((answer.level, answer.score), (Level::Medium, 25));
        assert_eq!(answer.factors, [RiskFactor { factor: "KYC".into(), points: 25 }]);
    }
}
