//! Names that code and templates share. Physical names of resources are built from the catalogue by the command line;
//! the functions read theirs from variables (`keys`), so nothing here carries an environment.

/// What every physical name begins with.
pub const PREFIX: &str = "onboard-ai";

/// The alias that takes traffic.
pub const LIVE_ALIAS: &str = "live";

/// The WebSocket API's stage: `CloudFront` forwards `/ws` without rewriting the path.
pub const WEBSOCKET_STAGE: &str = "ws";

/// The index on `customerId` of `applications`, `websocket-connections` and `workflow-errors`.
pub const CUSTOMER_INDEX: &str = "customerId-index";

/// What the secrets' version labels are called.
pub mod stages {
    /// The version that signs.
    pub const CURRENT: &str = "AWSCURRENT";
    /// The version before it, still accepted.
    pub const PREVIOUS: &str = "AWSPREVIOUS";
}

/// Tables by their short name; the physical name is `{table}-{env}`.
pub mod tables {
    /// Customers, their step and their last used sequence.
    pub const USERS: &str = "users";
    /// Applications.
    pub const APPLICATIONS: &str = "applications";
    /// Results of the KYC checks.
    pub const KYC_RESULTS: &str = "kyc-results";
    /// Recommended policies.
    pub const POLICY_RECOMMENDATIONS: &str = "policy-recommendations";
    /// Open sockets.
    pub const WEBSOCKET_CONNECTIONS: &str = "websocket-connections";
    /// Single-use tickets, by hash.
    pub const WEBSOCKET_TICKETS: &str = "websocket-tickets";
    /// One row per handled event.
    pub const AUDIT_LOGS: &str = "audit-logs";
    /// Validation failures and dead letters.
    pub const WORKFLOW_ERRORS: &str = "workflow-errors";
    /// Events on their way to Kafka.
    pub const OUTBOX: &str = "outbox";
    /// Markers of handled events.
    pub const PROCESSED_EVENTS: &str = "processed-events";
    /// Outcomes by `Idempotency-Key`.
    pub const IDEMPOTENCY: &str = "idempotency";
}

/// The physical topic: environments that share a cluster have a prefix each.
pub fn topic(prefix: &str, topic: &str) -> String {
    format!("{prefix}{topic}")
}

/// The domain's topic of a physical one: what is left without the prefix.
pub fn without_prefix<'a>(prefix: &str, physical: &'a str) -> &'a str {
    physical.strip_prefix(prefix).unwrap_or(physical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_added_and_taken_away() {
        assert_eq!(topic("dev-", "kyc-verified"), "dev-kyc-verified");
        assert_eq!(without_prefix("dev-", "dev-kyc-verified"), "kyc-verified");
        assert_eq!(without_prefix("", "kyc-verified"), "kyc-verified");
    }
}
