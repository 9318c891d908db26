//! Decides which faults strike: a pure function of the faults, of what happens, and of the time. The same faults and
//! the same order of what happens give the same decisions; only `for` depends on the clock.

use super::spec::{Calls, Effect, Spec, What};

/// Something that a fault may strike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occasion<'a> {
    /// A call of an operation.
    Call {
        /// The service that it is signed for.
        service: &'a str,
        /// The operation, where it can be told.
        operation: Option<&'a str>,
        /// Who calls, where that is known.
        caller: Option<&'a str>,
    },
    /// An event was handed to a function.
    Invocation {
        /// The function's physical name.
        function: &'a str,
    },
    /// A function handled a batch of Kafka records.
    Delivery {
        /// The function's physical name.
        function: &'a str,
    },
    /// CloudFormation is about to make or change a resource.
    Resource {
        /// Its logical id.
        logical_id: &'a str,
    },
}

/// A fault and what became of it.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Its number, from 1, in the order of adding.
    pub id: u64,
    /// What was asked for.
    pub spec: Spec,
    /// When it ends, in milliseconds of the book's clock; `None`: when it is cleared.
    pub ends_ms: Option<u64>,
    /// How often what happened was what it is about, while it could strike.
    pub matched: u64,
    /// How often it struck.
    pub struck: u64,
}

/// Whether a fault may still strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It may.
    Active,
    /// It struck as often as it should.
    Spent,
    /// Its time is over.
    Over,
}

impl State {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Spent => "spent",
            Self::Over => "over",
        }
    }
}

impl Fault {
    /// Whether it may still strike.
    pub fn state(&self, now_ms: u64) -> State {
        if self.spec.limits.count.is_some_and(|count| self.struck >= count) {
            State::Spent
        } else if self.ends_ms.is_some_and(|end| now_ms >= end) {
            State::Over
        } else {
            State::Active
        }
    }

    fn selects(&self, occasion: &Occasion<'_>) -> bool {
        let has = |names: &[String], name: &str| names.iter().any(|known| known == name);
        match (&self.spec.what, occasion) {
            (What::Call { calls, .. }, Occasion::Call { service, operation, caller }) => {
                is_of(calls, service, *operation)
                    && (calls.callers.is_empty() || caller.is_some_and(|caller| has(&calls.callers, caller)))
            }
            (What::Kill { functions, .. }, Occasion::Invocation { function })
            | (What::DeliverTwice { functions }, Occasion::Delivery { function }) => has(functions, function),
            (What::FailResource { logical_id: wanted }, Occasion::Resource { logical_id }) => wanted == logical_id,
            _ => false,
        }
    }

    /// Counts a match; whether the fault strikes it.
    fn meets(&mut self) -> bool {
        let index = self.matched;
        self.matched += 1;
        let limits = &self.spec.limits;
        self.matched >= limits.nth && limits.rate.is_none_or(|rate| draw(limits.seed, index) < rate)
    }
}

/// Whether these calls are of this operation, whoever calls.
pub fn is_of(calls: &Calls, service: &str, operation: Option<&str>) -> bool {
    calls.service == service
        && match (&calls.operation, operation) {
            (None, _) => true,
            (Some(wanted), found) => found == Some(wanted),
        }
}

/// A fault that strikes.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its number.
    pub id: u64,
    /// What happens.
    pub what: What,
}

/// The faults that strike this. Delays add up; of all others only the first that would strike does, because a call can
/// end in one way only. Each counts what it is about, so that none of them changes what another one decides.
pub fn plan(faults: &mut [Fault], occasion: &Occasion<'_>, now_ms: u64) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut ended = false;
    for fault in faults {
        if fault.state(now_ms) != State::Active || !fault.selects(occasion) || !fault.meets() {
            continue;
        }
        let is_delay = matches!(fault.spec.what, What::Call { effect: Effect::Delay { .. }, .. });
        if is_delay || !ended {
            ended |= !is_delay;
            fault.struck += 1;
            hits.push(Hit { id: fault.id, what: fault.spec.what.clone() });
        }
    }
    hits
}

