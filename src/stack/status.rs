//! What each stack status means for the next change (`aws-facts.md`, section 4, "Statuses" and "Ways out").

use aws_sdk_cloudformation::types::StackStatus;

/// What can be done with a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does not exist.
    Absent,
    /// Only a CREATE change set exists; nothing runs.
    Review,
    /// It can be updated.
    Settled,
    /// Its creation failed and was rolled back: it can only be deleted and made anew.
    Failed,
    /// An operation runs.
    Busy,
    /// It needs a person; the text names the way out.
    Stuck(&'static str),
}

/// What a status means.
pub fn standing(status: &StackStatus) -> Standing {
    match status {
        StackStatus::DeleteComplete => Standing::Absent,
        StackStatus::ReviewInProgress => Standing::Review,
        StackStatus::CreateComplete
        | StackStatus::UpdateComplete
        | StackStatus::ImportComplete
        | StackStatus::UpdateRollbackComplete
        | StackStatus::ImportRollbackComplete => Standing::Settled,
        StackStatus::RollbackComplete | StackStatus::RollbackFailed => Standing::Failed,
        StackStatus::CreateFailed => {
            Standing::Stuck("its creation failed without a rollback: aws cloudformation rollback-stack, then run again")
        }
        StackStatus::UpdateFailed => {
            Standing::Stuck("an update failed without a rollback: aws cloudformation rollback-stack, then run again")
        }
        StackStatus::UpdateRollbackFailed => {
            Standing::Stuck("a rollback failed: aws cloudformation continue-update-rollback, then run again")
        }
        StackStatus::ImportRollbackFailed => {
            Standing::Stuck("the rollback of an import failed: aws cloudformation continue-update-rollback")
        }
        StackStatus::DeleteFailed => {
            Standing::Stuck("its deletion failed: aws cloudformation delete-stack --retain-resources, then run again")
        }
        status if status.as_str().ends_with("_IN_PROGRESS") => Standing::Busy,
        _ => Standing::Stuck("this version of onboardctl does not know its status"),
    }
}

/// Whether an operation that ended with this status did what was asked.
pub fn succeeded(status: &StackStatus) -> bool {
    matches!(status, StackStatus::CreateComplete | StackStatus::UpdateComplete | StackStatus::ImportComplete)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_way_on() {
        for (name, expected) in [
            ("CREATE_COMPLETE", Standing::Settled),
            ("UPDATE_COMPLETE", Standing::Settled),
            ("IMPORT_COMPLETE", Standing::Settled),
            ("UPDATE_ROLLBACK_COMPLETE", Standing::Settled),
            ("IMPORT_ROLLBACK_COMPLETE", Standing::Settled),
            ("DELETE_COMPLETE", Standing::Absent),
            ("REVIEW_IN_PROGRESS", Standing::Review),
            ("ROLLBACK_COMPLETE", Standing::Failed),
            ("ROLLBACK_FAILED", Standing::Failed),
            ("CREATE_IN_PROGRESS", Standing::Busy),
            ("ROLLBACK_IN_PROGRESS", Standing::Busy),
            ("DELETE_IN_PROGRESS", Standing::Busy),
            ("UPDATE_IN_PROGRESS", Standing::Busy),
            ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", Standing::Busy),
            ("UPDATE_ROLLBACK_IN_PROGRESS", Standing::Busy),
            ("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", Standing::Busy),
            ("IMPORT_IN_PROGRESS", Standing::Busy),
            ("IMPORT_ROLLBACK_IN_PROGRESS", Standing::Busy),
        ] {
            assert_eq!(standing(&StackStatus::from(name)), expected, "{name}");
        }
        for name in [
            "CREATE_FAILED",
            "UPDATE_FAILED",
            "UPDATE_ROLLBACK_FAILED",
            "IMPORT_ROLLBACK_FAILED",
            "DELETE_FAILED",
            "SOMETHING_NEW",
        ] {
            assert!(matches!(standing(&StackStatus::from(name)), Standing::Stuck(_)), "{name}");
        }
    }
}
