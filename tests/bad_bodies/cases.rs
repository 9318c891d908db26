//! Requests that are wrong in one or more ways, and what each must be answered with: the first wrong thing in the order
//! in which a request is looked at.

use std::collections::BTreeSet;

use jiff::civil::Date;
use proptest::prelude::*;
use proptest::sample::select;

use super::bodies::{self, Body};
use super::values::any_text;
use super::wire::{Framing, Sent};
use super::world::World;
use super::{Kind, Route};

/// What is wrong with a request, in the order in which it is looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// The HTTP itself.
    Wire,
    /// There is no such route.
    NoRoute,
    /// No session, or none that is valid.
    Token,
    TooLarge,
    ContentType,
    Key,
    /// No JSON object.
    Malformed,
    /// Fields of the body by their names.
    Fields(BTreeSet<String>),
    /// The same for what no schema says.
    Unsaid(BTreeSet<String>),
    /// No agent has this name.
    NoAgent,
    /// The agent is one that this platform does not have.
    Agent,
    NotFound,
    Forbidden,
    /// A field that is right in itself and wrong for this application.
    OfApplication(String),
}

/// What the written-down interface says of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Allowed,
    Refused,
    /// Nothing: it is no JSON, or what is wrong with it can't be said in a schema.
    Unsaid,
}

impl Written {
    /// Of a body with all that is wrong with it.
    pub fn of(wrong: &[Wrong]) -> Self {
        if wrong.contains(&Wrong::Malformed) {
            Self::Unsaid
        } else if wrong.iter().any(|wrong| matches!(wrong, Wrong::Fields(_) | Wrong::NoAgent)) {
            Self::Refused
        } else if wrong.iter().any(|wrong| matches!(wrong, Wrong::Unsaid(_))) {
            Self::Unsaid
        } else {
            Self::Allowed
        }
    }
}

/// What a request must be answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It is done. Where a repeated step moves the customer on, it may be refused by that state.
    Done,
    Refused {
        status: u16,
        code: &'static str,
        fields: BTreeSet<String>,
    },
    /// By the API and not by a function: no route.
    NoRoute,
    /// A client's error of any shape, or the end of the connection.
    Unreadable,
}

/// A request with what it must be answered with.
#[derive(Clone, Debug)]
pub struct Case {
    pub sent: Sent,
    pub expected: Expected,
    /// What the interface says of its body.
    pub written: Written,
    /// AWS may hand bytes that are no UTF-8 on as they are: then the body is malformed.
    pub or_malformed: bool,
}

impl Expected {
    fn of(wrong: Vec<Wrong>) -> Self {
        let refused = |status, code| Self::Refused { status, code, fields: BTreeSet::new() };
        let fields = |fields| Self::Refused { status: 400, code: "VALIDATION_FAILED", fields };
        match wrong.into_iter().min() {
            None => Self::Done,
            Some(Wrong::Wire) => Self::Unreadable,
            Some(Wrong::NoRoute) => Self::NoRoute,
            Some(Wrong::Token) => refused(401, "UNAUTHORIZED"),
            Some(Wrong::TooLarge) => refused(413, "BODY_TOO_LARGE"),
            Some(Wrong::ContentType) => refused(415, "CONTENT_TYPE"),
            Some(Wrong::Key) => refused(400, "IDEMPOTENCY_KEY"),
            Some(Wrong::Malformed) => refused(400, "BODY_MALFORMED"),
            Some(Wrong::Fields(names) | Wrong::Unsaid(names)) => fields(names),
            Some(Wrong::NoAgent | Wrong::Agent) => fields(["agent".to_owned()].into()),
            Some(Wrong::NotFound) => refused(404, "NOT_FOUND"),
            Some(Wrong::Forbidden) => refused(403, "FORBIDDEN"),
            Some(Wrong::OfApplication(name)) => fields([name].into()),
        }
    }
}

