//! Bodies: a good one, changed field by field or broken as a whole, with what is then wrong.

use std::collections::BTreeSet;

use jiff::civil::Date;
use proptest::prelude::*;
use proptest::sample::select;

use super::Route;
use super::cases::{Written, Wrong};
use super::fields::fields;
use super::values::{self, any_text, quoted};
use super::world::World;

/// The largest body that is read.
pub const LIMIT: usize = 16 * 1024;

/// A body and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Body {
    pub bytes: Vec<u8>,
    pub wrong: Vec<Wrong>,
    /// What the interface says of it.
    pub written: Written,
    /// Its texts hold bytes that are no UTF-8.
    pub not_utf8: bool,
}

/// A member of an object as it is written, and what is wrong with it.
pub type Member = (String, String, Option<Wrong>);

/// What a route without a body is sent all the same.
pub fn ignored() -> BoxedStrategy<Body> {
    let bytes = prop_oneof![
        3 => Just(Vec::new()),
        2 => any_text().prop_map(String::into_bytes),
        2 => proptest::collection::vec(any::<u8>(), 0..200),
        1 => values::unreadable().prop_map(String::into_bytes),
        1 => (16_000usize..40_000).prop_map(|length| vec![b' '; length]),
    ];
    bytes.prop_map(|bytes| Body { bytes, wrong: Vec::new(), written: Written::Unsaid, not_utf8: false }).boxed()
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
    let mut wrong = Vec::new();
    for (at, (name, _, reason)) in members.iter().enumerate() {
        let overruled = members[at + 1..].iter().any(|(other, ..)| other == name);
        // What can't be read can't be overruled.
        wrong.extend(reason.clone().filter(|reason| !overruled || *reason == Wrong::Malformed));
    }
    let written = Written::of(&wrong);
    // All failed fields are told at once.
    let mut fields = BTreeSet::new();
    for wrong in &mut wrong {
        if let Wrong::Fields(names) | Wrong::Unsaid(names) = wrong {
            fields.append(names);
        }
    }
    wrong.retain(|wrong| !matches!(wrong, Wrong::Fields(_) | Wrong::Unsaid(_)));
    if !fields.is_empty() {
        wrong.push(Wrong::Fields(fields));
    }
    Body { bytes: format!("{{{}}}", text.join(",")).into_bytes(), wrong, written, not_utf8: false }
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
    .prop_map(|bytes| Body { bytes, wrong: vec![Wrong::Malformed], written: Written::Unsaid, not_utf8: false })
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
