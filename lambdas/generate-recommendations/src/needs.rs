//! What a customer needs, as a table, and what of it nothing covers yet.

use crate::coverage::Coverage;
use crate::preferences::Travel;
use crate::profile::Profile;

/// How much a need of the customer's own choice weighs at least.
const PRIORITY_WEIGHT: u32 = 3;

/// Until which age income is usually earned.
const WORKING_YEARS: u8 = 65;

/// A need: how much it weighs, and who has it.
struct Need {
    coverage: Coverage,
    weight: u32,
    applies: fn(&Profile) -> bool,
}

/// The table. The heaviest are what can ruin somebody.
const NEEDS: [Need; 13] = [
    Need { coverage: Coverage::Liability, weight: 5, applies: |_| true },
    Need { coverage: Coverage::Health, weight: 5, applies: |_| true },
    Need { coverage: Coverage::Motor, weight: 5, applies: |profile| profile.preferences.vehicles > 0 },
    Need { coverage: Coverage::Life, weight: 5, applies: |profile| profile.preferences.dependants > 0 },
    Need { coverage: Coverage::Disability, weight: 4, applies: |profile| profile.age < WORKING_YEARS },
    Need { coverage: Coverage::Building, weight: 4, applies: |profile| profile.preferences.home_owner },
    Need { coverage: Coverage::HomeContents, weight: 3, applies: |_| true },
    Need {
        coverage: Coverage::Travel,
        weight: 3,
        applies: |profile| profile.preferences.travel == Some(Travel::Often),
    },
    Need {
        coverage: Coverage::Accident,
        weight: 2,
        applies: |profile| profile.preferences.dependants > 0 || profile.age >= 50,
    },
    Need { coverage: Coverage::Pet, weight: 2, applies: |profile| profile.preferences.pets > 0 },
    Need { coverage: Coverage::Dental, weight: 1, applies: |_| true },
    Need {
        coverage: Coverage::Legal,
        weight: 1,
        applies: |profile| profile.preferences.vehicles > 0 || profile.preferences.home_owner,
    },
    Need { coverage: Coverage::Cyber, weight: 1, applies: |profile| profile.age < 80 },
];

/// A need that nothing covers yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What is missing.
    pub coverage: Coverage,
    /// How much it weighs.
    pub weight: u32,
}

/// The gaps, the heaviest first. What the customer chose is a need as well.
pub fn gaps(profile: &Profile) -> Vec<Gap> {
    let preferences = &profile.preferences;
    let mut gaps: Vec<Gap> = NEEDS
        .iter()
        .filter(|need| !preferences.existing.contains(&need.coverage))
        .filter_map(|need| {
            let needed = if (need.applies)(profile) { need.weight } else { 0 };
            let chosen = if preferences.priorities.contains(&need.coverage) { PRIORITY_WEIGHT } else { 0 };
            let occasional = need.coverage == Coverage::Travel && preferences.travel == Some(Travel::Sometimes);
            let weight = needed.max(chosen).max(u32::from(occasional));
            (weight > 0).then_some(Gap { coverage: need.coverage, weight })
        })
        .collect();
    gaps.sort_by_key(|gap| (std::cmp::Reverse(gap.weight), gap.coverage));
    gaps
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::preferences::Preferences;
    use crate::profile::samples::plain;

    #[test]
    fn the_table_knows_every_kind_once() {
        let kinds: BTreeSet<_> = NEEDS.iter().map(|need| need.coverage).collect();
        assert_eq!(kinds, Coverage::ALL.into());
    }

    #[test]
    fn needs_by_circumstance() {
        use Coverage::{
            Accident, Building, Cyber, Dental, Disability, Health, HomeContents, Legal, Liability, Life, Motor, Pet,
            Travel as Abroad,
        };
        let always = vec![Liability, Health, Disability, HomeContents, Dental, Cyber];
        let set = |change: fn(&mut Preferences)| {
            let mut profile = plain();
            change(&mut profile.preferences);
            profile
        };
        for (profile, expected) in [
            (plain(), always.clone()),
            (
                set(|own| own.dependants = 2),
                vec![Liability, Health, Life, Disability, HomeContents, Accident, Dental, Cyber],
            ),
            (
                set(|own| own.home_owner = true),
                vec![Liability, Health, Disability, Building, HomeContents, Dental, Legal, Cyber],
            ),
            (
                set(|own| own.vehicles = 1),
                vec![Liability, Health, Motor, Disability, HomeContents, Dental, Legal, Cyber],
            ),
            (set(|own| own.pets = 1), vec![Liability, Health, Disability, HomeContents, Pet, Dental, Cyber]),
            (
                set(|own| own.travel = Some(Travel::Often)),
                vec![Liability, Health, Disability, HomeContents, Abroad, Dental, Cyber],
            ),
            (
                set(|own| own.travel = Some(Travel::Sometimes)),
                vec![Liability, Health, Disability, HomeContents, Dental, Abroad, Cyber],
            ),
            (set(|own| own.travel = Some(Travel::Never)), always.clone()),
            (
                set(|own| own.priorities = [Pet].into()),
                vec![Liability, Health, Disability, HomeContents, Pet, Dental, Cyber],
            ),
            (set(|own| own.existing = [Liability, Cyber].into()), vec![Health, Disability, HomeContents, Dental]),
            (Profile { age: 66, ..plain() }, vec![Liability, Health, HomeContents, Accident, Dental, Cyber]),
            (Profile { age: 80, ..plain() }, vec![Liability, Health, HomeContents, Accident, Dental]),
        ] {
            let found: Vec<_> = gaps(&profile).into_iter().map(|gap| gap.coverage).collect();
            assert_eq!(found, expected, "{profile:?}");
        }
    }

    #[test]
    fn nothing_is_missing_where_all_is_covered() {
        let mut profile = plain();
        profile.preferences.existing = Coverage::ALL.into();
        profile.preferences.priorities = Coverage::ALL.into();
        assert_eq!(gaps(&profile), []);
    }
}
