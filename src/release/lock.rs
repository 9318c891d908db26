//! The lock's row and every decision about it, as data: no clock and no network in here.
//!
//! One row per environment. A holder renews it three times per term; whoever finds it decides by [`decide`]. Three things
//! make a dead holder's lock fall: its process is gone from this computer, nobody renewed it for a term by the clock
//! (which a holder elsewhere gets one renewal's time to disprove, since clocks differ), or we watched it unchanged for a term.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How long a lock lives without being renewed.
pub const TERM: Duration = Duration::from_secs(30);

/// Sort key of the one lock row.
pub const LOCK_ID: &str = "environment";

/// Partition key of lock rows.
pub const LOCK_KIND: &str = "lock";

/// The lock as the table holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LockRow {
    /// Partition key, always [`LOCK_KIND`].
    pub kind: String,
    /// Sort key, always [`LOCK_ID`].
    pub id: String,
    /// The holder: the id of its release.
    pub holder: String,
    /// The person, as their computer names them.
    pub who: String,
    /// The computer's name.
    pub host: String,
    /// What tells one computer, boot and process space from another.
    pub place: String,
    /// The holder's process there.
    pub pid: u32,
    /// When that process started, in seconds since the epoch: a process id alone comes back.
    pub started: u64,
    /// The command that is running.
    pub command: String,
    /// Since when it is held.
    pub since: Timestamp,
    /// How many seconds it lives without being renewed.
    pub term_seconds: u64,
    /// When it was renewed last, by the holder's clock.
    pub renewed_at: Timestamp,
    /// Rises with each renewal.
    pub beat: u64,
}

impl LockRow {
    /// When it expires unless it is renewed.
    pub fn expires_at(&self) -> Timestamp {
        self.renewed_at
            .saturating_add(jiff::SignedDuration::from_secs(i64::try_from(self.term_seconds).unwrap_or(i64::MAX)))
            .unwrap_or(Timestamp::MAX)
    }

    /// The term as a duration.
    pub fn term(&self) -> Duration {
        Duration::from_secs(self.term_seconds)
    }

    /// Who holds it, in a sentence: who, host, command, since.
    pub fn sentence(&self) -> String {
        format!(
            "{}@{} holds it since {} with `{}`",
            self.who,
            self.host,
            self.since.round(jiff::Unit::Second).unwrap_or(self.since),
            self.command
        )
    }
}

/// Whether the holder's process still runs, as far as it can be told from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Process {
    /// It runs on this computer.
    Alive,
    /// It ran on this computer and is gone.
    Gone,
    /// It runs somewhere else.
    Elsewhere,
}

/// What is known about a lock that was found.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// The row.
    pub row: &'a LockRow,
    /// Its process.
    pub process: Process,
    /// For how long we have seen this very beat, by our own monotonic clock.
    pub unchanged_for: Duration,
}

/// What to do about the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Take it: it is free, or its holder is dead.
    Take,
    /// It looks expired, but by another computer's clock: look again until a renewal would have come.
    Watch,
    /// Somebody is alive behind it.
    Held,
}

/// Decides about the lock as it was found at `now`.
pub fn decide(found: Option<Sight<'_>>, now: Timestamp) -> Claim {
    let Some(Sight { row, process, unchanged_for }) = found else { return Claim::Take };
    let expired = row.expires_at() <= now;
    match process {
        Process::Gone => Claim::Take,
        // The clock is ours, so a term without a renewal means that the process hangs; it will notice that it lost the lock.
        Process::Alive if expired => Claim::Take,
        Process::Elsewhere if unchanged_for >= row.term() => Claim::Take,
        Process::Elsewhere if expired && unchanged_for >= one_renewal(row.term()) => Claim::Take,
        Process::Elsewhere if expired => Claim::Watch,
        Process::Alive | Process::Elsewhere => Claim::Held,
    }
}

/// How often a holder renews.
pub fn interval(term: Duration) -> Duration {
    term / 3
}

/// The time in which a living holder's renewal must have shown itself: its interval and some slowness.
pub fn one_renewal(term: Duration) -> Duration {
    interval(term) + term / 10
}

/// Whether a holder whose last successful renewal is `silence` ago must consider the lock lost: before its term is
/// over, so that it stops before another one starts.
pub fn lost_by_silence(silence: Duration, term: Duration) -> bool {
    silence >= term.saturating_sub(term / 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> LockRow {
        LockRow {
            kind: LOCK_KIND.into(),
            id: LOCK_ID.into(),
            holder: "a".into(),
            who: "ann".into(),
            host: "box".into(),
            place: "p".into(),
            pid: 7,
            started: 1,
            command: "up".into(),
            since: "2026-01-01T00:00:00Z".parse().unwrap(),
            term_seconds: 30,
            renewed_at: "2026-01-01T00:10:00Z".parse().unwrap(),
            beat: 4,
        }
    }

    #[test]
    fn a_lock_falls_only_to_a_dead_holder() {
        let fresh: Timestamp = "2026-01-01T00:10:29Z".parse().unwrap();
        let expired: Timestamp = "2026-01-01T00:10:30Z".parse().unwrap();
        let seconds = Duration::from_secs;
        let cases = [
            ("gone here, however fresh", Process::Gone, fresh, seconds(0), Claim::Take),
            ("alive here", Process::Alive, fresh, seconds(0), Claim::Held),
            (
                "alive here, watched for long, yet renewed by our own clock",
                Process::Alive,
                fresh,
                seconds(60),
                Claim::Held,
            ),
            ("hanging here", Process::Alive, expired, seconds(0), Claim::Take),
            ("elsewhere", Process::Elsewhere, fresh, seconds(29), Claim::Held),
            (
                "elsewhere with a clock ahead of ours, dead for a term",
                Process::Elsewhere,
                fresh,
                seconds(30),
                Claim::Take,
            ),
            ("elsewhere, expired by its clock", Process::Elsewhere, expired, seconds(0), Claim::Watch),
            ("elsewhere, expired, nearly a renewal watched", Process::Elsewhere, expired, seconds(12), Claim::Watch),
            ("elsewhere, expired, a renewal watched", Process::Elsewhere, expired, seconds(13), Claim::Take),
        ];
        let row = row();
        for (name, process, now, unchanged_for, expected) in cases {
            assert_eq!(decide(Some(Sight { row: &row, process, unchanged_for }), now), expected, "{name}");
        }
        assert_eq!(decide(None, fresh), Claim::Take);
    }

    #[test]
    fn a_holder_gives_up_before_its_term_is_over() {
        assert!(!lost_by_silence(Duration::from_secs(24), TERM));
        assert!(lost_by_silence(Duration::from_secs(25), TERM));
    }

    #[test]
    fn the_sentence_names_who_host_command_and_since() {
        assert_eq!(row().sentence(), "ann@box holds it since 2026-01-01T00:00:00Z with `up`");
    }
}
