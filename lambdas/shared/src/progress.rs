//! The steps of a customer: which may follow which, and what the five tiles show of it.

use serde::{Deserialize, Serialize};

/// The step that a customer has reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Nothing was submitted yet; no row has it.
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

/// A step that a REST call takes. Steps of later tiles come with their functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `POST /api/user/submit`.
    SubmitUserInfo,
}

impl Step {
    /// The transition table: the states that the step may follow. User information may be corrected until documents
    /// have been read, because everything later was decided by it.
    pub const fn may_follow(self) -> &'static [State] {
        match self {
            Self::SubmitUserInfo => &[State::New, State::UserInfoSubmitted],
        }
    }

    /// Whether the step may follow `state`.
    pub fn allowed_after(self, state: State) -> bool {
        self.may_follow().contains(&state)
    }
}

/// How far a tile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tile {
    /// 1 to 5.
    pub tile: u8,
    /// What it is about.
    pub name: String,
    /// How far it is.
    pub status: TileStatus,
}

/// What the five tiles show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    fn user_information_may_be_corrected_until_documents_are_read() {
        let allowed: Vec<_> =
            State::ALL.into_iter().filter(|state| Step::SubmitUserInfo.allowed_after(*state)).collect();
        assert_eq!(allowed, [State::New, State::UserInfoSubmitted]);
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
