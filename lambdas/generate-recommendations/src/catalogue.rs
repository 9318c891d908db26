//! The policy catalogue: `data/policies.toml` and what a file has to be like.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Deserialize;
use shared::data_file::{DataFile, Refused};
use toml::Spanned;

use crate::coverage::Coverage;
use crate::money::{Money, Period, Premium};
use crate::profile::{Level, Profile};

/// The file that the function carries.
pub const FILE: DataFile<'static> = DataFile { name: "policies.toml", text: include_str!("../data/policies.toml") };

/// From which age on anybody may be a customer.
const ADULT_YEARS: u8 = 18;

/// More than this on top of a price is a slip of the pen.
const LIMIT_PERCENT: u16 = 500;

/// One policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it pays for.
    pub covers: BTreeSet<Coverage>,
    /// What it costs before it is adjusted.
    pub premium: Premium,
    /// Who may take it, in completed years.
    pub ages: Ages,
    /// Where one must live to take it; none: everywhere.
    pub countries: Option<BTreeSet<String>>,
    /// What comes on top.
    pub factors: Factors,
}

/// Ages from and to; none: no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ages {
    /// The first.
    pub from: u8,
    /// The last.
    #[serde(default)]
    pub to: Option<u8>,
}

/// Per cent on top of the price.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factors {
    /// By the level of the risk profile.
    #[serde(default)]
    pub risk: RiskFactors,
    /// For smokers.
    #[serde(default)]
    pub smoker: u16,
    /// For each dependant.
    #[serde(default)]
    pub dependant: u16,
    /// By age.
    #[serde(default)]
    pub age: Vec<AgeFactor>,
}

/// Per cent by the level of the risk profile; nothing for the low one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskFactors {
    /// For the medium one.
    pub medium: u16,
    /// For the high one.
    pub high: u16,
}

/// Per cent for a band of ages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeFactor {
    /// The first age.
    pub from: u8,
    /// The last; none: no end.
    #[serde(default)]
    pub to: Option<u8>,
    /// How much.
    pub percent: u16,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    policy: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    name: Spanned<String>,
    covers: Spanned<Vec<Coverage>>,
    price: Spanned<GivenPrice>,
    ages: Spanned<Ages>,
    #[serde(default)]
    countries: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    factors: Option<Spanned<Factors>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenPrice {
    amount: String,
    currency: String,
    period: Period,
}

impl Ages {
    /// Whether an age lies between.
    pub fn contain(self, age: u8) -> bool {
        age >= self.from && self.to.is_none_or(|to| age <= to)
    }
}

impl Policy {
    /// Whether the customer may take it. Where a customer lives must be known for a policy that depends on it.
    pub fn is_open_to(&self, profile: &Profile) -> bool {
        let lives_there =
            |countries: &BTreeSet<String>| profile.country.as_ref().is_some_and(|own| countries.contains(own));
        self.ages.contain(profile.age) && self.countries.as_ref().is_none_or(lives_there)
    }
}

impl Factors {
    /// Per cent for a level of the risk profile.
    pub const fn of_risk(&self, level: Level) -> u16 {
        match level {
            Level::Low => 0,
            Level::Medium => self.risk.medium,
            Level::High => self.risk.high,
        }
    }

    /// Per cent for an age.
    pub fn of_age(&self, age: u8) -> u16 {
        let band = self.age.iter().find(|band| Ages { from: band.from, to: band.to }.contain(age));
        band.map_or(0, |band| band.percent)
    }
}

/// Reads a catalogue.
pub fn load(file: &DataFile) -> Result<Vec<Policy>, Refused> {
    let read: File = file.read()?;
    let mut ids = BTreeSet::new();
    let mut policies = Vec::with_capacity(read.policy.len());
    for entry in read.policy {
        if !ids.insert(entry.id.get_ref().clone()) {
            return Err(file.refuse(&entry.id.span(), "the id is there twice"));
        }
        policies.push(policy(entry).map_err(|(span, reason)| file.refuse(&span, reason))?);
    }
    let open_to_all =
        |policy: &Policy| policy.ages == Ages { from: ADULT_YEARS, to: None } && policy.countries.is_none();
    if !policies.iter().any(open_to_all) {
        return Err(file.refuse(&(0..0), "no policy is open to everybody: a customer could stand before an empty list"));
    }
    Ok(policies)
}

