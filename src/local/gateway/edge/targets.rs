//! What stands behind the edge: read from the deployed distribution's origins, remembered for a few seconds.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::Method;
use hyper::body::Bytes;
use serde_json::Value;

use super::super::upstream::Upstream;

/// How long targets are trusted.
const TRUST: Duration = Duration::from_secs(30);
/// How long they are trusted after an answer that casts doubt on them, so that doubt does not double every request.
const LEAST_TRUST: Duration = Duration::from_secs(1);

/// The origins of the site's distribution.
#[derive(Debug, PartialEq, Eq)]
pub struct Origins {
    /// The site's bucket.
    pub bucket: String,
    /// Id of the HTTP API.
    pub http_api: String,
    /// Id of the WebSocket API.
    pub websocket_api: String,
}

struct Known {
    at: Instant,
    origins: Arc<Origins>,
    doubted: bool,
}

/// The remembered origins.
#[derive(Default)]
pub struct Targets(Mutex<Option<Known>>);

impl Targets {
    /// The origins; `None` while nothing is deployed.
    ///
    /// # Errors
    /// They cannot be read, and never were.
    pub async fn get(&self, upstream: &Upstream) -> anyhow::Result<Option<Arc<Origins>>> {
        let mut earlier = None;
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            let trust = if known.doubted { LEAST_TRUST } else { TRUST };
            if known.at.elapsed() < trust {
                return Ok(Some(known.origins.clone()));
            }
            earlier = Some(known.origins.clone());
        }
        // That they cannot be read now says nothing about them: what was known still holds.
        let found = match (read(upstream).await, earlier) {
            (Ok(found), _) => found.map(Arc::new),
            (Err(_), Some(earlier)) => return Ok(Some(earlier)),
            (Err(error), None) => return Err(error),
        };
        let known = found.clone().map(|origins| Known { at: Instant::now(), origins, doubted: false });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(found)
    }

    /// The origins may have changed.
    pub fn doubt(&self) {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            known.doubted = true;
        }
    }
}

async fn read(upstream: &Upstream) -> anyhow::Result<Option<Origins>> {
    let distributions = upstream.call("cloudfront", Method::GET, "/2020-05-31/distribution", &[], Bytes::new());
    let apis = upstream.call("apigateway", Method::GET, "/v2/apis", &[], Bytes::new());
    let (distributions, apis) = tokio::join!(distributions, apis);
    let (distributions, apis) = (distributions?, apis?);
    for answer in [&distributions, &apis] {
        anyhow::ensure!(!answer.status.is_server_error(), "the AWS APIs answer {}", answer.status);
    }
    Ok(origins(std::str::from_utf8(&distributions.body)?, &apis.json()))
}

/// The first distribution that has a bucket, an HTTP API and a WebSocket API among its origins.
fn origins(distributions: &str, apis: &Value) -> Option<Origins> {
    let is_kind = |id: &str, kind: &str| {
        let mut items = apis["items"].as_array().into_iter().flatten();
        items.any(|api| api["apiId"] == id && api["protocolType"] == kind)
    };
    distributions.split("<DistributionSummary>").skip(1).find_map(|summary| {
        let names: Vec<&str> = summary
            .split("<DomainName>")
            .skip(1)
            .filter_map(|text| text.split_once("</DomainName>").map(|(name, _)| name.trim()))
            .collect();
        let api = |kind| {
            let ids = names.iter().filter_map(|name| name.split_once(".execute-api.").map(|(id, _)| id));
            ids.clone().find(|id| is_kind(id, kind)).map(str::to_owned)
        };
        let bucket = names.iter().find_map(|name| {
            name.split_once(".s3.").or_else(|| name.split_once(".s3-")).map(|(bucket, _)| bucket.to_owned())
        });
        Some(Origins { bucket: bucket?, http_api: api("HTTP")?, websocket_api: api("WEBSOCKET")? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn distributions() {
        let apis = json!({"items": [
            {"apiId": "aaaa1111", "protocolType": "WEBSOCKET"},
            {"apiId": "bbbb2222", "protocolType": "HTTP"},
        ]});
        let summary = |origins: &[&str]| {
            let items: String =
                origins.iter().map(|name| format!("<Origin><DomainName>{name}</DomainName></Origin>")).collect();
            format!(
                "<DistributionSummary><DomainName>d1.cloudfront.net</DomainName><Items>{items}</Items></DistributionSummary>"
            )
        };
        let whole = [
            "site.s3.us-east-1.amazonaws.com",
            "bbbb2222.execute-api.us-east-1.amazonaws.com",
            "aaaa1111.execute-api.us-east-1.amazonaws.com",
        ];
        let found = Origins { bucket: "site".into(), http_api: "bbbb2222".into(), websocket_api: "aaaa1111".into() };
        for (document, expected) in [
            (format!("<L>{}</L>", summary(&whole)), Some(found)),
            (format!("<L>{}</L>", summary(&whole[..2])), None),
            ("<L></L>".to_owned(), None),
        ] {
            assert_eq!(origins(&document, &apis), expected);
        }
        assert_eq!(origins(&summary(&whole), &json!({})), None);
    }
}
