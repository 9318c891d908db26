//! The steps of a customer: which may follow which, and what the five tiles show of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::events::EventType;

/// The step that a customer has reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Nothing was submitted yet; no row has it.
    #[default]
    New,
    /// Tile 1 is done.
    UserInfoSubmitted,
    /// Tiles 2 and 3 are done.
    DocumentsProcessed,
    /// Tile 4: the checks passed.
    KycApproved,
    /// Tile 4: a human must look.
    KycRequiresReview,
    /// Tile 4: the checks failed.
    KycRejected,
    /// Tile 5 has offers.
    PolicyRecommended,
    /// A policy was chosen.
    Completed,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::UserInfoSubmitted,
        Self::DocumentsProcessed,
        Self::KycApproved,
        Self::KycRequiresReview,
        Self::KycRejected,
        Self::PolicyRecommended,
        Self::Completed,
    ];

    /// As rows and answers write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::UserInfoSubmitted => "USER_INFO_SUBMITTED",
            Self::DocumentsProcessed => "DOCUMENTS_PROCESSED",
            Self::KycApproved => "KYC_APPROVED",
            Self::KycRequiresReview => "KYC_REQUIRES_REVIEW",
            Self::KycRejected => "KYC_REJECTED",
            Self::PolicyRecommended => "POLICY_RECOMMENDED",
            Self::Completed => "COMPLETED",
        }
    }
}

/// A step that a REST call takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `POST /api/user/submit`.
    SubmitUserInfo,
    /// `POST /api/documents/process`.
    ProcessDocuments,
    /// `POST /api/kyc/verify`.
    VerifyKyc,
    /// `POST /api/policy/recommend`.
    RecommendPolicies,
    /// `POST /api/policy/select`.
    SelectPolicy,
}

impl Step {
    /// All of them, in the order of the tiles.
    pub const ALL: [Self; 5] =
        [Self::SubmitUserInfo, Self::ProcessDocuments, Self::VerifyKyc, Self::RecommendPolicies, Self::SelectPolicy];

    /// The transition table: the states that the step may follow.
    ///
    /// User information may be corrected until documents have been read, because everything later was decided by it. New
    /// documents may come until a policy was chosen; they ask for KYC again. Offers and choice need an approval: after
    /// `KYC_REQUIRES_REVIEW` and `KYC_REJECTED` there are only better documents and another try.
    pub const fn may_follow(self) -> &'static [State] {
        use State::{
            DocumentsProcessed, KycApproved, KycRejected, KycRequiresReview, New, PolicyRecommended, UserInfoSubmitted,
        };
        match self {
            Self::SubmitUserInfo => &[New, UserInfoSubmitted],
            Self::ProcessDocuments => {
                &[UserInfoSubmitted, DocumentsProcessed, KycApproved, KycRequiresReview, KycRejected, PolicyRecommended]
            }
            Self::VerifyKyc => &[DocumentsProcessed, KycRequiresReview, KycRejected],
            Self::RecommendPolicies => &[KycApproved, PolicyRecommended],
            Self::SelectPolicy => &[PolicyRecommended],
        }
    }

    /// Whether the step may follow `state`.
    pub fn allowed_after(self, state: State) -> bool {
        self.may_follow().contains(&state)
    }

    /// What the step publishes.
    pub const fn event(self) -> EventType {
        match self {
            Self::SubmitUserInfo => EventType::UserInfoSubmitted,
            Self::ProcessDocuments => EventType::DocumentsProcessed,
            Self::VerifyKyc => EventType::KycVerified,
            Self::RecommendPolicies => EventType::PolicyRecommended,
            Self::SelectPolicy => EventType::WorkflowCompleted,
        }
    }
}

/// How far a tile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TileStatus {
    /// Done.
    Completed,
    /// The customer's next.
    Current,
    /// Later.
    Pending,
    /// Ended without success.
    Rejected,
}

/// One tile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tile {
    /// 1 to 5.
    pub tile: u8,
    /// What it is about.
    pub name: String,
    /// How far it is.
    pub status: TileStatus,
}

/// What the five tiles show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// The customer's next tile; 5 when all are done.
    pub current_tile: u8,
    /// All five.
    pub tiles: Vec<Tile>,
}

const TILES: [&str; 5] = ["User information", "Documents", "Verification", "KYC", "Policy"];

/// What the tiles show in a state.
pub fn progress(state: State) -> Progress {
    let completed: u8 = match state {
        State::New => 0,
        State::UserInfoSubmitted => 1,
        State::DocumentsProcessed | State::KycRequiresReview | State::KycRejected => 3,
        State::KycApproved | State::PolicyRecommended => 4,
        State::Completed => 5,
    };
    let current_tile = (completed + 1).min(5);
    let status = |tile: u8| match tile {
        tile if tile <= completed => TileStatus::Completed,
        tile if tile == current_tile && state == State::KycRejected => TileStatus::Rejected,
        tile if tile == current_tile => TileStatus::Current,
        _ => TileStatus::Pending,
    };
    let tiles =
        (1..=5u8).zip(TILES).map(|(tile, name)| Tile { tile, name: name.to_owned(), status: status(tile) }).collect();
    Progress { current_tile, tiles }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_agree_with_serde() {
        for state in State::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }

    #[test]
    fn which_step_may_follow_which_state() {
        // Columns: submit, documents, KYC, recommend, select.
        for (state, expected) in [
            (State::New, [true, false, false, false, false]),
            (State::UserInfoSubmitted, [true, true, false, false, false]),
            (State::DocumentsProcessed, [false, true, true, false, false]),
            (State::KycApproved, [false, true, false, true, false]),
            (State::KycRequiresReview, [false, true, true, false, false]),
            (State::KycRejected, [false, true, true, false, false]),
            (State::PolicyRecommended, [false, true, false, true, true]),
            (State::Completed, [false, false, false, false, false]),
        ] {
            assert_eq!(Step::ALL.map(|step| step.allowed_after(state)), expected, "{state:?}");
        }
    }

    #[test]
    fn tiles_by_state() {
        use TileStatus::{Completed, Current, Pending, Rejected};
        for (state, current, expected) in [
            (State::New, 1, [Current, Pending, Pending, Pending, Pending]),
            (State::UserInfoSubmitted, 2, [Completed, Current, Pending, Pending, Pending]),
            (State::DocumentsProcessed, 4, [Completed, Completed, Completed, Current, Pending]),
            (State::KycRejected, 4, [Completed, Completed, Completed, Rejected, Pending]),
            (State::KycApproved, 5, [Completed, Completed, Completed, Completed, Current]),
            (State::Completed, 5, [Completed; 5]),
        ] {
            let shown = progress(state);
            assert_eq!(shown.current_tile, current, "{state:?}");
            assert_eq!(shown.tiles.iter().map(|tile| tile.status).collect::<Vec<_>>(), expected, "{state:?}");
        }
    }
}
