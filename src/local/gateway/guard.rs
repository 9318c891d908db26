//! Refuses requests that name a host which is not this computer, so that a web page cannot reach the platform by
//! pointing its own name at 127.0.0.1 (DNS rebinding).

use http::Request;
use http::header::HOST;

/// Whether a `Host` header (or the authority of an absolute URI) names this computer.
pub fn is_local<B>(request: &Request<B>) -> bool {
    let header = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    let named = header.or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
    named.is_some_and(|host| is_loopback_name(without_port(host)))
}

/// Whether a `Host` header is one that AWS clients of this platform send. Virtual-hosted names end in `.localhost`;
/// names below `amazonaws.com` come from SDKs that are told to connect elsewhere, and nobody else can own one.
pub fn is_endpoint<B>(request: &Request<B>) -> bool {
    let header = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    let Some(host) = header.map(without_port) else { return true };
    is_loopback_name(host) || host.ends_with(".localhost") || host.ends_with(".amazonaws.com")
}

fn is_loopback_name(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1" || host == "[::1]"
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(host: &str) -> Request<()> {
        Request::builder().uri("/").header(HOST, host).body(()).unwrap()
    }

    #[test]
    fn hosts() {
        for (host, local, endpoint) in [
            ("127.0.0.1:4566", true, true),
            ("localhost", true, true),
            ("LocalHost:80", true, true),
            ("[::1]:80", true, true),
            ("[::1]", true, true),
            ("bucket.localhost:80", false, true),
            ("kafka.us-east-1.amazonaws.com", false, true),
            ("evil.example:4566", false, false),
            ("127.0.0.1.evil.example", false, false),
            ("10.0.0.1:80", false, false),
            ("", false, false),
        ] {
            assert_eq!(is_local(&request(host)), local, "{host} at the edge");
            assert_eq!(is_endpoint(&request(host)), endpoint, "{host} at the AWS endpoint");
        }
    }
}