/// The `index`th number between 0 and 1 of a seed. `SplitMix64` (Steele, Lea, Flood, 2014) computes each of its numbers
/// from the seed and a counter alone, so a decision depends on nothing but how many matches came before it.
fn draw(seed: u64, index: u64) -> f64 {
    let mut z = seed.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds")]
    let fraction = (z >> 11) as f64 / (1_u64 << 53) as f64;
    fraction
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::spec::Limits;
    use super::*;

    const ALWAYS: Limits = Limits { nth: 1, count: None, rate: None, seed: 0, for_ms: None };

    fn fault(id: u64, what: What, limits: Limits) -> Fault {
        Fault { id, ends_ms: limits.for_ms, spec: Spec { what, limits }, matched: 0, struck: 0 }
    }

    fn on(operation: &str, callers: &[&str], effect: Effect) -> What {
        let callers = callers.iter().map(ToString::to_string).collect();
        What::Call { calls: Calls::parse(operation, callers).unwrap(), effect }
    }

    fn call<'a>(service: &'a str, operation: Option<&'a str>, caller: Option<&'a str>) -> Occasion<'a> {
        Occasion::Call { service, operation, caller }
    }

    #[test]
    fn selection() {
        let (put, all) = (on("dynamodb:PutItem", &[], Effect::Cut), on("dynamodb:*", &[], Effect::Cut));
        let hers = on("dynamodb:PutItem", &["f", "g"], Effect::Cut);
        let kill = What::Kill { functions: vec!["f".into()], after_ms: 0 };
        let twice = What::DeliverTwice { functions: vec!["f".into()] };
        let resource = What::FailResource { logical_id: "A".into() };
        for (what, occasion, expected) in [
            (&put, call("dynamodb", Some("PutItem"), None), true),
            (&put, call("dynamodb", Some("GetItem"), None), false),
            (&put, call("dynamodb", None, None), false),
            (&put, call("sns", Some("PutItem"), None), false),
            (&all, call("dynamodb", Some("GetItem"), None), true),
            (&all, call("dynamodb", None, None), true),
            (&hers, call("dynamodb", Some("PutItem"), Some("g")), true),
            (&hers, call("dynamodb", Some("PutItem"), Some("h")), false),
            (&hers, call("dynamodb", Some("PutItem"), None), false),
            (&kill, Occasion::Invocation { function: "f" }, true),
            (&kill, Occasion::Invocation { function: "g" }, false),
            (&kill, Occasion::Delivery { function: "f" }, false),
            (&twice, Occasion::Delivery { function: "f" }, true),
            (&twice, Occasion::Invocation { function: "f" }, false),
            (&resource, Occasion::Resource { logical_id: "A" }, true),
            (&resource, Occasion::Resource { logical_id: "B" }, false),
            (&What::StopBroker, call("dynamodb", Some("PutItem"), None), false),
        ] {
            let mut faults = [fault(1, what.clone(), ALWAYS)];
            assert_eq!(plan(&mut faults, &occasion, 0).len() == 1, expected, "{what:?} {occasion:?}");
            assert_eq!((faults[0].matched, faults[0].struck), (u64::from(expected), u64::from(expected)));
        }
    }

    #[test]
    fn limits() {
        let strikes = |limits: &Limits, times: &[u64]| {
            let mut faults = [fault(1, on("sns:*", &[], Effect::Throttle), limits.clone())];
            let hits = times.iter().map(|now| plan(&mut faults, &call("sns", None, None), *now).len()).collect();
            (hits, faults[0].state(*times.last().unwrap()))
        };
        for (limits, times, hits, state) in [
            (ALWAYS, vec![0, 0, 0], vec![1, 1, 1], State::Active),
            (Limits { count: Some(2), ..ALWAYS }, vec![0, 0, 0], vec![1, 1, 0], State::Spent),
            (Limits { nth: 3, ..ALWAYS }, vec![0, 0, 0, 0], vec![0, 0, 1, 1], State::Active),
            (Limits { nth: 2, count: Some(1), ..ALWAYS }, vec![0, 0, 0], vec![0, 1, 0], State::Spent),
            (Limits { for_ms: Some(10), ..ALWAYS }, vec![0, 9, 10], vec![1, 1, 0], State::Over),
            (Limits { rate: Some(1.0), ..ALWAYS }, vec![0, 0], vec![1, 1], State::Active),
        ] {
            assert_eq!(strikes(&limits, &times), (hits, state), "{limits:?}");
        }
    }

    #[test]
    fn a_call_ends_in_one_way_and_delays_add_up() {
        let delay = |by_ms| on("sns:*", &[], Effect::Delay { by_ms });
        let mut faults = [
            fault(1, delay(1), ALWAYS),
            fault(2, on("sns:Publish", &[], Effect::Throttle), Limits { count: Some(1), ..ALWAYS }),
            fault(3, on("sns:*", &[], Effect::Cut), ALWAYS),
            fault(4, delay(2), ALWAYS),
        ];
        let ids = |faults: &mut [Fault]| {
            let hits = plan(faults, &call("sns", Some("Publish"), None), 0);
            hits.iter().map(|hit| hit.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(&mut faults), [1, 2, 4]);
        assert_eq!(ids(&mut faults), [1, 3, 4]);
        assert_eq!((faults[2].matched, faults[2].struck), (2, 1), "it counts what another one ended");
    }

    #[test]
    fn draws_are_those_of_the_reference() {
        // The reference implementation's first numbers for the seed 1234567.
        let expected = [6_457_827_717_110_365_317_u64, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        for (index, number) in (0..).zip(expected) {
            #[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds")]
            let fraction = (number >> 11) as f64 / (1_u64 << 53) as f64;
            assert!((draw(1_234_567, index) - fraction).abs() < f64::EPSILON, "{index}");
        }
    }

    proptest! {
        #[test]
        fn the_same_seed_decides_the_same(seed: u64, rate in 0.01_f64..1.0, calls in 1_usize..200, others in 0_usize..3) {
            let limits = Limits { rate: Some(rate), seed, ..ALWAYS };
            let run = |others: usize| {
                let mut faults = vec![fault(1, on("sns:*", &[], Effect::Throttle), limits.clone())];
                faults.extend((0..others).map(|_| fault(2, on("sqs:*", &[], Effect::Cut), ALWAYS)));
                (0..calls)
                    .map(|now| plan(&mut faults, &call("sns", None, None), now as u64).len())
                    .collect::<Vec<_>>()
            };
            prop_assert_eq!(run(0), run(others));
        }

        #[test]
        fn a_count_is_never_exceeded(count in 1_u64..20, nth in 1_u64..5, rate in proptest::option::of(0.1_f64..1.0), calls in 0_usize..200) {
            let limits = Limits { nth, count: Some(count), rate, ..ALWAYS };
            let mut faults = [fault(1, on("sns:*", &[], Effect::Throttle), limits)];
            let struck: usize = (0..calls).map(|_| plan(&mut faults, &call("sns", None, None), 0).len()).sum();
            prop_assert!(struck as u64 <= count);
            prop_assert_eq!(struck as u64, faults[0].struck);
        }

        #[test]
        fn a_rate_is_about_kept(seed: u64, rate in 0.05_f64..0.95) {
            let mut faults = [fault(1, on("sns:*", &[], Effect::Throttle), Limits { rate: Some(rate), seed, ..ALWAYS })];
            let struck = (0..2_000).filter(|_| !plan(&mut faults, &call("sns", None, None), 0).is_empty()).count();
            prop_assert!((f64::from(u32::try_from(struck).unwrap()) / 2_000.0 - rate).abs() < 0.08);
        }
    }
}
