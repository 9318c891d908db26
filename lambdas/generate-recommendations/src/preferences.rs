//! What the customer wants and has, by declared rules: every field that is malformed is told by its name, and a field
//! that there is no rule for is refused, because a slip of the pen would otherwise change the offers unseen.

pub use shared::api::Travel;

use std::collections::BTreeSet;

use serde_json::Value;
use shared::api::LIMIT_COUNT;
use shared::producer::Body;

use crate::coverage::Coverage;
use crate::money::Money;

/// The field of the request.
const FIELD: &str = "preferences";

/// What the customer wants and has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// What is covered by other policies.
    pub existing: BTreeSet<Coverage>,
    /// What matters most.
    pub priorities: BTreeSet<Coverage>,
    /// Who depends on the customer's income.
    pub dependants: u8,
    /// Whether the customer smokes.
    pub smoker: bool,
    /// Whether the home is the customer's own.
    pub home_owner: bool,
    /// Cars and motorcycles.
    pub vehicles: u8,
    /// Animals.
    pub pets: u8,
    /// How often the customer is abroad, if that was said.
    pub travel: Option<Travel>,
    /// How much a month is meant for a policy.
    pub budget: Option<Money>,
}

/// What a field must be like.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// A list of kinds of coverage, none twice.
    Coverages(fn(&mut Preferences) -> &mut BTreeSet<Coverage>),
    /// A whole number up to a limit.
    Count(u8, fn(&mut Preferences) -> &mut u8),
    /// `true` or `false`.
    Flag(fn(&mut Preferences) -> &mut bool),
    /// `NEVER`, `SOMETIMES` or `OFTEN`.
    Travel,
    /// An amount a month.
    Budget,
}

/// The rules.
const RULES: [(&str, Rule); 9] = [
    ("existingCoverage", Rule::Coverages(|preferences| &mut preferences.existing)),
    ("priorities", Rule::Coverages(|preferences| &mut preferences.priorities)),
    ("dependants", Rule::Count(LIMIT_COUNT, |preferences| &mut preferences.dependants)),
    ("smoker", Rule::Flag(|preferences| &mut preferences.smoker)),
    ("homeOwner", Rule::Flag(|preferences| &mut preferences.home_owner)),
    ("vehicles", Rule::Count(LIMIT_COUNT, |preferences| &mut preferences.vehicles)),
    ("pets", Rule::Count(LIMIT_COUNT, |preferences| &mut preferences.pets)),
    ("travel", Rule::Travel),
    ("budget", Rule::Budget),
];

/// Takes the preferences out of a body; what is wrong is noted there.
pub fn take(body: &mut Body) -> Preferences {
    let mut preferences = Preferences::default();
    let mut given = match body.take(FIELD) {
        None => return preferences,
        Some(Value::Object(given)) => given,
        Some(_) => {
            body.fail(FIELD, "must be an object");
            return preferences;
        }
    };
    for (name, rule) in RULES {
        let Some(value) = given.remove(name).filter(|value| !value.is_null()) else { continue };
        if let Err(what) = rule.apply(&value, &mut preferences) {
            body.fail(&format!("{FIELD}.{name}"), what);
        }
    }
    // A name that comes from outside may be anything, a person's say, and what is wrong travels in events and logs.
    if !given.is_empty() {
        body.fail(
            FIELD,
            format!("has a field that is not known; known are {}", RULES.map(|(name, _)| name).join(", ")),
        );
    }
    preferences
}

impl Rule {
    fn apply(self, value: &Value, preferences: &mut Preferences) -> Result<(), String> {
        match self {
            Self::Coverages(field) => *field(preferences) = coverages(value)?,
            Self::Flag(field) => *field(preferences) = value.as_bool().ok_or("must be true or false")?,
            Self::Count(limit, field) => {
                let count = value.as_u64().and_then(|count| u8::try_from(count).ok()).filter(|count| *count <= limit);
                *field(preferences) = count.ok_or_else(|| format!("must be a whole number from 0 to {limit}"))?;
            }
            Self::Travel => preferences.travel = Some(travel(value)?),
            Self::Budget => preferences.budget = Some(budget(value)?),
        }
        Ok(())
    }
}

fn coverages(value: &Value) -> Result<BTreeSet<Coverage>, String> {
    let kinds = || Coverage::ALL.map(Coverage::as_str).join(", ");
    let list = value.as_array().ok_or_else(|| format!("must be a list of {}", kinds()))?;
    let found: BTreeSet<_> = list.iter().filter_map(|entry| Coverage::of_name(entry.as_str()?)).collect();
    if found.len() == list.len() { Ok(found) } else { Err(format!("must be a list of {}, none twice", kinds())) }
}

