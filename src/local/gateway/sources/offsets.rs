//! Which offsets of a session may be committed. Lambda commits what is done; here that has to be saved, too: effects are
//! in the AWS APIs, which lose what they have not saved when they are killed, while the broker keeps every commit. A
//! record that was done and committed, but not saved, would never have its effect. Handed over again, it has it once.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp, TimestampRound, Unit};

/// Offsets that become done within this long are one entry, so that a disk that stays full costs little memory.
const STEP_MS: i64 = 100;

/// How far each partition is.
#[derive(Debug, Default)]
pub struct Offsets {
    done: HashMap<i32, VecDeque<(Timestamp, i64)>>,
    saved: HashMap<i32, i64>,
}

impl Offsets {
    /// Everything before `offset` was done by `now`.
    pub fn done(&mut self, partition: i32, offset: i64, now: Timestamp) {
        let step = TimestampRound::new().smallest(Unit::Millisecond).increment(STEP_MS).mode(jiff::RoundMode::Ceil);
        // Later than it was, so never counted as saved too early.
        let at = now.round(step).unwrap_or(now + SignedDuration::from_millis(STEP_MS));
        let entries = self.done.entry(partition).or_default();
        match entries.back_mut() {
            Some((latest, entry)) if *latest >= at => *entry = offset,
            _ => entries.push_back((at, offset)),
        }
    }

    /// Everything that happened before `as_of` is saved; the answer is what may be committed now and could not before.
    pub fn save(&mut self, as_of: Timestamp) -> Vec<(i32, i64)> {
        let mut news = Vec::new();
        for (partition, entries) in &mut self.done {
            let count = entries.iter().take_while(|(at, _)| *at <= as_of).count();
            if let Some((_, offset)) = entries.drain(..count).next_back() {
                self.saved.insert(*partition, offset);
                news.push((*partition, offset));
            }
        }
        news
    }

    /// Everything that may be committed.
    pub fn saved(&self) -> Vec<(i32, i64)> {
        self.saved.iter().map(|(partition, offset)| (*partition, *offset)).collect()
    }

    /// Whether something is done and not saved.
    pub fn is_waiting(&self) -> bool {
        self.done.values().any(|entries| !entries.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_795_460_848_000 + ms).unwrap()
    }

    #[test]
    fn only_what_was_done_before_a_save_began_is_committed() {
        let mut offsets = Offsets::default();
        for (partition, offset, ms) in [(0, 5, 10), (0, 6, 60), (0, 9, 250), (1, 3, 999)] {
            offsets.done(partition, offset, at(ms));
        }
        for (as_of, news, waiting) in [
            (99, vec![], true),
            (100, vec![(0, 6)], true),
            (100, vec![], true),
            (299, vec![], true),
            (300, vec![(0, 9)], true),
            (1000, vec![(1, 3)], false),
        ] {
            assert_eq!(offsets.save(at(as_of)), news, "as of {as_of}");
            assert_eq!(offsets.is_waiting(), waiting, "as of {as_of}");
        }
        let mut saved = offsets.saved();
        saved.sort_unstable();
        assert_eq!(saved, [(0, 9), (1, 3)]);
    }

    #[test]
    fn entries_are_few_however_many_batches_there_are() {
        let mut offsets = Offsets::default();
        for offset in 0..10_000 {
            offsets.done(0, offset, at(offset / 10));
        }
        assert!(offsets.done[&0].len() <= 11, "{}", offsets.done[&0].len());
        assert_eq!(offsets.save(at(2000)), [(0, 9999)]);
    }
}
