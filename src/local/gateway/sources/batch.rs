//! Batches: how many of the waiting records go into the next invocation, and what follows from its outcome. Both are
//! pure, so that the poller only carries them out.

use std::collections::VecDeque;

use serde_json::Value;

use super::event::Record;
use super::mapping::Provisioned;

/// The largest payload of an invocation: 6 MB (aws-facts 2).
pub const LARGEST_PAYLOAD: usize = 6 * 1024 * 1024;

/// How many of the waiting records make the next batch, and whether waiting longer could add more.
pub fn measure(waiting: &VecDeque<Record>, batch_size: usize, empty_event: usize) -> (usize, bool) {
    let mut bytes = empty_event;
    for (index, record) in waiting.iter().enumerate() {
        bytes += record.json.len() + 1;
        if index == batch_size {
            return (index, true);
        }
        // A single record is tried whatever its size; Lambda's refusal then shows in the mapping.
        if index > 0 && bytes > LARGEST_PAYLOAD {
            return (index, true);
        }
    }
    (waiting.len(), waiting.len() >= batch_size)
}

/// Records under way together, with the invocations they have failed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The records, in order.
    pub records: Vec<Record>,
    /// How many invocations failed.
    pub failures: i64,
}

/// What an invocation came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The function returned; with its answer.
    Returned(Vec<u8>),
    /// The function failed, timed out, or could not be invoked.
    Failed(String),
}

/// What to do after an invocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The records are done.
    Done,
    /// The records are given up.
    GiveUp,
    /// These attempts follow, in order; what came before them in the batch is done.
    Again(Vec<Attempt>),
}

/// Decides what follows. Without error controls (on-demand) a failed batch is tried whole until it succeeds.
pub fn decide(attempt: Attempt, outcome: &Outcome, mode: Option<&Provisioned>, group: &str, now_ms: i64) -> Next {
    let failed_at = match outcome {
        Outcome::Failed(_) => Some(0),
        Outcome::Returned(answer) if mode.is_some_and(|mode| mode.partial) => first_failed(answer, &attempt, group),
        Outcome::Returned(_) => None,
    };
    let Some(position) = failed_at else { return Next::Done };
    let mut rest = Attempt { records: attempt.records, failures: attempt.failures + 1 };
    rest.records.drain(..position);
    let Some(mode) = mode else { return Next::Again(vec![rest]) };
    // Records that follow a success are a batch of their own, which has not failed before.
    if position > 0 {
        rest.failures = 1;
    }
    if mode.retries >= 0 && rest.failures > mode.retries && !(mode.bisect && rest.records.len() > 1) {
        return Next::GiveUp;
    }
    if mode.record_age >= 0 {
        let oldest = now_ms.saturating_sub(mode.record_age.saturating_mul(1000));
        rest.records.retain(|record| record.timestamp >= oldest);
        if rest.records.is_empty() {
            return Next::GiveUp;
        }
    }
    if mode.bisect && rest.records.len() > 1 && position == 0 {
        let second = rest.records.split_off(rest.records.len() / 2);
        return Next::Again(vec![rest.clone(), Attempt { records: second, failures: rest.failures }]);
    }
    Next::Again(vec![rest])
}

