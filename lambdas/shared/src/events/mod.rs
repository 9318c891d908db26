//! The events of the platform: their types, the envelope that every topic carries, and how bytes become one.
//!
//! Personal data (date of birth, phone, document text) is deliberately absent from every shape here.

mod data;
mod envelope;

pub use data::{
    Address, DeadLetter, DocumentsProcessed, Fields, KycVerified, PolicyRecommended, RecommendedPolicy,
    UserInfoSubmitted, WorkflowCompleted, WorkflowError, WorkflowErrorKind,
};
pub use envelope::{Envelope, LIMIT_BYTES, Unreadable, VERSION, header_names};

use serde::{Deserialize, Serialize};

/// What an event says has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventType {
    /// Tile 1 is done.
    UserInfoSubmitted,
    /// Tiles 2 and 3 are done.
    DocumentsProcessed,
    /// Tile 4 has a result.
    KycVerified,
    /// Tile 5 has offers.
    PolicyRecommended,
    /// A policy was chosen.
    WorkflowCompleted,
    /// Something was refused or could not be handled.
    WorkflowError,
}

impl EventType {
    /// All of them, in the order of the steps.
    pub const ALL: [Self; 6] = [
        Self::UserInfoSubmitted,
        Self::DocumentsProcessed,
        Self::KycVerified,
        Self::PolicyRecommended,
        Self::WorkflowCompleted,
        Self::WorkflowError,
    ];

    /// As the envelope writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserInfoSubmitted => "USER_INFO_SUBMITTED",
            Self::DocumentsProcessed => "DOCUMENTS_PROCESSED",
            Self::KycVerified => "KYC_VERIFIED",
            Self::PolicyRecommended => "POLICY_RECOMMENDED",
            Self::WorkflowCompleted => "WORKFLOW_COMPLETED",
            Self::WorkflowError => "WORKFLOW_ERROR",
        }
    }

    /// The topic that carries it, as the domain names it.
    pub const fn topic(self) -> &'static str {
        match self {
            Self::UserInfoSubmitted => "user-info-submitted",
            Self::DocumentsProcessed => "documents-processed",
            Self::KycVerified => "kyc-verified",
            Self::PolicyRecommended => "policy-recommended",
            Self::WorkflowCompleted => "workflow-completed",
            Self::WorkflowError => "workflow-errors",
        }
    }

    /// What a topic carries.
    pub fn of_topic(topic: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event_type| event_type.topic() == topic)
    }
}

impl std::fmt::Display for EventType {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_topic_agree_with_serde() {
        for event_type in EventType::ALL {
            assert_eq!(serde_json::to_value(event_type).unwrap(), event_type.as_str());
            assert_eq!(EventType::of_topic(event_type.topic()), Some(event_type));
        }
        assert_eq!(EventType::of_topic("foreign"), None);
    }
}