/// Requests of a route by somebody of this world.
pub fn cases(route: Route, world: &World, today: Date) -> BoxedStrategy<Case> {
    let target = if route.kind() == Kind::Read { read_target(route, world) } else { target(route) };
    (target, method(route), authorization(route, world), content_type(), key(), body(route, world, today), framing())
        .prop_map(move |(target, method, token, content_type, key, body, framing)| {
            assemble(route, target, method, token, content_type, key, body, framing)
        })
        .boxed()
}

type Part<T> = (T, Option<Wrong>);

#[expect(clippy::too_many_arguments, reason = "one for each part of a request")]
fn assemble(
    route: Route,
    (target, wrong_target): Part<Vec<u8>>,
    (method, wrong_method): Part<String>,
    (token, wrong_token): Part<Option<Vec<u8>>>,
    (content_type, wrong_content_type): Part<Option<Vec<u8>>>,
    (key, wrong_key): Part<Option<Vec<u8>>>,
    body: Body,
    framing: Framing,
) -> Case {
    let mut headers = Vec::new();
    let as_text = content_type.as_deref().is_some_and(is_passed_as_text);
    headers.extend(token.map(|token| ("authorization", token)));
    headers.extend(content_type.map(|content_type| ("content-type", content_type)));
    let mut wrong: Vec<Wrong> = [wrong_target, wrong_method, wrong_token].into_iter().flatten().collect();
    let mut or_malformed = false;
    match &framing {
        // What comes after a shorter length is another request, and nothing at all is an empty body.
        Framing::Claimed(_) | Framing::BrokenChunks | Framing::Unsaid => wrong.push(Wrong::Wire),
        Framing::Length | Framing::Chunks(_) => {}
    }
    if route.kind() == Kind::Json || route.kind() == Kind::Bare {
        headers.extend(key.map(|key| ("idempotency-key", key)));
        wrong.extend(wrong_key);
        wrong.extend((body.bytes.len() > bodies::LIMIT).then_some(Wrong::TooLarge));
    }
    if route.kind() == Kind::Json {
        wrong.extend(wrong_content_type);
        or_malformed = body.not_utf8;
        wrong.extend(if body.not_utf8 && !as_text { vec![Wrong::Malformed] } else { body.wrong });
    }
    let written = if route.kind() == Kind::Json && !body.not_utf8 { body.written } else { Written::Unsaid };
    let sent = Sent { method, target, headers, framing, body: body.bytes };
    Case { sent, expected: Expected::of(wrong), written, or_malformed }
}

/// The content types that API Gateway hands on as text; other bodies arrive as their bytes.
fn is_passed_as_text(content_type: &[u8]) -> bool {
    let media_type = String::from_utf8_lossy(content_type).split(';').next().unwrap_or_default().trim().to_lowercase();
    media_type.starts_with("text/") || media_type == "application/json"
}

/// The route's path, rarely another that only looks like it.
fn target(route: Route) -> BoxedStrategy<Part<Vec<u8>>> {
    let path = route.path();
    let others = select(vec![
        format!("{path}/"),
        format!("{path}/x"),
        path.to_uppercase().replacen("/API", "/api", 1),
        format!("{path}%00"),
        path.replacen("/api/", "/api/./", 1),
        path.replacen("/api/", "/api/../api/", 1),
    ])
    .prop_map(|path| (path.into_bytes(), Some(Wrong::NoRoute)));
    let queries = "[a-zA-Z0-9%&=+._~-]{0,80}".prop_map(move |query| (format!("{path}?{query}").into_bytes(), None));
    prop_oneof![46 => Just((path.as_bytes().to_vec(), None)), 2 => queries, 2 => others].boxed()
}

