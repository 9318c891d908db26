//! The recommendations: for every policy that the customer may take an adjusted price, a fit and its reasons; the best
//! five of them.
//!
//! # The fit
//! A whole number from 0 to 100, the sum of four parts, each rounded down:
//!
//! | part | points | what it is |
//! |---|---|---|
//! | gaps | 0 to 50 | the weight of the gaps that the policy covers, of the weight of all gaps |
//! | aim | 0 to 15 | of what the policy covers, the share that is a gap |
//! | wishes | 0 to 15 | of the customer's priorities that are gaps, the share that it covers; 8 without such a priority |
//! | budget | 0 to 20 | 20 within the budget, falling to 0 at twice the budget; 10 without a budget in its currency |
//!
//! # What always holds (tested on arbitrary customers and policies)
//! 1. More risk never lowers a price: with a higher KYC risk, a higher country risk, smoking, or one more dependant, and all
//!    else equal, no policy costs less.
//! 2. Closing a gap elsewhere never raises the fit of a policy that covers it: once a kind of coverage exists, no policy of
//!    that kind fits better than before.
//! 3. Filling a gap never lowers the fit: a policy that covers one more of the customer's gaps, and is otherwise the same,
//!    never fits worse than without it.
//! 4. The fit is from 0 to 100, and the order is total: fit, then price a month, then id. It does not depend on the order of
//!    the catalogue.

use std::collections::BTreeSet;

use shared::api::Recommendation;

use crate::catalogue::Policy;
use crate::coverage::Coverage;
use crate::money::Premium;
use crate::needs::{Gap, gaps};
use crate::profile::Profile;

/// How many are recommended.
pub const LIMIT_RECOMMENDATIONS: usize = 5;

const GAP_POINTS: u64 = 50;
const AIM_POINTS: u64 = 15;
const WISH_POINTS: u64 = 15;
const WISH_POINTS_WITHOUT: u64 = 8;
const BUDGET_POINTS: u64 = 20;
const BUDGET_POINTS_WITHOUT: u64 = 10;

/// An offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer<'a> {
    /// Of what.
    pub policy: &'a Policy,
    /// 0 to 100.
    pub fit: u8,
    /// Why.
    pub reasons: Vec<String>,
    /// The adjusted price.
    pub premium: Premium,
}

/// The best offers, best first.
pub fn recommend<'a>(policies: &'a [Policy], profile: &Profile) -> Vec<Offer<'a>> {
    let gaps = gaps(profile);
    let mut offers: Vec<Offer<'a>> = policies
        .iter()
        .filter(|policy| policy.is_open_to(profile))
        .map(|policy| offer(policy, profile, &gaps))
        .collect();
    offers.sort_by(Offer::order);
    offers.truncate(LIMIT_RECOMMENDATIONS);
    offers
}

/// A policy's offer to a customer.
pub fn offer<'a>(policy: &'a Policy, profile: &Profile, gaps: &[Gap]) -> Offer<'a> {
    let (premium, on_top) = adjusted(policy, profile);
    let covered: Vec<&Gap> = gaps.iter().filter(|gap| policy.covers.contains(&gap.coverage)).collect();
    let wanted: BTreeSet<_> =
        gaps.iter().map(|gap| gap.coverage).filter(|kind| profile.preferences.priorities.contains(kind)).collect();
    let weight = |gaps: &mut dyn Iterator<Item = &Gap>| gaps.map(|gap| u64::from(gap.weight)).sum::<u64>();
    let gap_points = share(GAP_POINTS, weight(&mut covered.iter().copied()), weight(&mut gaps.iter()));
    let aim_points = share(AIM_POINTS, count(covered.len()), count(policy.covers.len()));
    let wish_points = if wanted.is_empty() {
        WISH_POINTS_WITHOUT
    } else {
        share(WISH_POINTS, count(wanted.intersection(&policy.covers).count()), count(wanted.len()))
    };
    let budget_points = budget_points(&premium, profile);
    let fit = u8::try_from(gap_points + aim_points + wish_points + budget_points).unwrap_or(100).min(100);
    let reasons = reasons(policy, profile, &covered, &premium, &on_top);
    Offer { policy, fit, reasons, premium }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Of `points`, the share that `part` is of `whole`, rounded down; nothing of nothing.
