//! The fields of each route's body, each with its good value and the values that it is changed to, judged.

use std::collections::BTreeSet;

use jiff::civil::Date;
use proptest::prelude::*;

use super::Route;
use super::bodies::Member;
use super::cases::Wrong;
use super::values::{self, Given, Verdict, any_text, quoted};
use super::world::{World, information};
use crate::load::driver::document;

/// A field: as it is right, and as it is changed. A change is a member, none, or two.
pub struct Field {
    pub good: Member,
    pub changed: BoxedStrategy<Vec<Member>>,
}

/// Fields that fail together, by the worst verdict of them.
fn failing(names: BTreeSet<String>, verdict: Verdict) -> Option<Wrong> {
    match verdict {
        Verdict::Taken => None,
        Verdict::Unsaid => Some(Wrong::Unsaid(names)),
        Verdict::Refused => Some(Wrong::Fields(names)),
    }
}

/// A field whose failure is told by its own name.
fn field(name: &'static str, good: String, optional: bool, values: BoxedStrategy<Given>) -> Field {
    let good: Member = (name.to_owned(), good, None);
    let fails = move || Wrong::Fields([name.to_owned()].into());
    let named = move || [name.to_owned()].into();
    let judged = values.prop_map(move |(value, verdict)| (name.to_owned(), value, failing(named(), verdict))).boxed();
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

/// The fields of a route's body.
pub fn fields(route: Route, world: &World, today: Date) -> Vec<Field> {
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
    let unknown = judged.prop_map(move |text| vec![(name(), quoted(&text), Some(Wrong::NoAgent))]);
    let not_text =
        values::not_text().prop_map(move |value| vec![(name(), value, Some(Wrong::Fields([name()].into())))]);
    // There is an agent of that name, and this platform does not have it.
    let other = Just(vec![(name(), quoted("textract"), Some(Wrong::Agent))]);
    let null = Just(vec![(name(), "null".to_owned(), None)]);
    Field { good: (name(), quoted("builtin"), None), changed: prop_oneof![unknown, not_text, other, null].boxed() }
}

/// An entry of a list: its JSON, the fields of it that fail (the empty name is its own), the worst verdict of them.
type Entry = (String, BTreeSet<String>, Verdict);

/// Lists of documents, by how each of their entries is made.
fn documents(good: String, entries: BoxedStrategy<Vec<Entry>>) -> Field {
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
        let raw: Vec<&str> = entries.iter().map(|(raw, ..)| raw.as_str()).collect();
        let failed: BTreeSet<String> = entries
            .iter()
            .enumerate()
            .flat_map(|(at, (_, fields, _))| {
                fields.iter().map(move |field| {
                    if field.is_empty() { format!("documents[{at}]") } else { format!("documents[{at}].{field}") }
                })
            })
            .collect();
        let worst = entries.iter().map(|(.., verdict)| *verdict).max().unwrap_or(Verdict::Taken);
        vec![(name(), format!("[{}]", raw.join(",")), failing(failed, worst))]
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
fn no_entry() -> BoxedStrategy<Entry> {
    let raw = prop_oneof![
        values::not_text().prop_filter("no object", |raw| !raw.starts_with('{')),
        any_text().prop_map(|text| quoted(&text)),
        Just("null".to_owned()),
    ];
    raw.prop_map(|raw| (raw, BTreeSet::from([String::new()]), Verdict::Refused)).boxed()
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
        let (mut failed, mut worst) = (BTreeSet::new(), Verdict::Taken);
        let mut members = Vec::new();
        for (at, name) in names.into_iter().enumerate() {
            let (raw, verdict) = match modes[at] {
                0 | 1 => changed[at].clone(),
                2 if at == 0 => (String::new(), Verdict::Refused),
                _ => (good[at].to_owned(), Verdict::Taken),
            };
            if verdict != Verdict::Taken {
                failed.insert(name.to_owned());
            }
            worst = worst.max(verdict);
            if !raw.is_empty() {
                members.push(format!("\"{name}\":{raw}"));
            }
        }
        (format!("{{{}}}", members.join(",")), failed, worst)
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
    let bad =
        values::no_id().prop_map(move |(raw, _)| (format!("{{\"documentId\":{raw}}}"), failed(), Verdict::Refused));
    let empty = Just(("{}".to_owned(), failed(), Verdict::Refused));
    let others = proptest::collection::vec(prop_oneof![4 => bad, 1 => empty, 1 => no_entry()], 0..9);
    let first = good.clone();
    let entries = (others, any::<bool>()).prop_filter_map("not none", move |(mut others, with_good)| {
        if with_good {
            others.insert(0, (first.clone(), BTreeSet::new(), Verdict::Taken));
        }
        (!others.is_empty()).then_some(others)
    });
    let mut field = documents(format!("[{good}]"), entries.boxed());
    let twice = Just(vec![(
        "documents".to_owned(),
        format!("[{good},{good}]"),
        Some(Wrong::Unsaid(["documents[1].documentId".to_owned()].into())),
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
            let (mut failed, mut worst) = (BTreeSet::new(), Verdict::Taken);
            let mut members = Vec::new();
            for ((name, (raw, verdict)), chosen) in names.iter().zip(given).zip(chosen) {
                if chosen {
                    members.push(format!("\"{name}\":{raw}"));
                    if verdict != Verdict::Taken {
                        failed.insert(format!("preferences.{name}"));
                    }
                    worst = worst.max(verdict);
                }
            }
            if let Some(unknown) = unknown {
                members.push(format!("{}:1", quoted(&unknown)));
                failed.insert(name());
                worst = Verdict::Refused;
            }
            vec![(name(), format!("{{{}}}", members.join(",")), failing(failed, worst))]
        });
    let unreadable = values::unreadable().prop_map(move |raw| vec![(name(), raw, Some(Wrong::Malformed))]);
    let left_out = Just(Vec::new());
    Field {
        good: (name(), r#"{"smoker":false,"travel":"OFTEN"}"#.to_owned(), None),
        changed: prop_oneof![3 => object, 1 => no_object, 1 => unreadable, 1 => left_out].boxed(),
    }
}

/// A field that may be left out takes null.
fn optional((raw, verdict): Given) -> Given {
    let verdict = if raw == "null" { Verdict::Taken } else { verdict };
    (raw, verdict)
}
