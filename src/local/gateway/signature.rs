//! Checks Signature Version 4 of calls that the gateway answers itself, by signing them again with the root key.
//! ministack does not check the signature of root calls, so this is the only place where that happens.

use std::collections::BTreeMap;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::answer::ApiError;

/// How far a request's time may be from ours; most services allow five minutes.
const SKEW_SECONDS: i64 = 300;

/// The parts of an `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
pub struct Authorization<'a> {
    /// The access key.
    pub key: &'a str,
    /// The region of the scope.
    pub region: &'a str,
    /// The service of the scope.
    pub service: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

/// Reads the `Authorization` header; `None` where there is none of Signature Version 4.
pub fn authorization(parts: &Parts) -> Option<Authorization<'_>> {
    let text = parts.headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("AWS4-HMAC-SHA256")?;
    let fields: BTreeMap<&str, &str> = text.split(',').filter_map(|field| field.trim().split_once('=')).collect();
    let scope: Vec<&str> = fields.get("Credential")?.split('/').collect();
    let [key, _date, region, service, _terminator] = scope[..] else { return None };
    Some(Authorization {
        key,
        region,
        service,
        signed_headers: fields.get("SignedHeaders")?,
        signature: fields.get("Signature")?,
    })
}

/// Whether the request was signed with `credentials`, lately.
pub fn check(parts: &Parts, body: &[u8], credentials: &Credentials, now: SystemTime) -> Result<(), ApiError> {
    let refused = |code, message: &str| Err(ApiError::new(403, code, message));
    let Some(authorization) = authorization(parts) else {
        return refused("MissingAuthenticationTokenException", "Missing Authentication Token");
    };
    let Some(at) = signed_at(parts) else {
        return refused("IncompleteSignatureException", "The request has no valid X-Amz-Date header");
    };
    let seconds =
        |time: SystemTime| jiff::Timestamp::try_from(time).map(jiff::Timestamp::as_second).unwrap_or_default();
    if (seconds(at) - seconds(now)).abs() > SKEW_SECONDS {
        return refused("InvalidSignatureException", "Signature expired or not yet current");
    }
    match calculate(parts, &authorization, body, credentials, at) {
        Ok(signature) if signature == authorization.signature => Ok(()),
        _ => refused(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
             Access Key and signing method. Consult the service documentation for details.",
        ),
    }
}

fn signed_at(parts: &Parts) -> Option<SystemTime> {
    let text = parts.headers.get("x-amz-date")?.to_str().ok()?;
    let civil = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().into())
}

fn calculate(
    parts: &Parts,
    authorization: &Authorization<'_>,
    body: &[u8],
    credentials: &Credentials,
    at: SystemTime,
) -> anyhow::Result<String> {
    let mut settings = SigningSettings::default();
    // Exactly the headers that the caller signed.
    settings.excluded_headers = None;
    let identity = credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(authorization.region)
        .name(authorization.service)
        .time(at)
        .settings(settings)
        .build()?
        .into();
    let headers: Vec<(&str, &str)> = authorization
        .signed_headers
        .split(';')
        .filter(|name| *name != "x-amz-date")
        .filter_map(|name| Some((name, parts.headers.get(name)?.to_str().ok()?)))
        .collect();
    let host = parts.headers.get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let path = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let uri = format!("http://{host}{path}");
    let request = SignableRequest::new(parts.method.as_str(), uri, headers.into_iter(), SignableBody::Bytes(body))?;
    Ok(sign(request, &parameters)?.signature().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    const HEADERS: [(&str, &str); 2] = [("host", "127.0.0.1:4566"), ("x-amz-meta", "a  b")];

    fn signed(path: &str, body: &[u8], secret: &str, at: SystemTime) -> Parts {
        let credentials = Credentials::new("AKIAROOT", secret, None, None, "test");
        let identity = credentials.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name("kafka")
            .time(at)
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let uri = format!("http://127.0.0.1:4566{path}");
        let signable =
            SignableRequest::new("POST", uri.clone(), HEADERS.into_iter(), SignableBody::Bytes(body)).unwrap();
        let mut request = Request::builder().method("POST").uri(path);
        for (name, value) in HEADERS {
            request = request.header(name, value);
        }
        let mut request = request.body(()).unwrap();
        sign(signable, &parameters).unwrap().into_parts().0.apply_to_request_http1x(&mut request);
        request.into_parts().0
    }

    #[test]
    fn signatures() {
        let now = SystemTime::now();
        let root = Credentials::new("AKIAROOT", "secret", None, None, "test");
        let path = "/v1/clusters/arn%3Aaws%3Akafka%3Aus-east-1%3A1%3Acluster%2Fc%2Fu/topics?maxResults=1&topicNameFilter=a%20b";
        let old = now - std::time::Duration::from_hours(1);
        for (secret, body, at, expected) in [
            ("secret", &b"{}"[..], now, None),
            ("other", b"{}", now, Some("InvalidSignatureException")),
            ("secret", b"{ }", now, Some("InvalidSignatureException")),
            ("secret", b"{}", old, Some("InvalidSignatureException")),
        ] {
            let parts = signed(path, b"{}", secret, at);
            assert_eq!(check(&parts, body, &root, now).err().map(|error| error.code), expected);
        }
        let parts = Request::builder().uri("/").body(()).unwrap().into_parts().0;
        assert_eq!(check(&parts, b"", &root, now).unwrap_err().code, "MissingAuthenticationTokenException");
    }
}