fn share(points: u64, part: u64, whole: u64) -> u64 {
    (points * part.min(whole)).checked_div(whole).unwrap_or(0)
}

/// 20 within the budget, falling in a straight line to 0 at twice the budget.
fn budget_points(premium: &Premium, profile: &Profile) -> u64 {
    match &profile.preferences.budget {
        Some(budget) if budget.currency == premium.money.currency => {
            let left = (2 * budget.cents).saturating_sub(premium.cents_a_month());
            share(BUDGET_POINTS, left, budget.cents)
        }
        _ => BUDGET_POINTS_WITHOUT,
    }
}

/// The price with what comes on top, and why, in per cent.
fn adjusted(policy: &Policy, profile: &Profile) -> (Premium, Vec<(&'static str, u64)>) {
    let factors = &policy.factors;
    let smoker = if profile.preferences.smoker { factors.smoker } else { 0 };
    let on_top = [
        ("risk", u64::from(factors.of_risk(profile.level()))),
        ("age", u64::from(factors.of_age(profile.age))),
        ("smoker", u64::from(smoker)),
        ("dependants", u64::from(factors.dependant) * u64::from(profile.preferences.dependants)),
    ];
    let percent = on_top.iter().map(|(_, percent)| percent).sum();
    (policy.premium.raised(percent), on_top.into_iter().filter(|(_, percent)| *percent > 0).collect())
}

fn reasons(
    policy: &Policy,
    profile: &Profile,
    covered: &[&Gap],
    premium: &Premium,
    on_top: &[(&'static str, u64)],
) -> Vec<String> {
    let list = |kinds: &mut dyn Iterator<Item = Coverage>| kinds.map(Coverage::as_str).collect::<Vec<_>>().join(", ");
    let mut reasons = Vec::new();
    let filled = list(&mut covered.iter().map(|gap| gap.coverage));
    reasons.push(if filled.is_empty() {
        "covers nothing that is missing".to_owned()
    } else {
        format!("covers what is missing: {filled}")
    });
    let existing = list(&mut policy.covers.intersection(&profile.preferences.existing).copied());
    if !existing.is_empty() {
        reasons.push(format!("covered already: {existing}"));
    }
    let wished = list(&mut policy.covers.iter().copied().filter(|kind| {
        profile.preferences.priorities.contains(kind) && covered.iter().any(|gap| gap.coverage == *kind)
    }));
    if !wished.is_empty() {
        reasons.push(format!("chosen by the customer: {wished}"));
    }
    if let Some(budget) = &profile.preferences.budget {
        let relation = match (budget.currency == premium.money.currency, premium.cents_a_month() <= budget.cents) {
            (false, _) => "in another currency than the budget",
            (true, true) => "within the budget",
            (true, false) => "above the budget",
        };
        reasons.push(relation.to_owned());
    }
    reasons.extend(on_top.iter().map(|(why, percent)| format!("price: {percent} % on top for {why}")));
    reasons
}

impl Offer<'_> {
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |offer: &Self| (std::cmp::Reverse(offer.fit), offer.premium.cents_a_month());
        key(self).cmp(&key(other)).then_with(|| self.policy.id.cmp(&other.policy.id))
    }

    /// As the answer writes it.
    pub fn answer(&self) -> Recommendation {
        Recommendation {
            policy_id: self.policy.id.clone(),
            name: self.policy.name.clone(),
            fit_score: f64::from(self.fit),
            reasons: self.reasons.clone(),
            price: self.premium.price(),
        }
    }
}

#[cfg(test)]
mod tests;
