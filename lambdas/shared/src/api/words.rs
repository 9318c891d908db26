//! Words that a field may hold. The functions decide by these enums, and the documents list them, so neither can know a
//! word that the other doesn't.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The document agents by the names that requests, answers and the configuration write.
pub const AGENTS: [&str; 2] = ["builtin", "textract"];

/// The checks of the identity, in the order of the answer.
pub const CHECKS: [&str; 5] = ["AGE", "NAME_CONSISTENCY", "WATCHLIST", "DOCUMENT", "ADDRESS"];

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Media {
    /// PDF.
    #[serde(rename = "application/pdf")]
    Pdf,
    /// Plain text.
    #[serde(rename = "text/plain")]
    Text,
    /// JSON.
    #[serde(rename = "application/json")]
    Json,
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
}

impl Media {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Pdf, Self::Text, Self::Json, Self::Png, Self::Jpeg];

    /// As a content type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain",
            Self::Json => "application/json",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// The kind of a content type without parameters; none where it is another.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.as_str().eq_ignore_ascii_case(name))
    }
}

/// What the checks of the identity came to, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KycStatus {
    /// Policies may be offered.
    Approved,
    /// A human must look, or better documents must come.
    RequiresReview,
    /// No business, unless better documents come.
    Rejected,
}

impl KycStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Approved, Self::RequiresReview, Self::Rejected];

    /// As answers, rows and events write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "APPROVED",
            Self::RequiresReview => "REQUIRES_REVIEW",
            Self::Rejected => "REJECTED",
        }
    }
}

/// A level of risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RiskLevel {
    /// Nothing special.
    Low,
    /// A closer look.
    Medium,
    /// The highest care.
    High,
}

impl RiskLevel {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// As answers, rows and events write it.
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

/// A kind of coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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

/// How often the customer is abroad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Travel {
    /// Never.
    Never,
    /// Now and then.
    Sometimes,
    /// Again and again.
    Often,
}

impl Travel {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Never, Self::Sometimes, Self::Often];

    /// As requests write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "NEVER",
            Self::Sometimes => "SOMETIMES",
            Self::Often => "OFTEN",
        }
    }

    /// How often by its name; none where there is no such name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|travel| travel.as_str() == name)
    }
}

/// How often a price is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Period {
    /// Every month.
    Month,
    /// Every year.
    Year,
}

impl Period {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Month, Self::Year];

    /// As answers write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "MONTH",
            Self::Year => "YEAR",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::tables::DocumentType;

    /// The words that the documents list.
    fn listed<Word: JsonSchema>() -> Vec<String> {
        let schema = schemars::schema_for!(Word);
        let words = schema.get("oneOf").and_then(Value::as_array).unwrap();
        words.iter().map(|word| word["const"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_documents_list_what_the_functions_know() {
        assert_eq!(listed::<DocumentType>(), DocumentType::ALL.map(DocumentType::as_str));
        assert_eq!(listed::<Media>(), Media::ALL.map(Media::as_str));
        assert_eq!(listed::<KycStatus>(), KycStatus::ALL.map(KycStatus::as_str));
        assert_eq!(listed::<RiskLevel>(), RiskLevel::ALL.map(RiskLevel::as_str));
        assert_eq!(listed::<Coverage>(), Coverage::ALL.map(Coverage::as_str));
        assert_eq!(listed::<Travel>(), Travel::ALL.map(Travel::as_str));
        assert_eq!(listed::<Period>(), Period::ALL.map(Period::as_str));
    }

    #[test]
    fn names_come_back() {
        for media in Media::ALL {
            assert_eq!(Media::of_name(media.as_str()), Some(media));
        }
        assert_eq!(Media::of_name("Application/PDF"), Some(Media::Pdf));
        assert_eq!(Media::of_name("text/html"), None);
        for coverage in Coverage::ALL {
            assert_eq!(serde_json::to_value(coverage).unwrap(), coverage.as_str());
            assert_eq!(Coverage::of_name(coverage.as_str()), Some(coverage));
        }
        assert_eq!(Coverage::of_name("life"), None);
        for travel in Travel::ALL {
            assert_eq!(Travel::of_name(travel.as_str()), Some(travel));
        }
        assert_eq!(Travel::of_name("often"), None);
    }

    #[test]
    fn what_nobody_assessed_is_a_high_risk() {
        for level in RiskLevel::ALL {
            assert_eq!(RiskLevel::of(Some(level.as_str())), level);
        }
        assert_eq!([RiskLevel::of(Some("low")), RiskLevel::of(None)], [RiskLevel::High, RiskLevel::High]);
    }
}
