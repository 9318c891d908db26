//! Examples, and the four properties on arbitrary customers and policies.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::catalogue::{self, AgeFactor, Ages, Factors, RiskFactors};
use crate::money::{LIMIT_CENTS, Money, Period};
use crate::preferences::{Preferences, Travel};
use crate::profile::Level;
use crate::profile::samples::plain;

fn ids(profile: &Profile) -> Vec<String> {
    let policies = catalogue::load(&catalogue::FILE).unwrap();
    recommend(&policies, profile).iter().map(|offer| offer.policy.id.clone()).collect()
}

fn of(id: &str, profile: &Profile) -> Recommendation {
    let policies = catalogue::load(&catalogue::FILE).unwrap();
    let policy = policies.iter().find(|policy| policy.id == id).unwrap();
    offer(policy, profile, &gaps(profile)).answer()
}

#[test]
fn customers_get_what_they_miss() {
    let plain = plain();
    assert_eq!(ids(&plain).len(), 5);
    let mut family = plain.clone();
    family.preferences.dependants = 2;
    assert_eq!(ids(&family)[0], "family-protection");
    let mut driver = plain.clone();
    driver.preferences.vehicles = 1;
    driver.preferences.priorities = [Coverage::Motor].into();
    assert_eq!(ids(&driver)[0], "motor-comfort");
    driver.country = Some("JP".into());
    assert!(!ids(&driver).contains(&"motor-comfort".to_owned()));
    driver.country = None;
    assert!(!ids(&driver).contains(&"motor-comfort".to_owned()));
    let old = Profile { age: 101, ..plain };
    assert!(ids(&old).contains(&"liability-private".to_owned()));
    assert!(!ids(&old).contains(&"health-basic".to_owned()));
}

#[test]
fn nobody_stands_before_an_empty_list() {
    let mut insured = Profile { age: 120, country: Some("BR".into()), ..plain() };
    insured.preferences.existing = Coverage::ALL.into();
    let policies = catalogue::load(&catalogue::FILE).unwrap();
    let offers = recommend(&policies, &insured);
    assert!(!offers.is_empty());
    assert!(offers[0].reasons.contains(&"covers nothing that is missing".to_owned()));
}

#[test]
fn an_offer_in_detail() {
    let mut profile = Profile { kyc_risk: Level::Medium, ..plain() };
    profile.preferences.smoker = true;
    profile.preferences.dependants = 1;
    profile.preferences.existing = [Coverage::Accident].into();
    profile.preferences.priorities = [Coverage::Life].into();
    profile.preferences.budget = Money::read("60.00", "EUR");
    let offer = of("family-protection", &profile);
    // 38.90 with 20 % for risk, 35 % for age, 60 % for smoking and 6 % for a dependant on top.
    assert_eq!((offer.price.amount.to_string().as_str(), offer.price.period.as_str()), ("85.97", "MONTH"));
    assert_eq!(
        offer.reasons,
        [
            "covers what is missing: LIFE, DISABILITY",
            "covered already: ACCIDENT",
            "chosen by the customer: LIFE",
            "above the budget",
            "price: 20 % on top for risk",
            "price: 35 % on top for age",
            "price: 60 % on top for smoker",
            "price: 6 % on top for dependants",
        ]
    );
    // Gaps: life 5 and disability 4 of 24 give 18; aim 2 of 3 gives 10; wishes 15; budget 3403 of 6000 gives 11.
    assert!((offer.fit_score - 54.0).abs() < f64::EPSILON, "{}", offer.fit_score);
}

#[test]
fn budgets_in_another_currency_are_not_compared() {
    let mut profile = plain();
    profile.preferences.budget = Money::read("1.00", "USD");
    let offer = of("liability-private", &profile);
    assert!(offer.reasons.contains(&"in another currency than the budget".to_owned()));
    assert!((offer.fit_score - of("liability-private", &plain()).fit_score).abs() < f64::EPSILON);
}

/// Few, so that the last wish and the only coverage come up as well.
fn coverages(least: usize) -> impl Strategy<Value = BTreeSet<Coverage>> {
    subsequence(Coverage::ALL.to_vec(), least..=4).prop_map(|kinds| kinds.into_iter().collect())
}

fn level() -> impl Strategy<Value = Level> {
    select(vec![Level::Low, Level::Medium, Level::High])
}

fn travel() -> impl Strategy<Value = Option<Travel>> {
    select(vec![None, Some(Travel::Never), Some(Travel::Sometimes), Some(Travel::Often)])
}

fn budget() -> impl Strategy<Value = Option<Money>> {
    proptest::option::of(
        (1..20_000_u64, select(vec!["EUR", "USD"]))
            .prop_map(|(cents, currency)| Money { cents, currency: currency.to_owned() }),
    )
}

