//! AWS clients of one environment: endpoint, credentials, retries, error translation, the call recorder and the
//! guard that keeps `--dry-run` and `--read-only` true. Nothing else in the crate builds an SDK client.

/// AWS clients, each built on first use.
#[derive(Debug, Default)]
pub struct Clients {}
