//! Bodies: a good one, changed field by field or broken as a whole, with what is then wrong.

use std::collections::BTreeSet;

use jiff::civil::Date;
use proptest::prelude::*;
use proptest::sample::select;

use super::Route;
use super::cases::Wrong;
use super::values::{self, Given, any_text, quoted};
use super::world::{World, information};
use crate::load::driver::document;

/// The largest body that is read.
pub const LIMIT: usize = 16 * 1024;

/// A body and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Body {
    pub bytes: Vec<u8>,
    pub wrong: Vec<Wrong>,
    /// Its texts hold bytes that are no UTF-8.
    pub not_utf8: bool,
}

/// A member of an object as it is written, and what is wrong with it.
type Member = (String, String, Option<Wrong>);

/// What a route without a body is sent all the same.
pub fn ignored() -> BoxedStrategy<Body> {
    let bytes = prop_oneof![
        3 => Just(Vec::new()),
        2 => any_text().prop_map(String::into_bytes),
        2 => proptest::collection::vec(any::<u8>(), 0..200),
        1 => values::unreadable().prop_map(String::into_bytes),
        1 => (16_000usize..40_000).prop_map(|length| vec![b' '; length]),
    ];
    bytes.prop_map(|bytes| Body { bytes, wrong: Vec::new(), not_utf8: false }).boxed()
}

/// Bodies of a route that reads JSON.
pub fn json(route: Route, world: &World, today: Date) -> BoxedStrategy<Body> {
    let fields = fields(route, world, today);
    let good: Vec<Member> = fields.iter().map(|field| field.good.clone()).collect();
    let count = fields.len();
    // Mostly one field is changed, at times some or all of them.
    let changes: Vec<_> = fields.into_iter().map(|field| field.changed).collect();
    let chosen = prop_oneof![
        4 => (0..count).prop_map(move |one| (0..count).map(|at| at == one).collect::<Vec<_>>()),
        1 => proptest::collection::vec(any::<bool>(), count),
    ];
    let kept = good.clone();
    let by_field = (chosen, changes, any::<u64>()).prop_map(move |(chosen, changed, order)| {
        let members = chosen.into_iter().zip(changed).zip(&kept);
        let mut members: Vec<Member> =
            members.flat_map(|((chosen, changed), good)| if chosen { changed } else { vec![good.clone()] }).collect();
        // The order of members means nothing, but that the last of two with one name counts.
        if order % 2 == 0 && !members.is_empty() {
            let rotated = usize::try_from(order).unwrap_or_default() % members.len();
            let names: BTreeSet<_> = members.iter().map(|(name, ..)| name.clone()).collect();
            if names.len() == members.len() {
                members.rotate_left(rotated);
            }
        }
        object(&members)
    });
    let kept = good.clone();
    let with_more = more().prop_map(move |more| object(&[kept.clone(), vec![more]].concat()));
    prop_oneof![8 => by_field, 2 => with_more, 3 => broken(&good), 1 => sized(good.clone()), 1 => not_utf8(good)]
        .boxed()
}

/// Members as the object that they are. Of two with one name the last counts.
fn object(members: &[Member]) -> Body {
    let text: Vec<String> = members.iter().map(|(name, value, _)| format!("{}:{value}", quoted(name))).collect();
    let mut fields = BTreeSet::new();
    let mut wrong = Vec::new();
    for (at, (name, _, reason)) in members.iter().enumerate() {
        let overruled = members[at + 1..].iter().any(|(other, ..)| other == name);
        match reason {
            // What can't be read can't be overruled.
            Some(Wrong::Malformed) => wrong.push(Wrong::Malformed),
            _ if overruled => {}
            Some(Wrong::Fields(names)) => fields.extend(names.clone()),
            Some(other) => wrong.push(other.clone()),
            None => {}
        }
    }
    if !fields.is_empty() {
        wrong.push(Wrong::Fields(fields));
    }
    Body { bytes: format!("{{{}}}", text.join(",")).into_bytes(), wrong, not_utf8: false }
}