type Wrong = (Range<usize>, String);

fn wrong<T>(span: Range<usize>, reason: &str) -> Result<T, Wrong> {
    Err((span, reason.to_owned()))
}

fn policy(entry: Entry) -> Result<Policy, Wrong> {
    let is_id = |text: &str| {
        !text.is_empty()
            && text.len() <= 64
            && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
    };
    if !is_id(entry.id.get_ref()) {
        return wrong(entry.id.span(), "the id is not made of lower case letters, digits and hyphens");
    }
    if entry.name.get_ref().trim().is_empty() {
        return wrong(entry.name.span(), "the name is empty");
    }
    let covers: BTreeSet<_> = entry.covers.get_ref().iter().copied().collect();
    if covers.is_empty() || covers.len() != entry.covers.get_ref().len() {
        return wrong(entry.covers.span(), "covers nothing, or something twice");
    }
    let given = entry.price.get_ref();
    let Some(money) = Money::read(&given.amount, &given.currency) else {
        return wrong(entry.price.span(), "the price is no amount like 12.90 of a currency like EUR");
    };
    let ages = *entry.ages.get_ref();
    if ages.from < ADULT_YEARS || ages.to.is_some_and(|to| to < ages.from) {
        return wrong(entry.ages.span(), "the ages begin below 18 or end before they begin");
    }
    let countries = entry.countries.map(countries).transpose()?;
    let factors = entry.factors.map(factors).transpose()?.unwrap_or_default();
    Ok(Policy {
        id: entry.id.into_inner(),
        name: entry.name.into_inner(),
        covers,
        premium: Premium { money, period: given.period },
        ages,
        countries,
        factors,
    })
}

fn countries(given: Spanned<Vec<String>>) -> Result<BTreeSet<String>, Wrong> {
    let span = given.span();
    let count = given.get_ref().len();
    let countries: BTreeSet<String> = given.into_inner().into_iter().collect();
    if countries.is_empty() || countries.len() != count {
        return wrong(span, "there is no country, or one twice");
    }
    if countries.iter().any(|country| country.len() != 2 || !country.bytes().all(|c| c.is_ascii_uppercase())) {
        return wrong(span, "a country is no alpha-2 code");
    }
    Ok(countries)
}

