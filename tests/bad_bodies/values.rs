//! Values for the fields of bodies, each as it is written in JSON and with whether the field takes it. The verdict is
//! the contract's, made here from how the value was made, and not asked of the code under test.

use jiff::civil::Date;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

/// Whether a field takes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Taken,
    /// Refused for what no schema says: a number's spelling, a day that is yet to come.
    Unsaid,
    /// Refused for its type, its length, its form or because it is no word of a list: the schema refuses it too.
    Refused,
}

use Verdict::{Refused, Taken, Unsaid};

impl Verdict {
    fn taken_if(taken: bool) -> Self {
        if taken { Taken } else { Refused }
    }
}

/// A value as JSON text, and whether the field takes it.
pub type Given = (String, Verdict);

/// Text as JSON.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn all(values: &'static [&'static str], taken: Verdict) -> BoxedStrategy<Given> {
    select(values).prop_map(move |text| (quoted(text), taken)).boxed()
}

/// Text of all planes, and of the corners that programs stumble over.
pub fn any_text() -> BoxedStrategy<String> {
    let corners = select(vec![
        "\u{202e}Ada\u{202c}",
        "\u{200b}",
        "\u{200d}\u{fe0f}",
        "A\u{301}\u{302}\u{303}",
        "\u{feff}Ada",
        "\u{0}",
        "a\u{7}b",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "\u{10ffff}",
        "\u{fffd}",
        "עדה",
        "آدا",
        "李",
        "\u{2028}",
        "\u{85}",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "${jndi:ldap://a}",
        "../../etc/passwd",
        "%00",
        "\r\nX-Injected: 1",
    ]);
    prop_oneof![
        4 => proptest::collection::vec(any::<char>(), 0..40).prop_map(|letters| letters.into_iter().collect()),
        2 => (corners, 1usize..30).prop_map(|(text, times)| text.repeat(times)),
        1 => (select(vec!['a', 'ß', '李', '\u{1f600}', '\u{301}']), 90usize..3_000).prop_map(|(letter, times)| {
            letter.to_string().repeat(times)
        }),
    ]
    .boxed()
}

/// JSON that parses and is no text, whatever it is.
pub fn not_text() -> BoxedStrategy<String> {
    prop_oneof![
        select(vec![
            "5",
            "-1.5",
            "-0",
            "1e308",
            "123456789012345678901234567890",
            "true",
            "false",
            "[]",
            "{}",
            "[\"x\"]",
            "{\"a\":1}",
            "[null]",
            "4.9406564584124654e-324",
        ])
        .prop_map(str::to_owned),
        (2usize..100).prop_map(|depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth))),
        any::<i64>().prop_map(|number| number.to_string()),
    ]
    .boxed()
}

/// A value that no parser may take as JSON, or that ours refuses: half a surrogate pair, a number that no double holds,
/// nesting that would exhaust a stack.
pub fn unreadable() -> BoxedStrategy<String> {
    let texts = vec![
        "NaN",
        "Infinity",
        "-Infinity",
        "undefined",
        "1e400",
        "-1e999",
        "01",
        "+1",
        ".5",
        "1.",
        "0x10",
        "'a'",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u12\"",
        "\"\\x41\"",
        "\"a\nb\"",
        "\"a\u{1}b\"",
        "\"a",
        "tru",
        "[1,]",
        "{\"a\":}",
        "{a:1}",
        "[1 2]",
        "\"a\"\"b\"",
        "//",
        "/* */1",
    ];
    prop_oneof![
        3 => select(texts).prop_map(str::to_owned),
        1 => (200usize..7_000).prop_map(|depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth))),
        1 => (200usize..2_000).prop_map(|depth| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth))),
        1 => (200usize..7_000).prop_map(|depth| "[".repeat(depth)),
    ]
    .boxed()
}

