//! What a client needs to reach the brokers.

/// A SCRAM login. `Debug` shows neither part.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Credentials {
    /// The user.
    pub username: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// Brokers, login and certificate authority.
#[derive(Clone, Debug)]
pub struct Access {
    /// `host:port` of the brokers' SCRAM listeners, separated by commas.
    pub bootstrap: String,
    /// The login.
    pub credentials: Credentials,
    /// `ssl.ca.location`: `probe` or a PEM file.
    pub certificate_authority: String,
}
