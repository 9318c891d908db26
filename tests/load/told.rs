//! Who was told of an event: the customer's socket, operators, compliance, the customer's mailbox. Each is told of what is
//! theirs and of nothing else, and once, unless a fault made the platform say it again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::driver::Walked;
use super::facts::{Audit, Facts, Mail, Marker, Record};
use super::topics::TOPICS;

/// Whether faults may have made the platform say something again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// Nothing disturbed it.
    Forbidden,
    /// A consumer that ends between an event's effects and the end of its notifications gives them once more.
    Allowed,
}

/// Everything that was told, by event.
pub struct Told<'a> {
    alerts: BTreeMap<&'a str, usize>,
    compliance: BTreeMap<&'a str, usize>,
    mails: BTreeMap<&'a str, Vec<&'a Mail>>,
    /// What consumers logged of the event.
    handled: BTreeMap<&'a str, Vec<&'a str>>,
    repeats: Repeats,
}

impl<'a> Told<'a> {
    pub fn of(facts: &'a Facts, repeats: Repeats) -> Self {
        let mut told = Self {
            alerts: count(&facts.messages.alerts),
            compliance: count(&facts.messages.compliance),
            mails: BTreeMap::new(),
            handled: BTreeMap::new(),
            repeats,
        };
        for mail in &facts.mails {
            told.mails.entry(reference(mail).unwrap_or_default()).or_default().push(mail);
        }
        for line in &facts.handled {
            told.handled.entry(&line.event_id).or_default().push(&line.handled);
        }
        told
    }

    fn times_handled(&self, id: &str, how: &str) -> usize {
        self.handled.get(id).map_or(0, |lines| lines.iter().filter(|line| **line == how).count())
    }

    /// Whether the event's notifications may have been given more than once: a consumer that was killed among them logs
    /// nothing, and the next one that it gave them again.
    fn may_repeat(&self, id: &str) -> bool {
        let once = self.times_handled(id, "new") == 1 && self.times_handled(id, "notified_again") == 0;
        self.repeats == Repeats::Allowed && !once
    }

    /// What is wrong with having been told so often.
    fn judge(&self, id: &str, due: bool, times: usize) -> Option<&'static str> {
        match (due, times) {
            (true, 0) => Some("was not told"),
            (false, 1..) => Some("was told what is not theirs"),
            (true, 2..) if !self.may_repeat(id) => Some("was told more than once"),
            _ => None,
        }
    }
}

fn count(messages: &[Value]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for id in messages.iter().filter_map(|message| message["eventId"].as_str()) {
        *counts.entry(id).or_default() += 1;
    }
    counts
}

/// The event that a mail names, if it names one and no other.
fn reference(mail: &Mail) -> Option<&str> {
    let lines = mail.body_text.as_deref().unwrap_or_default().lines();
    let mut named = lines.filter_map(|line| line.strip_prefix("Reference: "));
    named.next().filter(|_| named.next().is_none())
}

/// Each event acted once; and it was told to those whose it is, and only to them.
pub fn notifications(customer: &Walked, rows: &[&Audit], told: &Told<'_>, say: &mut impl FnMut(String)) {
    for row in rows {
        let id = row.event_id.as_str();
        let pushes = customer.pushed.iter().filter(|event| event["eventId"] == id).count();
        let times = |counts: &BTreeMap<&str, usize>| counts.get(id).copied().unwrap_or_default();
        let mails = told.mails.get(id).map_or(0, Vec::len);
        let review = row.event_type == "KYC_VERIFIED" && customer.kyc == "REQUIRES_REVIEW";
        for (who, due, times) in [
            ("the socket", true, pushes),
            ("alerts", row.event_type == "USER_INFO_SUBMITTED", times(&told.alerts)),
            ("compliance", review, times(&told.compliance)),
            ("the mailbox", row.event_type == "WORKFLOW_COMPLETED", mails),
        ] {
            if let Some(problem) = told.judge(id, due, times) {
                say(format!("{who} {problem}: {} {id}, {times} times", row.event_type));
            }
        }
        acted_once(row, told, say);
    }
    pushes(customer, rows, told, say);
}

/// What the consumers logged: who writes an event's effects says `new`, at most once; and unless it was killed, it does.
fn acted_once(row: &Audit, told: &Told<'_>, say: &mut impl FnMut(String)) {
    let id = row.event_id.as_str();
    let (new, again) = (told.times_handled(id, "new"), told.times_handled(id, "notified_again"));
    if new > 1 || (told.repeats == Repeats::Forbidden && (new, again) != (1, 0)) {
        say(format!("{} {id} acted {new} times and was told again {again} times", row.event_type));
    }
}