/// Where a partial failure begins: `{"batchItemFailures":[{"itemIdentifier":{"partition":"topic-0","offset":42}}]}`.
/// An answer that cannot be understood fails the whole batch, as for the other streams.
fn first_failed(answer: &[u8], attempt: &Attempt, group: &str) -> Option<usize> {
    let Ok(answer) = serde_json::from_slice::<Value>(answer) else { return None };
    let failures = answer["batchItemFailures"].as_array()?;
    let positions = failures.iter().map(|failure| {
        let identifier = &failure["itemIdentifier"];
        let offset = identifier["offset"].as_i64().filter(|_| identifier["partition"] == group);
        offset.and_then(|offset| attempt.records.iter().position(|record| record.offset == offset)).unwrap_or(0)
    });
    positions.min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(offset: i64, size: usize) -> Record {
        Record { offset, timestamp: offset * 1000, json: "x".repeat(size) }
    }

    fn attempt(offsets: std::ops::Range<i64>, failures: i64) -> Attempt {
        Attempt { records: offsets.map(|offset| record(offset, 1)).collect(), failures }
    }

    #[test]
    fn sizes() {
        let large = LARGEST_PAYLOAD / 2;
        for (sizes, batch_size, expected) in [
            (vec![], 10, (0, false)),
            (vec![1, 1], 10, (2, false)),
            (vec![1, 1], 2, (2, true)),
            (vec![1, 1, 1], 2, (2, true)),
            (vec![large, large, 1], 10, (1, true)),
            (vec![large, large - 200, 1], 10, (3, false)),
            (vec![LARGEST_PAYLOAD + 1, 1], 10, (1, true)),
            (vec![LARGEST_PAYLOAD + 1], 10, (1, false)),
        ] {
            let waiting: VecDeque<Record> = (0..).zip(&sizes).map(|(offset, size)| record(offset, *size)).collect();
            assert_eq!(measure(&waiting, batch_size, 100), expected, "{sizes:?}");
        }
    }

    #[test]
    fn on_demand() {
        let failed = Outcome::Failed("x".into());
        let partial =
            Outcome::Returned(br#"{"batchItemFailures":[{"itemIdentifier":{"partition":"t-0","offset":2}}]}"#.to_vec());
        assert_eq!(decide(attempt(0..3, 99), &failed, None, "t-0", 0), Next::Again(vec![attempt(0..3, 100)]));
        assert_eq!(decide(attempt(0..3, 0), &partial, None, "t-0", 0), Next::Done);
    }

    #[test]
    fn provisioned() {
        let mode =
            |retries, bisect| Provisioned { pollers: Value::Null, retries, record_age: -1, bisect, partial: true };
        let failed = Outcome::Failed("x".into());
        let answer = |text: &str| Outcome::Returned(text.as_bytes().to_vec());
        let at = |group: &str, offset: i64| {
            answer(&format!(
                r#"{{"batchItemFailures":[{{"itemIdentifier":{{"partition":"{group}","offset":{offset}}}}}]}}"#
            ))
        };
        for (name, start, outcome, mode, expected) in [
            ("done", attempt(0..3, 0), answer("{}"), mode(1, false), Next::Done),
            ("no JSON", attempt(0..3, 0), answer(""), mode(1, false), Next::Done),
            ("no failures", attempt(0..3, 0), answer(r#"{"batchItemFailures":[]}"#), mode(1, false), Next::Done),
            ("checkpoint", attempt(0..3, 4), at("t-0", 2), mode(5, false), Next::Again(vec![attempt(2..3, 1)])),
            ("foreign", attempt(0..3, 0), at("t-1", 2), mode(5, false), Next::Again(vec![attempt(0..3, 1)])),
            ("unknown", attempt(0..3, 0), at("t-0", 9), mode(5, false), Next::Again(vec![attempt(0..3, 1)])),
            ("retry", attempt(0..2, 0), failed.clone(), mode(1, false), Next::Again(vec![attempt(0..2, 1)])),
            ("spent", attempt(0..2, 1), failed.clone(), mode(1, false), Next::GiveUp),
            ("endless", attempt(0..2, 500), failed.clone(), mode(-1, false), Next::Again(vec![attempt(0..2, 501)])),
            ("none", attempt(0..1, 0), failed.clone(), mode(0, false), Next::GiveUp),
            (
                "bisect",
                attempt(0..3, 0),
                failed.clone(),
                mode(1, true),
                Next::Again(vec![attempt(0..1, 1), attempt(1..3, 1)]),
            ),
            (
                "bisect spent",
                attempt(0..2, 1),
                failed.clone(),
                mode(1, true),
                Next::Again(vec![attempt(0..1, 2), attempt(1..2, 2)]),
            ),
            ("single spent", attempt(0..1, 1), failed, mode(1, true), Next::GiveUp),
        ] {
            assert_eq!(decide(start, &outcome, Some(&mode), "t-0", 0), expected, "{name}");
        }
    }

    #[test]
    fn age() {
        let mode = Provisioned { pollers: Value::Null, retries: -1, record_age: 2, bisect: false, partial: false };
        let failed = Outcome::Failed("x".into());
        assert_eq!(decide(attempt(0..5, 0), &failed, Some(&mode), "t-0", 5000), Next::Again(vec![attempt(3..5, 1)]));
        assert_eq!(decide(attempt(0..5, 0), &failed, Some(&mode), "t-0", 9000), Next::GiveUp);
    }
}