/// A member that nobody asked for: it is ignored, as long as it can be read.
fn more() -> BoxedStrategy<Member> {
    let name = any_text().prop_map(|text| format!("x{text}"));
    prop_oneof![
        (name, prop_oneof![values::not_text(), any_text().prop_map(|text| quoted(&text))])
            .prop_map(|(name, value)| (name, value, None)),
        values::unreadable().prop_map(|value| ("x".to_owned(), value, Some(Wrong::Malformed))),
    ]
    .boxed()
}

/// Bodies that are no JSON object.
fn broken(good: &[Member]) -> BoxedStrategy<Body> {
    let text = object(good).bytes;
    let cut = {
        let text = text.clone();
        (0..text.len()).prop_map(move |length| text[..length].to_vec())
    };
    let around = {
        let text = text.clone();
        select(vec![
            (&b"\xef\xbb\xbf"[..], &b""[..]),
            (b"", b"x"),
            (b"", b"}"),
            (b"", b"\0"),
            (b"[", b"]"),
            (b"\0", b""),
            (b"", b"{}"),
        ])
        .prop_map(move |(before, after)| [before, &text, after].concat())
    };
    let utf16 = {
        let text = String::from_utf8_lossy(&text).into_owned();
        any::<bool>().prop_map(move |little| {
            text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        })
    };
    let other = select(vec![
        "",
        " ",
        "null",
        "[]",
        "5",
        "\"text\"",
        "true",
        "email=a%40b.co",
        "<a/>",
        "{}{}",
        "{,}",
        "{\"a\"}",
        "--x",
    ]);
    prop_oneof![
        3 => cut,
        2 => around,
        1 => utf16,
        2 => other.prop_map(|text| text.as_bytes().to_vec()),
        2 => any_text().prop_map(|text| format!("x{text}").into_bytes()),
        1 => values::unreadable().prop_map(String::into_bytes),
        1 => (1usize..60, any::<u8>()).prop_map(|(length, byte)| vec![byte; length]),
    ]
    .prop_map(|bytes| Body { bytes, wrong: vec![Wrong::Malformed], not_utf8: false })
    .boxed()
}

/// Good bodies around the limit.
fn sized(good: Vec<Member>) -> BoxedStrategy<Body> {
    prop_oneof![LIMIT - 2..LIMIT + 3, LIMIT..60_000, 100_000usize..400_000]
        .prop_map(move |length| {
            let mut body = object(&good);
            let missing = length.saturating_sub(body.bytes.len());
            body.bytes.extend(vec![b' '; missing]);
            body
        })
        .boxed()
}