/// Some of them the same, so that there are ties.
fn prices() -> impl Strategy<Value = u64> {
    prop_oneof![Just(1200), 1..LIMIT_CENTS / 1000]
}

prop_compose! {
    fn preferences()(
        existing in coverages(0), priorities in coverages(0), dependants in 0..=20_u8, smoker: bool, home_owner: bool,
        vehicles in 0..3_u8, pets in 0..3_u8, travel in travel(), budget in budget(),
    ) -> Preferences {
        Preferences { existing, priorities, dependants, smoker, home_owner, vehicles, pets, travel, budget }
    }
}

prop_compose! {
    fn profile()(
        age in 18..120_u8, kyc_risk in level(), country_risk in level(), preferences in preferences(),
        country in proptest::option::of(select(vec!["DE", "US", "JP"])),
    ) -> Profile {
        Profile { age, kyc_risk, country_risk, country: country.map(str::to_owned), preferences }
    }
}

prop_compose! {
    fn policy()(
        id in "[a-z]{1,3}", covers in coverages(1), cents in prices(), yearly: bool, medium in 0..100_u16,
        more in 0..100_u16, smoker in 0..100_u16, dependant in 0..50_u16, band in 18..90_u8, percent in 0..200_u16,
        countries in proptest::option::of(select(vec!["DE", "US"])),
    ) -> Policy {
        let period = if yearly { Period::Year } else { Period::Month };
        Policy {
            name: id.clone(), id, covers, premium: Premium { money: Money { cents, currency: "EUR".into() }, period },
            ages: Ages { from: 18, to: None },
            countries: countries.map(|country| [country.to_owned()].into()),
            factors: Factors {
                risk: RiskFactors { medium, high: medium + more }, smoker, dependant,
                age: vec![AgeFactor { from: band, to: None, percent }],
            },
        }
    }
}

fn fit(policy: &Policy, profile: &Profile) -> u8 {
    offer(policy, profile, &gaps(profile)).fit
}

fn cents(policy: &Policy, profile: &Profile) -> u64 {
    offer(policy, profile, &gaps(profile)).premium.money.cents
}

proptest! {
    #[test]
    fn more_risk_never_lowers_a_price(policy in policy(), profile in profile(), kyc in level(), country in level()) {
        let mut riskier = profile.clone();
        riskier.kyc_risk = riskier.kyc_risk.max(kyc);
        riskier.country_risk = riskier.country_risk.max(country);
        prop_assert!(cents(&policy, &riskier) >= cents(&policy, &profile));
        riskier.preferences.smoker = true;
        prop_assert!(cents(&policy, &riskier) >= cents(&policy, &profile));
        riskier.preferences.dependants += 1;
        prop_assert!(cents(&policy, &riskier) >= cents(&policy, &profile));
    }

    #[test]
    fn a_gap_closed_elsewhere_never_raises_the_fit(policy in policy(), profile in profile()) {
        for kind in &policy.covers {
            let mut covered = profile.clone();
            covered.preferences.existing.insert(*kind);
            prop_assert!(fit(&policy, &covered) <= fit(&policy, &profile), "{:?}", kind);
        }
    }

    #[test]
    fn a_gap_that_is_filled_never_lowers_the_fit(policy in policy(), profile in profile()) {
        for gap in gaps(&profile) {
            let mut more = policy.clone();
            more.covers.insert(gap.coverage);
            prop_assert!(fit(&more, &profile) >= fit(&policy, &profile), "{:?}", gap);
        }
    }

    #[test]
    fn the_order_is_total_and_does_not_depend_on_the_catalogues(
        mut policies in proptest::collection::vec(policy(), 0..12), profile in profile(),
    ) {
        policies.sort_by(|one, other| one.id.cmp(&other.id));
        policies.dedup_by(|one, other| one.id == other.id);
        // A twin of each, so that only the id is left to decide.
        policies.extend(policies.clone().into_iter().map(|policy| Policy { id: format!("twin-{}", policy.id), ..policy }));
        let answers = |policies: &[Policy]| recommend(policies, &profile).iter().map(Offer::answer).collect::<Vec<_>>();
        let forwards = answers(&policies);
        policies.reverse();
        prop_assert_eq!(&answers(&policies), &forwards);
        prop_assert!(forwards.len() <= LIMIT_RECOMMENDATIONS);
        prop_assert!(forwards.iter().all(|offer| (0.0..=100.0).contains(&offer.fit_score)));
        prop_assert!(forwards.windows(2).all(|pair| pair[0].fit_score >= pair[1].fit_score));
        let ids: BTreeSet<_> = forwards.iter().map(|offer| &offer.policy_id).collect();
        prop_assert_eq!(ids.len(), forwards.len());
    }
}