/// Pushes are of the customer's own events that had an effect. Of one type they come in the order of their sequences, and
/// of all where each step waited for the push of the last: topics are independent of each other.
fn pushes(customer: &Walked, rows: &[&Audit], told: &Told<'_>, say: &mut impl FnMut(String)) {
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.event_id.as_str()).collect();
    let mut last: BTreeMap<&str, (u64, usize)> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for event in &customer.pushed {
        let (id, event_type) = (event["eventId"].as_str().unwrap_or_default(), event["eventType"].as_str());
        if event["customerId"] != customer.customer_id.as_str() {
            say(format!("another customer's event was pushed: {event}"));
        }
        if !ids.contains(id) {
            say(format!("an event without effect was pushed: {event}"));
        }
        // A browser drops what it has by its id.
        if !seen.insert(id) {
            continue;
        }
        let strictly = customer.calmly && told.repeats == Repeats::Forbidden;
        let group = if strictly { "" } else { event_type.unwrap_or_default() };
        let step = TOPICS.iter().position(|(known, _)| Some(*known) == event_type).unwrap_or_default();
        let now = (event["sequence"].as_u64().unwrap_or_default(), step);
        let before = last.insert(group, now).unwrap_or_default();
        if now.0 <= before.0 || now.1 < before.1 {
            say(format!("the state fell back in the pushes, from {before:?} to {now:?}: {event}"));
        }
    }
}

/// What is pushed is what the record says.
pub fn as_published(customer: &Walked, records: &[(&str, &Record)], say: &mut impl FnMut(String)) {
    let values: BTreeMap<&str, &Value> = records
        .iter()
        .filter_map(|(_, record)| Some((record.value.as_ref()?["eventId"].as_str()?, record.value.as_ref()?)))
        .collect();
    for event in &customer.pushed {
        let id = event["eventId"].as_str().unwrap_or_default();
        if values.get(id).is_some_and(|value| *value != event) {
            say(format!("{id} was pushed as {event}"));
        }
    }
}

/// Every message and every mail is of an event that is known, says so, and a mail goes to that customer and nobody else.
/// Nothing else has a reason to speak while customers walk: alarms and dead letters would be trouble of their own.
pub fn strangers(walked: &[Walked], facts: &Facts) -> Vec<String> {
    let mut problems = Vec::new();
    let customers: BTreeMap<&str, &Walked> = walked.iter().map(|one| (one.customer_id.as_str(), one)).collect();
    let events: BTreeMap<&str, &Audit> = facts.audit.iter().map(|row| (row.event_id.as_str(), row)).collect();
    let known = |id: Option<&str>| {
        let row = *events.get(id?)?;
        Some((row, *customers.get(row.customer_id.as_str())?))
    };
    for message in facts.messages.alerts.iter().chain(&facts.messages.compliance) {
        match known(message["eventId"].as_str()) {
            None => problems.push(format!("a message about nobody who walked: {message}")),
            Some((row, _)) => {
                if message["customerId"] != row.customer_id.as_str() || message["eventType"] != row.event_type.as_str()
                {
                    problems.push(format!("{}: a message does not say what happened: {message}", row.customer_id));
                }
            }
        }
    }
    for mail in &facts.mails {
        match known(reference(mail)) {
            None => problems.push(format!("a mail about nobody who walked: {mail:?}")),
            Some((row, customer)) => {
                let others = mail.copies.iter().chain(&mail.blind_copies).count();
                if mail.to != [customer.address.as_str()] || others > 0 {
                    problems.push(format!("{}: a mail went to somebody else: {mail:?}", row.customer_id));
                }
            }
        }
    }
    problems
}

/// The marker of an event that caused a mail names one that was sent for it.
pub fn marked_mails(told: &Told<'_>, facts: &Facts) -> Vec<String> {
    let wrong = |marker: &&Marker| {
        let mails = told.mails.get(marker.event_id.as_str());
        let named = |mail: &&Mail| marker.mail_id.as_deref() == Some(&mail.message_id);
        mails.is_some_and(|mails| !mails.iter().any(named))
    };
    facts.markers.iter().filter(wrong).map(|marker| format!("the mail that {marker:?} names was not sent")).collect()
}