/// Paths of a route that reads: its parameter is anything.
fn read_target(route: Route, world: &World) -> BoxedStrategy<Part<Vec<u8>>> {
    let around = move |parameter: &str| route.path().replacen("{}", parameter, 1).into_bytes();
    let (own, other) = match route {
        Route::Status => (world.application.clone(), world.strangers_application.clone()),
        _ => (world.customer.clone(), world.stranger.clone()),
    };
    // Nobody is told whether another customer exists.
    let unknown = if route == Route::Status { Wrong::NotFound } else { Wrong::Forbidden };
    let escaped = any_text()
        .prop_filter("one segment", |text| !text.is_empty())
        .prop_map(|text| text.bytes().take(3_000).map(|byte| format!("%{byte:02X}")).collect::<String>());
    let plain = prop_oneof!["[a-zA-Z0-9_-]{1,60}", (200usize..6_000).prop_map(|length| "a".repeat(length))]
        .prop_map(move |parameter| (around(&parameter), Some(unknown.clone())));
    let odd = select(vec![
        "..",
        ".",
        "%2e%2e",
        "%2F",
        "a%2Fb",
        "%00",
        "%",
        "%zz",
        "%C0%AF",
        "{customerId}",
        "a;b",
        "*",
        "a:b@c",
    ]);
    // Whether an escaped letter is one, and whether an escaped slash ends a segment, is the API's to say.
    let strange = prop_oneof![escaped, odd.prop_map(str::to_owned)]
        .prop_map(move |parameter| (around(&parameter), Some(Wrong::NoRoute)));
    let raw = proptest::collection::vec(prop_oneof![0u8..0x20, 0x80u8..=0xff], 1..20)
        .prop_map(move |bytes| ([&b"/api/user/"[..], &bytes, b"/progress"].concat(), Some(Wrong::Wire)));
    let nowhere =
        select(vec!["", "/", "a/b", "a/b/c/d"]).prop_map(move |parameter| (around(parameter), Some(Wrong::NoRoute)));
    let long = (70_000usize..200_000).prop_map(move |length| (around(&"a".repeat(length)), Some(Wrong::Wire)));
    prop_oneof![
        2 => Just((around(&own), None)),
        3 => Just((around(&other), Some(Wrong::Forbidden))),
        6 => plain,
        6 => strange,
        2 => raw,
        2 => nowhere,
        1 => long,
    ]
    .boxed()
}

fn method(route: Route) -> BoxedStrategy<Part<String>> {
    let right = if route.kind() == Kind::Read { "GET" } else { "POST" };
    let others: Vec<_> =
        ["GET", "POST", "PUT", "PATCH", "DELETE", "BREW"].into_iter().filter(|method| *method != right).collect();
    prop_oneof![
        48 => Just((right.to_owned(), None)),
        1 => select(others).prop_map(|method| (method.to_owned(), Some(Wrong::NoRoute))),
    ]
    .boxed()
}