/// A field that takes text: what is no text, and text by its own strategy.
fn text_field(texts: BoxedStrategy<Given>) -> BoxedStrategy<Given> {
    prop_oneof![2 => not_text().prop_map(|raw| (raw, Refused)), 1 => Just(("null".to_owned(), Refused)), 5 => texts]
        .boxed()
}

/// A name: letters in it, no control characters, 100 characters at most.
pub fn name() -> BoxedStrategy<Given> {
    let judged = any_text().prop_map(|text| {
        let trimmed = text.trim();
        let line = (1..=100).contains(&trimmed.chars().count()) && !trimmed.chars().any(char::is_control);
        let letters = trimmed.chars().any(char::is_alphabetic);
        (quoted(&text), if line && !letters { Unsaid } else { Verdict::taken_if(line) })
    });
    let limit = (98usize..104).prop_map(|length| (quoted(&"é".repeat(length)), Verdict::taken_if(length <= 100)));
    let no_letters = all(&["12", "-", "\u{1f600}", "\u{200b}\u{200b}"], Unsaid);
    text_field(prop_oneof![3 => judged, 1 => limit, 2 => all(&["", " ", "\t"], Refused), 2 => no_letters].boxed())
}

/// An e-mail address.
pub fn email() -> BoxedStrategy<Given> {
    let without = any_text().prop_map(|text| (quoted(&text.replace('@', "")), Refused));
    let long = (250usize..2_000).prop_map(|length| (quoted(&format!("{}@example.com", "a".repeat(length))), Refused));
    let refused: &[&str] = &[
        "",
        "@",
        "a@",
        "@b.co",
        "a@b",
        "a b@c.de",
        "a@b..co",
        "a@b.co\u{0}",
        "a@b.co\r\nBcc: c@d.co",
        "a@b@c.de",
        "a@b c.de",
        "a\u{202e}b@c.d\u{0}e",
        "<a@b.co>",
        "Ada <a@b.co>",
        "a@b.co, c@d.co",
        "a@.co",
        "a@b_c.de",
    ];
    text_field(
        prop_oneof![
            without,
            long,
            // Which of these are addresses is said by a format, and validators differ in what they take for one.
            all(refused, Unsaid),
            all(&["a@bad-bodies.example", "a+b.c@x.bad-bodies.example"], Taken)
        ]
        .boxed(),
    )
}

fn days(year: i32, month: i32) -> i32 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 => 28 + i32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// A date of birth: a real day before today, not more than 130 calendar years ago.
pub fn date_of_birth(today: Date) -> BoxedStrategy<Given> {
    let today = (i32::from(today.year()), i32::from(today.month()), i32::from(today.day()));
    let calendar = (1880i32..2050, 0i32..=13, 0i32..=32).prop_map(move |(year, month, day)| {
        let real = (1..=12).contains(&month) && (1..=days(year, month)).contains(&day);
        let lived = (year, month, day) < today && year >= today.0 - 130;
        (
            quoted(&format!("{year:04}-{month:02}-{day:02}")),
            if real && !lived { Unsaid } else { Verdict::taken_if(real) },
        )
    });
    // Nothing that has a letter is a date.
    let words = any_text().prop_map(|text| (quoted(&format!("d{text}")), Refused));
    let refused: &[&str] = &[
        "",
        "0000-00-00",
        "1990-1-1",
        "1990-12-10T00:00:00Z",
        "١٩٩٠-١٢-١٠",
        "-1990-12-10",
        "+001990-12-10",
        "1990/12/10",
        "19901210",
        "1990-12-1O",
        "1900-02-29",
        "1990-12-10\u{0}",
        "1990-W50-1",
    ];
    text_field(
        prop_oneof![6 => calendar, 2 => words, 4 => all(refused, Refused), 1 => all(&["9999-12-31"], Unsaid)].boxed(),
    )
}

