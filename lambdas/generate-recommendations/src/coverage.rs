//! What policies pay for, and what a customer needs.

use serde::{Deserialize, Serialize};

/// A kind of coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Coverage {
    /// Damage done to others.
    Liability,
    /// Treatment.
    Health,
    /// Teeth.
    Dental,
    /// Income when one can't work any more.
    Disability,
    /// Those who are left behind.
    Life,
    /// Lasting harm of an accident.
    Accident,
    /// What stands in the home.
    HomeContents,
    /// The house itself.
    Building,
    /// Vehicles.
    Motor,
    /// Illness and loss abroad.
    Travel,
    /// Lawyers and courts.
    Legal,
    /// Theft of data and identity.
    Cyber,
    /// Animals.
    Pet,
}

impl Coverage {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Liability,
        Self::Health,
        Self::Dental,
        Self::Disability,
        Self::Life,
        Self::Accident,
        Self::HomeContents,
        Self::Building,
        Self::Motor,
        Self::Travel,
        Self::Legal,
        Self::Cyber,
        Self::Pet,
    ];

    /// As requests, answers and the catalogue write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Liability => "LIABILITY",
            Self::Health => "HEALTH",
            Self::Dental => "DENTAL",
            Self::Disability => "DISABILITY",
            Self::Life => "LIFE",
            Self::Accident => "ACCIDENT",
            Self::HomeContents => "HOME_CONTENTS",
            Self::Building => "BUILDING",
            Self::Motor => "MOTOR",
            Self::Travel => "TRAVEL",
            Self::Legal => "LEGAL",
            Self::Cyber => "CYBER",
            Self::Pet => "PET",
        }
    }

    /// The kind of a name; none where there is no such kind.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|coverage| coverage.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_agree_with_serde() {
        for coverage in Coverage::ALL {
            assert_eq!(serde_json::to_value(coverage).unwrap(), coverage.as_str());
            assert_eq!(Coverage::of_name(coverage.as_str()), Some(coverage));
        }
        assert_eq!(Coverage::of_name("life"), None);
    }
}
