//! What a request asks for: its service, its operation, who signed it, and the protocol that its answer has to speak.

use http::header::CONTENT_TYPE;
use http::request::Parts;

use super::super::{route, signature};
use super::operations;

/// How a service speaks (Smithy's AWS protocols).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// awsJson 1.0 or 1.1, which is its second number.
    Json(u8),
    /// awsQuery.
    Query,
    /// ec2Query.
    Ec2,
    /// rpcv2Cbor.
    Cbor,
    /// restJson1.
    RestJson,
    /// restXml as S3 speaks it, without an envelope around the error.
    S3,
    /// restXml.
    RestXml,
}

/// A call as far as faults look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The service, by the name that it is signed for.
    pub service: String,
    /// The operation, where it can be told.
    pub operation: Option<String>,
    /// The access key that signed it.
    pub key: String,
    /// How the service speaks.
    pub protocol: Protocol,
}

/// The service and the access key of a signed request, also of one that is signed in its query (a presigned URL).
pub fn signed(parts: &Parts) -> Option<(String, String)> {
    if let Some(authorization) = signature::authorization(parts) {
        return Some((authorization.service.to_owned(), authorization.key.to_owned()));
    }
    let scope = route::query(&parts.uri, "X-Amz-Credential")?;
    let [key, _date, _region, service, _terminator] = scope.split('/').collect::<Vec<_>>()[..] else { return None };
    Some((service.to_owned(), key.to_owned()))
}

/// Whether the operation stands in the body.
pub fn is_form(parts: &Parts) -> bool {
    header(parts, CONTENT_TYPE.as_str()).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

/// Reads a signed request. `body` is only looked at where [`is_form`].
pub fn read(parts: &Parts, body: &[u8], service: String, key: String) -> Call {
    let kind = header(parts, CONTENT_TYPE.as_str()).unwrap_or_default();
    let target = header(parts, "x-amz-target").and_then(|target| target.rsplit_once('.'));
    let path = parts.uri.path();
    let (protocol, operation) = if header(parts, "smithy-protocol") == Some("rpc-v2-cbor") {
        (Protocol::Cbor, path.rsplit_once("/operation/").map(|(_, operation)| operation.to_owned()))
    } else if let Some((_, operation)) = target {
        let version = u8::from(kind.starts_with("application/x-amz-json-1.1"));
        (Protocol::Json(version), Some(operation.to_owned()))
    } else if is_form(parts) || route::query(&parts.uri, "Action").is_some() {
        let protocol = if service == "ec2" { Protocol::Ec2 } else { Protocol::Query };
        (protocol, action(body).or_else(|| route::query(&parts.uri, "Action")))
    } else {
        let copies = parts.headers.contains_key("x-amz-copy-source");
        let path = if service == "s3" { s3_path(parts) } else { path.to_owned() };
        let operation = operations::of_path(&service, parts.method.as_str(), &path, parts.uri.query(), copies);
        let protocol = match service.as_str() {
            "s3" => Protocol::S3,
            "cloudfront" => Protocol::RestXml,
            _ => Protocol::RestJson,
        };
        (protocol, operation.map(str::to_owned))
    };
    Call { service, operation, key, protocol }
}

/// The path with the bucket, which a virtual-hosted address has in the name of the host.
fn s3_path(parts: &Parts) -> String {
    let host = header(parts, "host").unwrap_or_default();
    let is_bucket = |(bucket, rest): (&str, &str)| {
        !bucket.is_empty() && (rest.starts_with("localhost") || rest.starts_with("s3")) && bucket != "s3"
    };
    match host.split_once('.').filter(|parts| is_bucket(*parts)) {
        Some((bucket, _)) => format!("/{bucket}{}", parts.uri.path()),
        None => parts.uri.path().to_owned(),
    }
}

fn action(body: &[u8]) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(body);
    pairs.find(|(name, _)| name == "Action").map(|(_, value)| value.into_owned())
}

fn header<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn parts(method: &str, uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn operations_of_every_protocol() {
        let form = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
        let json = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "DynamoDB_20120810.PutItem")];
        let json1 = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "secretsmanager.GetSecretValue")];
        let cbor = [("smithy-protocol", "rpc-v2-cbor")];
        let hosted = [("host", "my-bucket.s3.localhost:4566")];
        for (service, method, uri, headers, body, protocol, operation) in [
            ("dynamodb", "POST", "/", &json[..], "", Protocol::Json(0), Some("PutItem")),
            ("secretsmanager", "POST", "/", &json1, "", Protocol::Json(1), Some("GetSecretValue")),
            ("sns", "POST", "/", &form, "Version=1&Action=Publish&Message=a", Protocol::Query, Some("Publish")),
            ("sns", "GET", "/?Action=ListTopics", &[], "", Protocol::Query, Some("ListTopics")),
            ("ec2", "POST", "/", &form, "Action=RunInstances", Protocol::Ec2, Some("RunInstances")),
            (
                "monitoring",
                "POST",
                "/service/GraniteServiceVersion20100801/operation/PutMetricData",
                &cbor,
                "",
                Protocol::Cbor,
                Some("PutMetricData"),
            ),
            (
                "lambda",
                "POST",
                "/2015-03-31/functions/f/invocations",
                &[],
                "Action=x",
                Protocol::RestJson,
                Some("Invoke"),
            ),
            ("s3", "PUT", "/bucket/key", &[], "", Protocol::S3, Some("PutObject")),
            ("s3", "PUT", "/key", &hosted, "", Protocol::S3, Some("PutObject")),
            ("s3", "PUT", "/bucket", &[("host", "127.0.0.1:1")], "", Protocol::S3, Some("CreateBucket")),
            ("s3", "PUT", "/bucket", &[("host", "s3.us-east-1.amazonaws.com")], "", Protocol::S3, Some("CreateBucket")),
            ("cloudfront", "GET", "/2020-05-31/distribution", &[], "", Protocol::RestXml, None),
        ] {
            let call = read(&parts(method, uri, headers), body.as_bytes(), service.into(), "key".into());
            assert_eq!((call.protocol, call.operation.as_deref()), (protocol, operation), "{service} {method} {uri}");
        }
    }

    #[test]
    fn signers() {
        let header =
            "AWS4-HMAC-SHA256 Credential=ASIA1/20261123/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0";
        let presigned = "/b/k?X-Amz-Credential=ASIA2%2F20261123%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0";
        for (uri, headers, expected) in [
            ("/", vec![("authorization", header)], Some(("sns", "ASIA1"))),
            (presigned, vec![], Some(("s3", "ASIA2"))),
            ("/", vec![], None),
            ("/?X-Amz-Credential=x", vec![], None),
            ("/", vec![("authorization", "Bearer x")], None),
        ] {
            let found = signed(&parts("GET", uri, &headers));
            assert_eq!(found, expected.map(|(service, key)| (service.to_owned(), key.to_owned())), "{uri}");
        }
    }
}