/// A good body beside a text with bytes that are no UTF-8.
fn not_utf8(good: Vec<Member>) -> BoxedStrategy<Body> {
    let bytes = select(vec![&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82", b"\x80"]);
    bytes
        .prop_map(move |bytes| {
            let mut body = object(&good);
            body.bytes.pop();
            body.bytes.extend([b",\"x\":\"", bytes, b"\"}"].concat());
            Body { not_utf8: true, ..body }
        })
        .boxed()
}

/// A field: as it is right, and as it is changed. A change is a member, none, or two.
struct Field {
    good: Member,
    changed: BoxedStrategy<Vec<Member>>,
}

/// A field whose failure is told by its own name.
fn field(name: &'static str, good: String, optional: bool, values: BoxedStrategy<Given>) -> Field {
    let good: Member = (name.to_owned(), good, None);
    let fails = move || Wrong::Fields([name.to_owned()].into());
    let judged = values.prop_map(move |(value, taken)| (name.to_owned(), value, (!taken).then(fails))).boxed();
    let unreadable = values::unreadable().prop_map(move |value| (name.to_owned(), value, Some(Wrong::Malformed)));
    let left_out = if optional { Vec::new() } else { vec![(format!("no {name}"), "1".to_owned(), Some(fails()))] };
    let twice = {
        let good = good.clone();
        (judged.clone(), any::<bool>())
            .prop_map(move |(other, last)| if last { vec![good.clone(), other] } else { vec![other, good.clone()] })
    };
    let changed = prop_oneof![
        8 => judged.prop_map(|member| vec![member]),
        1 => unreadable.prop_map(|member| vec![member]),
        1 => Just(left_out),
        1 => twice,
    ];
    Field { good, changed: changed.boxed() }
}

fn fields(route: Route, world: &World, today: Date) -> Vec<Field> {
    let application = || application(world);
    match route {
        Route::Submit => {
            let good = information();
            let good = |name: &str| good[name].to_string();
            vec![
                field("email", good("email"), false, values::email()),
                field("firstName", good("firstName"), false, values::name()),
                field("lastName", good("lastName"), false, values::name()),
                field("dateOfBirth", good("dateOfBirth"), false, values::date_of_birth(today)),
                field("phoneNumber", good("phoneNumber"), false, values::phone_number()),
                field("address", good("address"), true, values::address()),
            ]
        }
        Route::Upload => vec![announced()],
        Route::Process => vec![application(), named(world), agent()],
        Route::Verify => vec![application()],
        Route::Recommend => vec![application(), preferences()],
        // What was not offered keeps the customer where they are, however often a body is right otherwise.
        _ => vec![application(), not_offered()],
    }
}

/// `applicationId`: no id, nobody's, somebody else's.
fn application(world: &World) -> Field {
    let name = || "applicationId".to_owned();
    let mut field = field("applicationId", quoted(&world.application), false, values::no_id());
    let other = (name(), quoted(&world.strangers_application), Some(Wrong::Forbidden));
    let nobodys = any::<u128>()
        .prop_map(move |bits| (name(), quoted(&uuid::Uuid::from_u128(bits).to_string()), Some(Wrong::NotFound)));
    let known = prop_oneof![Just(other), nobodys].prop_map(|member| vec![member]);
    field.changed = prop_oneof![2 => field.changed, 1 => known].boxed();
    field
}

fn not_offered() -> Field {
    let wrong = Some(Wrong::OfApplication("policyId".to_owned()));
    let mut field = field("policyId", quoted("not-offered"), false, values::no_id());
    field.good.2.clone_from(&wrong);
    // A value that was overruled by the good one leaves the good one's fault.
    let shaped = "[a-z0-9-]{20,64}".prop_map(move |id| vec![("policyId".to_owned(), quoted(&id), wrong.clone())]);
    let single = field.changed.prop_filter("one at a time", |members| members.len() == 1);
    field.changed = prop_oneof![3 => single, 1 => shaped].boxed();
    field
}

fn agent() -> Field {
    let name = || "agent".to_owned();
    let judged = any_text().prop_filter("no agent", |text| text != "builtin");
    let unknown = judged.prop_map(move |text| vec![(name(), quoted(&text), Some(Wrong::Agent))]);
    let not_text =
        values::not_text().prop_map(move |value| vec![(name(), value, Some(Wrong::Fields([name()].into())))]);
    // There is an agent of that name, and this platform does not have it.
    let other = Just(vec![(name(), quoted("textract"), Some(Wrong::Agent))]);
    let null = Just(vec![(name(), "null".to_owned(), None)]);
    Field { good: (name(), quoted("builtin"), None), changed: prop_oneof![unknown, not_text, other, null].boxed() }
}

/// Lists of documents, by how each of their entries is made.
fn documents(good: String, entries: BoxedStrategy<Vec<(String, BTreeSet<String>)>>) -> Field {
    let name = || "documents".to_owned();
    let fails = move || Some(Wrong::Fields([name()].into()));
    let no_list = prop_oneof![
        values::not_text().prop_filter("no list of one to ten", |raw| !raw.starts_with('[') || raw == "[]"),
        any_text().prop_map(|text| quoted(&text)),
        Just("null".to_owned()),
        (11usize..300).prop_map(|count| format!("[{}]", vec!["{}"; count].join(","))),
    ]
    .prop_map(move |raw| vec![(name(), raw, fails())]);
    let of_entries = entries.prop_map(move |entries| {
        let raw: Vec<&str> = entries.iter().map(|(raw, _)| raw.as_str()).collect();
        let failed: BTreeSet<String> = entries
            .iter()
            .enumerate()
            .flat_map(|(at, (_, fields))| {
                fields.iter().map(move |field| {
                    if field.is_empty() { format!("documents[{at}]") } else { format!("documents[{at}].{field}") }
                })
            })
            .collect();
        let wrong = (!failed.is_empty()).then_some(Wrong::Fields(failed));
        vec![(name(), format!("[{}]", raw.join(",")), wrong)]
    });
    let unreadable =
        values::unreadable().prop_map(move |raw| vec![(name(), format!("[{raw}]"), Some(Wrong::Malformed))]);
    let missing = Just(vec![("no documents".to_owned(), "1".to_owned(), fails())]);
    Field {
        good: (name(), good, None),
        changed: prop_oneof![2 => no_list, 8 => of_entries, 1 => unreadable, 1 => missing].boxed(),
    }
}

/// An entry that is no object.
fn no_entry() -> BoxedStrategy<(String, BTreeSet<String>)> {
    let raw = prop_oneof![
        values::not_text().prop_filter("no object", |raw| !raw.starts_with('{')),
        any_text().prop_map(|text| quoted(&text)),
        Just("null".to_owned()),
    ];
    raw.prop_map(|raw| (raw, BTreeSet::from([String::new()]))).boxed()
}

const DOCUMENT_TYPES: &[&str] =
    &["PASSPORT", "ID_CARD", "RESIDENCE_PERMIT", "DRIVING_LICENCE", "PROOF_OF_ADDRESS", "FORM"];
const CONTENT_TYPES: &[&str] = &["application/pdf", "text/plain", "application/json", "image/png", "image/jpeg"];

fn announced() -> Field {
    let parts = (
        values::one_of(DOCUMENT_TYPES),
        values::file_name(),
        values::one_of(CONTENT_TYPES),
        values::size(),
        proptest::collection::vec(0u8..5, 4),
    );
    let entry = parts.prop_map(|(document_type, file_name, content_type, size, modes)| {
        let changed = [document_type, file_name, content_type, size];
        let good = ["\"PASSPORT\"", "\"a.txt\"", "\"text/plain\"", "90"];
        let names = ["documentType", "fileName", "contentType", "sizeBytes"];
        let mut failed = BTreeSet::new();
        let mut members = Vec::new();
        for (at, name) in names.into_iter().enumerate() {
            let (raw, taken) = match modes[at] {
                0 | 1 => changed[at].clone(),
                2 if at == 0 => (String::new(), false),
                _ => (good[at].to_owned(), true),
            };
            if !taken {
                failed.insert(name.to_owned());
            }
            if !raw.is_empty() {
                members.push(format!("\"{name}\":{raw}"));
            }
        }
        (format!("{{{}}}", members.join(",")), failed)
    });
    let entries = proptest::collection::vec(prop_oneof![5 => entry, 1 => no_entry()], 1..=10);
    let good = r#"[{"documentType":"PASSPORT","fileName":"a.txt","contentType":"text/plain","sizeBytes":90}]"#;
    documents(good.to_owned(), entries.boxed())
}

/// Documents by their ids: the one there is, and what is no id.
fn named(world: &World) -> Field {
    let size = document().len();
    assert!(size > 0, "the document was uploaded");
    let good = format!("{{\"documentId\":{}}}", quoted(&world.document));
    let failed = || BTreeSet::from(["documentId".to_owned()]);
    let bad = values::no_id().prop_map(move |(raw, _)| (format!("{{\"documentId\":{raw}}}"), failed()));
    let empty = Just(("{}".to_owned(), failed()));
    let others = proptest::collection::vec(prop_oneof![4 => bad, 1 => empty, 1 => no_entry()], 0..9);
    let first = good.clone();
    let entries = (others, any::<bool>()).prop_filter_map("not none", move |(mut others, with_good)| {
        if with_good {
            others.insert(0, (first.clone(), BTreeSet::new()));
        }
        (!others.is_empty()).then_some(others)
    });
    let mut field = documents(format!("[{good}]"), entries.boxed());
    let twice = Just(vec![(
        "documents".to_owned(),
        format!("[{good},{good}]"),
        Some(Wrong::Fields(["documents[1].documentId".to_owned()].into())),
    )]);
    let unknown = any::<u128>().prop_map(|bits| {
        let id = uuid::Uuid::from_u128(bits);
        let wrong = Wrong::OfApplication("documents[0].documentId".to_owned());
        vec![("documents".to_owned(), format!("[{{\"documentId\":\"{id}\"}}]"), Some(wrong))]
    });
    field.changed = prop_oneof![6 => field.changed, 1 => twice, 1 => unknown].boxed();
    field
}

fn preferences() -> Field {
    let name = || "preferences".to_owned();
    let no_object = prop_oneof![
        values::not_text().prop_filter("no object", |raw| !raw.starts_with('{')),
        any_text().prop_map(|text| quoted(&text)),
    ]
    .prop_map(move |raw| vec![(name(), raw, Some(Wrong::Fields([name()].into())))]);
    let rules: Vec<(&'static str, BoxedStrategy<Given>)> = vec![
        ("existingCoverage", values::coverages()),
        ("priorities", values::coverages()),
        ("dependants", values::count(20)),
        ("smoker", values::flag()),
        ("homeOwner", values::flag()),
        ("vehicles", values::count(20)),
        ("pets", values::count(20)),
        ("travel", prop_oneof![values::one_of(&["NEVER", "SOMETIMES", "OFTEN"]).prop_map(optional)].boxed()),
        ("budget", values::budget()),
    ];
    let names: Vec<_> = rules.iter().map(|(name, _)| *name).collect();
    let values: Vec<_> = rules.into_iter().map(|(_, values)| values).collect();
    let unknown = proptest::option::weighted(0.2, any_text().prop_map(|text| format!("y{text}")));
    let object =
        (values, proptest::collection::vec(any::<bool>(), 9), unknown).prop_map(move |(given, chosen, unknown)| {
            let mut failed = BTreeSet::new();
            let mut members = Vec::new();
            for ((name, (raw, taken)), chosen) in names.iter().zip(given).zip(chosen) {
                if chosen {
                    members.push(format!("\"{name}\":{raw}"));
                    if !taken {
                        failed.insert(format!("preferences.{name}"));
                    }
                }
            }
            if let Some(unknown) = unknown {
                members.push(format!("{}:1", quoted(&unknown)));
                failed.insert(name());
            }
            let wrong = (!failed.is_empty()).then_some(Wrong::Fields(failed));
            vec![(name(), format!("{{{}}}", members.join(",")), wrong)]
        });
    let unreadable = values::unreadable().prop_map(move |raw| vec![(name(), raw, Some(Wrong::Malformed))]);
    let left_out = Just(Vec::new());
    Field {
        good: (name(), r#"{"smoker":false,"travel":"OFTEN"}"#.to_owned(), None),
        changed: prop_oneof![3 => object, 1 => no_object, 1 => unreadable, 1 => left_out].boxed(),
    }
}

/// A field that may be left out takes null.
fn optional((raw, taken): Given) -> Given {
    let taken = taken || raw == "null";
    (raw, taken)
}
