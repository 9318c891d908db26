//! The risk profile: what prices are adjusted by.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::preferences::Preferences;

/// A level of risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing special.
    Low,
    /// A closer look.
    Medium,
    /// The highest care.
    High,
}

impl Level {
    /// As answers write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
        }
    }

    /// The level of a name. What nobody has assessed is not a low risk.
    pub fn of(name: Option<&str>) -> Self {
        match name {
            Some("LOW") => Self::Low,
            Some("MEDIUM") => Self::Medium,
            _ => Self::High,
        }
    }
}

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
    pub fn answer(&self) -> Value {
        let factors: Vec<Value> = self
            .points()
            .into_iter()
            .filter(|(_, points)| *points > 0)
            .map(|(factor, points)| json!({ "factor": factor, "points": points }))
            .collect();
        json!({
            "level": self.level().as_str(),
            "score": self.score(),
            "factors": factors,
            "age": self.age,
            "country": self.country,
        })
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
    fn what_nobody_assessed_is_a_high_risk() {
        assert_eq!([Level::of(Some("LOW")), Level::of(Some("MEDIUM"))], [Level::Low, Level::Medium]);
        assert_eq!([Level::of(Some("low")), Level::of(None)], [Level::High, Level::High]);
    }

    #[test]
    fn the_answer_names_what_counts() {
        let profile = Profile { kyc_risk: Level::Medium, ..plain() };
        let answer = profile.answer();
        assert_eq!((&answer["level"], &answer["score"]), (&json!("MEDIUM"), &json!(25)));
        assert_eq!(answer["factors"], json!([{ "factor": "KYC", "points": 25 }]));
    }
}
