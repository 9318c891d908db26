//! The operations that a fault may name, and which one a path of a REST service stands for: `lists/operations.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::super::route::decode;
use crate::catalogue::source::nearest;

/// Services by the name that they sign with.
static SERVICES: LazyLock<BTreeMap<&'static str, Service>> =
    LazyLock::new(|| parse(include_str!("../../lists/operations.txt")));

/// What browsers ask for, as if it were a service.
pub const EDGE: &str = "edge";

const METHODS: [&str; 6] = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"];

/// What is known of a service.
#[derive(Debug, Default)]
struct Service {
    /// The names of its operations.
    names: BTreeSet<&'static str>,
    /// Those that are told by method and path.
    routes: Vec<Route>,
}

/// One operation of a REST service.
#[derive(Debug)]
struct Route {
    method: &'static str,
    segments: Vec<&'static str>,
    queries: Vec<&'static str>,
    operation: &'static str,
}

fn parse(text: &'static str) -> BTreeMap<&'static str, Service> {
    let mut services: BTreeMap<&str, Service> = BTreeMap::new();
    let mut current = "";
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some(rest) = line.strip_prefix("  ") else {
            current = line;
            services.entry(current).or_default();
            continue;
        };
        let service = services.entry(current).or_default();
        let words: Vec<&str> = rest.split(' ').collect();
        if let [method, address, operation] = words[..]
            && METHODS.contains(&method)
        {
            let (path, queries) = address.split_once('?').unwrap_or((address, ""));
            service.names.insert(operation);
            service.routes.push(Route {
                method,
                segments: path.split('/').filter(|segment| !segment.is_empty()).collect(),
                queries: queries.split('&').filter(|query| !query.is_empty()).collect(),
                operation,
            });
        } else {
            service.names.extend(words);
        }
    }
    services
}

/// Why a name cannot be selected, and what was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// One sentence.
    pub what: String,
    /// What was probably meant, as it would be typed.
    pub meant: Option<String>,
}

/// Whether there is such a service and such an operation of it; `None` is all of them.
pub fn check(service: &str, operation: Option<&str>) -> Result<(), Unknown> {
    let Some(known) = SERVICES.get(service) else {
        let near = nearest_service(service);
        return Err(Unknown {
            what: format!("there is no service `{service}`; calls are named by the service that signs them"),
            meant: near.map(|near| format!("{near}:{}", operation.unwrap_or("*"))),
        });
    };
    let Some(operation) = operation else { return Ok(()) };
    if known.names.contains(operation) {
        return Ok(());
    }
    if known.names.is_empty() {
        return Err(Unknown {
            what: format!("the operations of {service} are not told apart here"),
            meant: Some(format!("{service}:*")),
        });
    }
    let near = nearest(operation, known.names.iter().copied());
    Err(Unknown {
        what: format!("{service} has no operation `{operation}`"),
        meant: Some(format!("{service}:{}", near.as_deref().unwrap_or("*"))),
    })
}

/// The service whose name is nearest to what was written.
pub fn nearest_service(written: &str) -> Option<String> {
    nearest(written, SERVICES.keys().copied())
}

/// The operation of a REST service that a request asks for. `copies`: whether it names a source to copy from, which
/// alone tells two operations of S3 from two others.
pub fn of_path(service: &str, method: &str, path: &str, query: Option<&str>, copies: bool) -> Option<&'static str> {
    let decoded: Vec<String> = path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect();
    let mut segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
    // The management API of a WebSocket API is found below that API's own address.
    if service == "execute-api" {
        segments.drain(..segments.iter().position(|segment| *segment == "@connections")?);
    }
    let asked: Vec<&str> = query.unwrap_or_default().split('&').collect();
    let routes = SERVICES.get(service)?.routes.iter();
    let fits = routes.filter(|route| {
        let is_copy = matches!(route.operation, "CopyObject" | "UploadPartCopy");
        let has_copy = matches!(route.operation, "CopyObject" | "UploadPartCopy" | "PutObject" | "UploadPart");
        route.method == method
            && (!has_copy || is_copy == copies)
            && matches(&route.segments, &segments)
            && route.queries.iter().all(|query| is_asked(query, &asked))
    });
    // The more a route says the more it is meant: `GET /bucket?acl` is no list.
    let words = |route: &Route| route.segments.iter().filter(|segment| !segment.contains('*')).count();
    fits.max_by_key(|route| (route.queries.len(), words(route))).map(|route| route.operation)
}

fn matches(pattern: &[&str], segments: &[&str]) -> bool {
    match (pattern.split_first(), segments.split_first()) {
        (None, None) | (Some((&"**", [])), Some(_)) => true,
        (Some((expected, pattern)), Some((segment, segments))) => {
            (*expected == "*" || expected == segment) && matches(pattern, segments)
        }
        _ => false,
    }
}