fn travel(value: &Value) -> Result<Travel, String> {
    value.as_str().and_then(Travel::of_name).ok_or_else(|| "must be NEVER, SOMETIMES or OFTEN".to_owned())
}

fn budget(value: &Value) -> Result<Money, String> {
    let object = value.as_object().filter(|object| object.len() == 2);
    let money =
        object.and_then(|object| Money::of_number(object.get("amount")?.as_f64()?, object.get("currency")?.as_str()?));
    money.ok_or_else(|| "must be an amount a month, with at most two decimals, and a currency (EUR)".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use shared::http::Problem;

    use super::*;

    fn check(preferences: &Value) -> Result<Preferences, Problem> {
        let mut body = Body::read(json!({ FIELD: preferences }).to_string().as_bytes()).unwrap();
        let taken = take(&mut body);
        body.checked(taken)
    }

    #[test]
    fn all_fields() {
        let preferences = check(&json!({
            "existingCoverage": ["HEALTH", "LIABILITY"], "priorities": ["LIFE"], "dependants": 2, "smoker": true,
            "homeOwner": true, "vehicles": 1, "pets": 0, "travel": "OFTEN", "budget": { "amount": 49.9, "currency": "EUR" },
        }))
        .unwrap();
        assert_eq!(preferences.existing, [Coverage::Liability, Coverage::Health].into());
        assert_eq!((preferences.dependants, preferences.vehicles, preferences.travel), (2, 1, Some(Travel::Often)));
        assert_eq!(preferences.budget.unwrap().cents, 4990);
        assert_eq!(check(&json!({})), Ok(Preferences::default()));
        assert_eq!(check(&json!(null)), Ok(Preferences::default()));
        assert_eq!(check(&json!({ "smoker": null })), Ok(Preferences::default()));
    }

    /// The document has a field for each rule, and each is taken as the document's type writes it.
    #[test]
    fn the_rules_are_those_of_the_interface() {
        let amount = shared::api::Budget { amount: 12.9, currency: "EUR".into() };
        let written = json!(shared::api::Preferences {
            existing_coverage: Some(Coverage::ALL.into()),
            priorities: Some([].into()),
            dependants: Some(LIMIT_COUNT),
            smoker: Some(true),
            home_owner: Some(false),
            vehicles: Some(0),
            pets: Some(1),
            travel: Some(Travel::Never),
            budget: Some(amount),
        });
        let names: Vec<_> = written.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, RULES.map(|(name, _)| name));
        assert!(check(&written).is_ok());
    }

    #[test]
    fn every_failed_field_is_named() {
        let problem = check(&json!({
            "existingCoverage": "HEALTH", "priorities": ["LIFE", "LIFE"], "dependants": 21, "smoker": "yes", "homeOwner": 1,
            "vehicles": -1, "pets": 1.5, "travel": "often", "budget": 50, "colour": "red", "a b": 1,
        }))
        .unwrap_err();
        let names: Vec<_> = problem.fields.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "preferences",
                "preferences.budget",
                "preferences.dependants",
                "preferences.existingCoverage",
                "preferences.homeOwner",
                "preferences.pets",
                "preferences.priorities",
                "preferences.smoker",
                "preferences.travel",
                "preferences.vehicles",
            ]
        );
        assert_eq!(check(&json!([])).unwrap_err().fields["preferences"], "must be an object");
    }

    #[test]
    fn budgets() {
        for (value, accepted) in [
            (json!({ "amount": 50, "currency": "EUR" }), true),
            (json!({ "amount": 50.25, "currency": "GBP" }), true),
            (json!({ "amount": 50.255, "currency": "EUR" }), false),
            (json!({ "amount": 0, "currency": "EUR" }), false),
            (json!({ "amount": -5, "currency": "EUR" }), false),
            (json!({ "amount": "50", "currency": "EUR" }), false),
            (json!({ "amount": 50, "currency": "euro" }), false),
            (json!({ "amount": 50 }), false),
            (json!({ "amount": 50, "currency": "EUR", "period": "MONTH" }), false),
            (json!(1e308), false),
        ] {
            assert_eq!(check(&json!({ "budget": value })).is_ok(), accepted, "{value}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics_and_nothing_is_repeated(name in "[A-Z]{6}\\PC{0,50}", number: f64, text in "[a-z]{12,20}") {
            let problem = check(&json!({
                (name.clone()): text, "dependants": number, "travel": text, "budget": { "amount": number, "currency": text },
            }))
            .unwrap_err();
            prop_assert!(problem.fields.iter().all(|(field, what)| !what.contains(&text) && !field.contains(&name)));
        }
    }
}