/// An E.164 phone number.
pub fn phone_number() -> BoxedStrategy<Given> {
    let words = any_text().prop_map(|text| (quoted(text.trim_start().trim_start_matches('+')), Refused));
    let long = (16usize..300).prop_map(|length| (quoted(&format!("+{}", "4".repeat(length))), Refused));
    let refused: &[&str] = &[
        "",
        "+",
        "++442071838750",
        "+44 20 7183 8750",
        "+44-2071838750",
        "+0442071838750",
        "+12345",
        "+４４２０７１８３８７５０",
        "+44207183875a",
        "tel:+442071838750",
        "+442071838750;ext=1",
        "+\u{0}442071838750",
    ];
    let no_country = all(&["+9991234567890"], Unsaid);
    let good = all(&["+442071838750", "+491701234567"], Taken);
    text_field(prop_oneof![4 => words, 4 => long, 4 => all(refused, Refused), 1 => no_country, 4 => good].boxed())
}

fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= 500
}

/// An address: a text or an object of texts. It may be left out, so null is taken.
pub fn address() -> BoxedStrategy<Given> {
    let one = any_text().prop_map(|text| (quoted(&text), Verdict::taken_if(is_line(&text))));
    let limit = (498usize..504).prop_map(|length| (quoted(&"李".repeat(length)), Verdict::taken_if(length <= 500)));
    let lines = proptest::collection::vec(("[a-zA-Z]{0,50}", any_text()), 0..16).prop_map(|lines| {
        let object: serde_json::Map<String, Value> = lines.into_iter().map(|(key, line)| (key, line.into())).collect();
        let fits = |(key, line): (&String, &Value)| (1..=40).contains(&key.len()) && line.as_str().is_some_and(is_line);
        let taken = (1..=12).contains(&object.len()) && object.iter().all(fits);
        (Value::Object(object).to_string(), Verdict::taken_if(taken))
    });
    let other = select(vec![
        "5",
        "true",
        "[]",
        "{}",
        "[\"1 Example Street\"]",
        "{\"street\":5}",
        "{\"street\":null}",
        "{\"street\":{\"a\":\"b\"}}",
        "\"\"",
        "\" \"",
        "{\"street\":\"\"}",
    ])
    .prop_map(|raw| (raw.to_owned(), Refused));
    prop_oneof![4 => one, 1 => limit, 4 => lines, 4 => other, 4 => Just(("null".to_owned(), Taken))].boxed()
}

/// What is no id: ids are letters, digits, hyphens, 64 at most.
pub fn no_id() -> BoxedStrategy<Given> {
    let odd = any_text().prop_map(|text| (quoted(&format!("{text} ")), Refused));
    let long = (65usize..2_000).prop_map(|length| (quoted(&"a".repeat(length)), Refused));
    text_field(prop_oneof![odd, long, all(&["", " ", "a/b", "a.b", "a\u{0}", "é", "{}", "*"], Refused)].boxed())
}

/// One of these texts exactly.
pub fn one_of(names: &'static [&'static str]) -> BoxedStrategy<Given> {
    let other =
        any_text().prop_filter("a name", |text| !names.iter().any(|name| name.eq_ignore_ascii_case(text.trim())));
    text_field(prop_oneof![3 => other.prop_map(|text| (quoted(&text), Refused)), 1 => all(names, Taken)].boxed())
}

/// A file's name: 200 characters at most, none of them for control.
pub fn file_name() -> BoxedStrategy<Given> {
    let judged = any_text().prop_map(|text| {
        let trimmed = text.trim();
        let taken = (1..=200).contains(&trimmed.chars().count()) && !trimmed.chars().any(char::is_control);
        (quoted(&text), Verdict::taken_if(taken))
    });
    let limit = (198usize..204).prop_map(|length| (quoted(&"ß".repeat(length)), Verdict::taken_if(length <= 200)));
    text_field(prop_oneof![5 => judged, 1 => limit].boxed())
}