/// `Authorization`: mostly the customer's own token.
fn authorization(route: Route, world: &World) -> BoxedStrategy<Part<Option<Vec<u8>>>> {
    let bearer = |token: &str| Some(format!("Bearer {token}").into_bytes());
    let token = world.token.clone();
    let tampered = (0..token.len(), "[A-Za-z0-9_-]").prop_filter_map("another token", move |(at, letter)| {
        // The last letter of a part carries bits that may be ignored.
        let inside = !matches!(token.as_bytes().get(at + 1), None | Some(b'.')) && token.as_bytes()[at] != b'.';
        let changed = [&token[..at], &letter, &token[at + 1..]].concat();
        (inside && changed != token).then(|| bearer(&changed))
    });
    let unsigned = {
        let payload = world.token.split('.').nth(1).unwrap_or_default().to_owned();
        // {"alg":"none","typ":"JWT"}
        Just(bearer(&format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.")))
    };
    let noise = prop_oneof![
        "[!-~]{1,200}".prop_map(move |text| bearer(&text)),
        "[A-Za-z0-9_-]{1,40}\\.[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,80}".prop_map(move |text| bearer(&text)),
        (1_000usize..6_000).prop_map(move |length| bearer(&"a".repeat(length))),
        select(vec![
            "",
            "Bearer",
            "Bearer ",
            "Basic dXNlcjpwYXNz",
            "bearer",
            "Token abc",
            ",",
            "Bearer a b c",
            "Digest x=1"
        ])
        .prop_map(|text| Some(text.as_bytes().to_vec())),
        proptest::collection::vec(0x80u8..=0xff, 1..30).prop_map(|bytes| Some([&b"Bearer "[..], &bytes].concat())),
    ];
    let wrong = prop_oneof![3 => tampered, 1 => unsigned, 4 => noise].prop_map(|token| (token, Some(Wrong::Token)));
    // API Gateway takes headers of 10240 bytes together.
    let long = (12_000usize..60_000).prop_map(move |length| (bearer(&"a".repeat(length)), Some(Wrong::Wire)));
    let none = (None, (!route.is_open()).then_some(Wrong::Token));
    prop_oneof![88 => Just((bearer(&world.token), None)), 6 => wrong, 1 => long, 4 => Just(none)].boxed()
}

fn content_type() -> BoxedStrategy<Part<Option<Vec<u8>>>> {
    let right = select(vec![
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=utf-16",
        "application/json ; boundary=x",
        "application/problem+json",
        "application/vnd.a.b+json; v=1",
    ])
    .prop_map(|text| (Some(text.as_bytes().to_vec()), None));
    let wrong = prop_oneof![
        select(vec![
            "text/plain",
            "text/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
            "application/jsonx",
            "application/ json",
            "json",
            "*/*",
            "application/json, text/plain",
            "application/+json ,",
        ])
        .prop_map(|text| Some(text.as_bytes().to_vec())),
        "[!-:<-~]{1,60}"
            .prop_filter("another type", |text| !text.to_lowercase().ends_with("json"))
            .prop_map(|text| Some(text.into_bytes())),
        proptest::collection::vec(0x80u8..=0xff, 1..20).prop_map(Some),
        Just(None),
    ]
    .prop_map(|content_type| (content_type, Some(Wrong::ContentType)));
    prop_oneof![45 => Just((Some(b"application/json".to_vec()), None)), 3 => right, 3 => wrong].boxed()
}

/// `Idempotency-Key`: mostly none.
fn key() -> BoxedStrategy<Part<Option<Vec<u8>>>> {
    let good = any::<u128>().prop_map(|bits| (Some(format!("{bits:032x}").into_bytes()), None));
    // Fewer than eight different digits among 32 are as good as impossible; those are left out by the filter.
    let good = good.prop_filter("random enough", |(key, _): &Part<Option<Vec<u8>>>| {
        key.iter().flatten().collect::<BTreeSet<_>>().len() >= 8
    });
    let long = (256usize..5_000).prop_map(|length| "a1b2c3d4e5f6".repeat(length / 12 + 22).into_bytes());
    let bad = prop_oneof![
        long,
        select(vec!["", "a b", "a\tb"]).prop_map(|text| text.as_bytes().to_vec()),
        any_text().prop_filter_map("not ASCII", |text| {
            let bytes: Vec<u8> = text.bytes().filter(|byte| *byte >= 0x80).collect();
            (!bytes.is_empty()).then_some(bytes)
        }),
    ]
    .prop_map(|key| (Some(key), Some(Wrong::Key)));
    prop_oneof![40 => Just((None, None)), 6 => good, 3 => bad].boxed()
}

fn body(route: Route, world: &World, today: Date) -> BoxedStrategy<Body> {
    if route.kind() == Kind::Json { bodies::json(route, world, today) } else { bodies::ignored() }
}

fn framing() -> BoxedStrategy<Framing> {
    let claimed = prop_oneof![
        (100_000usize..10_000_000).prop_map(|length| length.to_string()),
        select(vec!["abc", "-5", "1e3", "0x10", "99999999999999999999999", "5, 6", "", "+5", "5 5"])
            .prop_map(str::to_owned),
    ];
    prop_oneof![
        70 => Just(Framing::Length),
        3 => (1usize..5_000).prop_map(Framing::Chunks),
        2 => claimed.prop_map(Framing::Claimed),
        1 => Just(Framing::BrokenChunks),
        1 => Just(Framing::Unsaid),
    ]
    .boxed()
}