/// A query with a value must be there with it, one without must be there with any.
fn is_asked(query: &str, asked: &[&str]) -> bool {
    asked.iter().any(|found| *found == query || found.split_once('=').is_some_and(|(name, _)| name == query))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (service, operation, expected) in [
            ("dynamodb", Some("TransactWriteItems"), Ok(())),
            ("dynamodb", Some("GetRecords"), Ok(())),
            ("dynamodb", None, Ok(())),
            ("lambda", Some("Invoke"), Ok(())),
            ("ses", Some("SendEmail"), Ok(())),
            ("execute-api", Some("PostToConnection"), Ok(())),
            ("edge", Some("Api"), Ok(())),
            ("cloudfront", None, Ok(())),
            ("cloudfront", Some("GetDistribution"), Err(Some("cloudfront:*"))),
            ("dynamodb", Some("TransactWriteItem"), Err(Some("dynamodb:TransactWriteItems"))),
            ("dynamodb", Some("putitem"), Err(Some("dynamodb:PutItem"))),
            ("sns", Some("Frobnicate"), Err(Some("sns:*"))),
            ("dynamdb", Some("PutItem"), Err(Some("dynamodb:PutItem"))),
            ("dynamdb", None, Err(Some("dynamodb:*"))),
            ("nothing-like-it", None, Err(None)),
        ] {
            let found = check(service, operation).map_err(|unknown| unknown.meant);
            assert_eq!(found, expected.map_err(|meant| meant.map(str::to_owned)), "{service} {operation:?}");
        }
        assert_eq!(nearest_service("secretmanager").as_deref(), Some("secretsmanager"));
    }

    #[test]
    fn paths() {
        for (service, method, path, query, expected) in [
            ("lambda", "POST", "/2015-03-31/functions/f/invocations", Some("Qualifier=live"), Some("Invoke")),
            ("lambda", "GET", "/2015-03-31/functions/f/configuration", None, Some("GetFunctionConfiguration")),
            ("lambda", "GET", "/2015-03-31/functions/", None, Some("ListFunctions")),
            ("lambda", "GET", "/nowhere", None, None),
            ("ses", "POST", "/v2/email/outbound-emails", None, Some("SendEmail")),
            ("ses", "GET", "/v2/email/identities", None, Some("ListEmailIdentities")),
            ("ses", "POST", "/v2/email/list-identities", None, Some("ListEmailIdentities")),
            ("kafka", "GET", "/v1/clusters/arn%3Aaws%3Akafka%2Fc%2Fu/topics", None, Some("ListTopics")),
            ("execute-api", "POST", "/_aws/execute-api/api/ws/%40connections/id%3D", None, Some("PostToConnection")),
            ("execute-api", "POST", "/other", None, None),
            ("s3", "GET", "/", None, Some("ListBuckets")),
            ("s3", "PUT", "/bucket", None, Some("CreateBucket")),
            ("s3", "GET", "/bucket/", Some("list-type=2&prefix=a"), Some("ListObjectsV2")),
            ("s3", "GET", "/bucket", Some("prefix=a"), Some("ListObjects")),
            ("s3", "GET", "/bucket", Some("acl"), Some("GetBucketAcl")),
            ("s3", "GET", "/bucket/a/b%2Fc", Some("x-id=GetObject"), Some("GetObject")),
            ("s3", "PUT", "/bucket/a/b/c", None, Some("PutObject")),
            ("s3", "PUT", "/bucket/a", Some("partNumber=1&uploadId=x"), Some("UploadPart")),
            ("s3", "POST", "/bucket/a", Some("uploads="), Some("CreateMultipartUpload")),
            ("s3", "POST", "/bucket", Some("delete"), Some("DeleteObjects")),
            ("dynamodb", "POST", "/", None, None),
        ] {
            assert_eq!(of_path(service, method, path, query, false), expected, "{service} {method} {path} {query:?}");
        }
        assert_eq!(of_path("s3", "PUT", "/bucket/a", None, true), Some("CopyObject"));
        assert_eq!(of_path("s3", "PUT", "/b/a", Some("partNumber=1&uploadId=x"), true), Some("UploadPartCopy"));
    }

    #[test]
    fn the_list_is_understood() {
        for (name, service) in SERVICES.iter() {
            let odd = service.names.iter().find(|name| !name.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            assert_eq!(odd, None, "{name}");
            let is_name = |name: &&str| name.starts_with(|letter: char| letter.is_ascii_uppercase());
            assert!(service.names.iter().all(is_name), "{name}");
        }
        assert!(SERVICES.len() > 20);
    }
}