fn factors(given: Spanned<Factors>) -> Result<Factors, Wrong> {
    let span = given.span();
    let factors = given.into_inner();
    if factors.risk.high < factors.risk.medium {
        return wrong(span, "a high risk costs less than a medium one");
    }
    let percents = [factors.risk.high, factors.smoker, factors.dependant];
    if percents.into_iter().chain(factors.age.iter().map(|band| band.percent)).any(|percent| percent > LIMIT_PERCENT) {
        return wrong(span, "a factor is above 500 per cent");
    }
    let ends_early = factors.age.iter().any(|band| band.to.is_some_and(|to| to < band.from));
    let overlap = factors.age.windows(2).any(|bands| bands[0].to.is_none_or(|to| bands[1].from <= to));
    if ends_early || overlap {
        return wrong(span, "the bands of ages overlap, are out of order, or end before they begin");
    }
    Ok(factors)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[[policy]]\nid = 'a'\nname = 'A'\ncovers = ['LIFE']\n\
        price = { amount = '5.90', currency = 'EUR', period = 'MONTH' }\nages = { from = 18 }\n";

    #[test]
    fn the_file_is_good_and_covers_everything() {
        let policies = load(&FILE).unwrap();
        assert!((10..=14).contains(&policies.len()));
        let covered: BTreeSet<_> = policies.iter().flat_map(|policy| policy.covers.iter().copied()).collect();
        assert_eq!(covered, Coverage::ALL.into());
    }

    #[test]
    fn its_countries_are_those_where_customers_may_live() {
        let known: toml::Table = include_str!("../../perform-kyc/data/countries.toml").parse().unwrap();
        for policy in load(&FILE).unwrap() {
            for country in policy.countries.into_iter().flatten() {
                let supported = known["countries"]
                    .get(&country)
                    .is_some_and(|country| country["supported"].as_bool() == Some(true));
                assert!(supported, "{}: {country}", policy.id);
            }
        }
    }

    #[test]
    fn a_bad_file_is_refused_with_line_and_reason() {
        for (from, to, expected) in [
            ("id = 'a'", "id = 'A b'", "line 2: the id is not made"),
            ("name = 'A'", "name = ' '", "line 3: the name is empty"),
            ("name = 'A'", "", "line 1: missing field `name`"),
            ("['LIFE']", "[]", "line 4: covers nothing"),
            ("['LIFE']", "['LIFE', 'LIFE']", "line 4: covers nothing, or something twice"),
            ("['LIFE']", "['AFTERLIFE']", "line 4: unknown variant"),
            ("'5.90'", "'5.9'", "line 5: the price is no amount"),
            ("'5.90'", "5.9", "line 5: invalid type"),
            ("'EUR'", "'Euro'", "line 5: the price is no amount"),
            ("'MONTH'", "'WEEK'", "line 5: unknown variant"),
            ("from = 18", "from = 17", "line 6: the ages begin below 18"),
            ("from = 18", "from = 18, to = 17", "line 6: the ages begin below 18 or end"),
            ("from = 18", "from = 300", "line 6: invalid value"),
            ("from = 18", "from = 18, to = 99", "line 1: no policy is open to everybody"),
            ("{ from = 18 }\n", "{ from = 18 }\ncountries = []\n", "line 7: there is no country"),
            (
                "{ from = 18 }\n",
                "{ from = 18 }\ncountries = ['DE', 'DE']\n",
                "line 7: there is no country, or one twice",
            ),
            ("{ from = 18 }\n", "{ from = 18 }\ncountries = ['DEU']\n", "line 7: a country is no alpha-2 code"),
            ("{ from = 18 }\n", "{ from = 18 }\nfactor = 1\n", "line 7: unknown field `factor`"),
            (
                "{ from = 18 }\n",
                "{ from = 18 }\n[policy.factors]\nrisk = { medium = 2, high = 1 }\n",
                "line 7: a high risk",
            ),
            ("{ from = 18 }\n", "{ from = 18 }\n[policy.factors]\nsmoker = 501\n", "line 7: a factor is above 500"),
            ("{ from = 18 }\n", "{ from = 18 }\n[policy.factors]\nsmoker = -1\n", "line 8: invalid value"),
            (
                "{ from = 18 }\n",
                "{ from = 18 }\n[policy.factors]\nage = [{ from = 18, to = 30, percent = 1 }, { from = 30, percent = 2 }]\n",
                "line 7: the bands of ages overlap",
            ),
            ("{ from = 18 }\n", "{ from = 18 }\n[[policy]]\nid = 'a'", "line 7: missing field"),
        ] {
            let text = GOOD.replace(from, to);
            let refused = load(&DataFile { name: "p.toml", text: &text }).unwrap_err().to_string();
            assert!(refused.starts_with(&format!("p.toml, {expected}")), "{to}: {refused}");
        }
        let twice = GOOD.repeat(2);
        let refused = load(&DataFile { name: "p.toml", text: &twice }).unwrap_err().to_string();
        assert_eq!(refused, "p.toml, line 8: the id is there twice");
        assert!(load(&DataFile { name: "p.toml", text: GOOD }).is_ok());
    }
}