/// A size: whole, 1 to 10 MiB.
pub fn size() -> BoxedStrategy<Given> {
    let most = 10 * 1024 * 1024;
    let judged = move |number: i64| (number.to_string(), Verdict::taken_if((1..=most).contains(&number)));
    prop_oneof![
        any::<i64>().prop_map(judged),
        (0i64..20_000_000).prop_map(judged),
        (most - 2..most + 3).prop_map(judged),
        any::<f64>()
            .prop_filter("no size", |number| number.is_finite() && number.fract() != 0.0)
            .prop_map(|number| (format!("{number:e}"), Refused)),
        select(vec!["null", "\"5\"", "true", "[]", "{}", "1.5", "1e300", "123456789012345678901234567890", "-0"])
            .prop_map(|raw| (raw.to_owned(), Refused)),
        // To a schema the same number as 1000.
        Just(("1e3".to_owned(), Unsaid)),
    ]
    .boxed()
}

/// A count up to `most`; it may be left out.
pub fn count(most: i64) -> BoxedStrategy<Given> {
    let judged = move |number: i64| (number.to_string(), Verdict::taken_if((0..=most).contains(&number)));
    prop_oneof![
        (-5i64..300).prop_map(judged),
        (most - 2..most + 3).prop_map(judged),
        any::<i64>().prop_map(judged),
        select(vec!["\"1\"", "true", "[]", "1.5", "1e308", "18446744073709551616"])
            .prop_map(|raw| (raw.to_owned(), Refused)),
        Just(("null".to_owned(), Taken)),
    ]
    .boxed()
}

/// `true` or `false`; it may be left out.
pub fn flag() -> BoxedStrategy<Given> {
    let wrong = select(vec!["0", "1", "\"true\"", "[]", "{}"]).prop_map(|raw| (raw.to_owned(), Refused));
    let right = select(vec!["true", "false", "null"]).prop_map(|raw| (raw.to_owned(), Taken));
    prop_oneof![wrong, right].boxed()
}

/// Kinds of coverage, none twice; they may be left out.
pub fn coverages() -> BoxedStrategy<Given> {
    let known = vec!["LIABILITY", "HEALTH", "LIFE"];
    let listed = proptest::collection::vec(select(known), 0..5).prop_map(|list| {
        let different: std::collections::BTreeSet<_> = list.iter().collect();
        (serde_json::json!(list).to_string(), Verdict::taken_if(different.len() == list.len()))
    });
    let wrong = prop_oneof![
        any_text().prop_map(|text| (serde_json::json!([format!("no{text}")]).to_string(), Refused)),
        select(vec!["5", "\"HEALTH\"", "{}", "[5]", "[null]", "[[]]"]).prop_map(|raw| (raw.to_owned(), Refused)),
    ];
    prop_oneof![listed, wrong, Just(("null".to_owned(), Taken))].boxed()
}

/// A budget; it may be left out.
pub fn budget() -> BoxedStrategy<Given> {
    let cents = (-100i64..100_000).prop_map(|cents| {
        let amount = format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100);
        (format!("{{\"amount\":{amount},\"currency\":\"EUR\"}}"), Verdict::taken_if(cents > 0))
    });
    let wrong = select(vec![
        "5",
        "[]",
        "{}",
        "{\"amount\":5}",
        "{\"amount\":\"5\",\"currency\":\"EUR\"}",
        "{\"amount\":5,\"currency\":\"eur\"}",
        "{\"amount\":1000000.01,\"currency\":\"EUR\"}",
        "{\"amount\":1e308,\"currency\":\"EUR\"}",
        "{\"amount\":5,\"currency\":5}",
        "{\"amount\":5,\"currency\":\"EUR\",\"more\":1}",
    ])
    .prop_map(|raw| (raw.to_owned(), Refused));
    // A step of a hundredth is what binary fractions can't be held against.
    let decimals = Just((r#"{"amount":5.005,"currency":"EUR"}"#.to_owned(), Unsaid));
    let most = Just((r#"{"amount":1000000,"currency":"EUR"}"#.to_owned(), Taken));
    prop_oneof![4 => cents, 4 => wrong, 1 => decimals, 1 => most, 4 => Just(("null".to_owned(), Taken))].boxed()
}
