//! What `up` and `down` did (`onboardctl schema up`, `onboardctl schema down`).

use schemars::JsonSchema;
use serde::Serialize;

use crate::verify::VerifyReport;

/// `onboardctl up`.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct UpReport {
    /// Parts in the order in which they were brought up; those after a failure are missing.
    pub parts: Vec<PartReport>,
    /// The release that recorded the change; absent when nothing changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Where the platform is; absent while there is no platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urls: Option<Urls>,
    /// What `verify` found, when it ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify: Option<VerifyReport>,
}

/// One part.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PartReport {
    /// `local`, `stack`, `topics` or `lambdas`.
    pub part: String,
    /// Whether anything was changed; with `--dry-run`: would be.
    pub changed: bool,
    /// How long it took.
    pub duration_ms: u64,
    /// What was done, in one line.
    pub summary: String,
}

/// Where the platform is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Urls {
    /// The site.
    pub site: String,
    /// The HTTP API.
    pub api: String,
    /// Where a browser opens its WebSocket, with a ticket.
    pub websocket: String,
    /// The AWS endpoint, where it is not AWS's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws_endpoint: Option<String>,
}

impl Urls {
    /// Everything is behind the site's own origin (`platform.md`, "One origin for the browser").
    pub fn of(site: &str, aws_endpoint: Option<&str>) -> Self {
        let site = site.trim_end_matches('/');
        let websocket = site.replacen("http", "ws", 1);
        Self {
            site: site.into(),
            api: format!("{site}/api"),
            websocket: format!("{websocket}/ws"),
            aws_endpoint: aws_endpoint.map(Into::into),
        }
    }
}

/// `onboardctl down`.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct DownReport {
    /// Functions that were deleted; with `--dry-run`: would be.
    pub functions: Vec<String>,
    /// Event source mappings that were deleted, by function.
    pub sources: Vec<String>,
    /// Stacks that were deleted.
    pub stacks: Vec<String>,
    /// What is still there and holds data or costs money.
    pub kept: Vec<String>,
    /// The release that recorded it; absent when nothing was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Whether the platform on this computer was stopped.
    pub stopped: bool,
    /// Whether its state was deleted.
    pub reset: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_behind_the_sites_origin() {
        let urls = Urls::of("https://d1.cloudfront.net/", None);
        assert_eq!(
            (urls.api.as_str(), urls.websocket.as_str()),
            ("https://d1.cloudfront.net/api", "wss://d1.cloudfront.net/ws")
        );
        assert_eq!(
            Urls::of("http://127.0.0.1:4000", Some("http://127.0.0.1:4001")).websocket,
            "ws://127.0.0.1:4000/ws"
        );
    }
}
