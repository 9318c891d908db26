//! The checker can fail: a sound set of facts passes, and each planted loss, double, disorder and leak is caught.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::checker::check;
use super::driver::Walked;
use super::facts::{Facts, Handled, Mail, Record};
use super::sound::{CUSTOMER, data, event, id, mail, message, reviewed, sound};
use super::told::Repeats;
use super::topics::interface;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        sound_facts_pass,
        what_a_fault_repeats_is_no_double,
        every_planted_fault_is_caught,
        every_planted_word_to_the_wrong_one_is_caught,
        everything_that_is_not_as_written_down_is_caught,
    ]
}

fn none() -> Vec<String> {
    Vec::new()
}

fn sound_facts_pass() {
    for (walked, facts) in [sound(), reviewed()] {
        assert_eq!(check(&walked, &facts, Repeats::Forbidden), none());
    }
    // A record that Kafka has twice is no double: receivers know it by its id.
    let (walked, mut facts) = sound();
    let records = facts.records.get_mut("user-info-submitted").unwrap();
    let mut again = records[0].clone();
    again.offset = 2;
    records.push(again);
    facts.handled.push(Handled { event_id: id(1), handled: "before".into() });
    assert_eq!(check(&walked, &facts, Repeats::Forbidden), none());
    // Topics are independent: who does not wait for pushes may hear of a later step first.
    let (mut walked, facts) = sound();
    walked[0].calmly = false;
    walked[0].pushed.swap(3, 4);
    assert_eq!(check(&walked, &facts, Repeats::Forbidden), none());
}

/// A consumer that was killed between effects and notifications logged nothing; the next one gave them once more.
fn what_a_fault_repeats_is_no_double() {
    let repeat = |handled: &str| {
        let (mut walked, mut facts) = sound();
        let again = walked[0].pushed[5].clone();
        walked[0].pushed.push(again);
        facts.mails.push(mail("m-2", "c-1@example.com", 6));
        facts.handled[5].handled = handled.into();
        (walked, facts)
    };
    let (walked, facts) = repeat("notified_again");
    assert_eq!(check(&walked, &facts, Repeats::Allowed), none());
    assert!(!check(&walked, &facts, Repeats::Forbidden).is_empty(), "without a fault it is a double");
    let (walked, facts) = repeat("new");
    assert!(!check(&walked, &facts, Repeats::Allowed).is_empty(), "no consumer said that it gave them again");
}

fn first<'a>(facts: &'a mut Facts, topic: &str) -> &'a mut Record {
    &mut facts.records.get_mut(topic).unwrap()[0]
}

fn value<'a>(facts: &'a mut Facts, topic: &str) -> &'a mut Value {
    first(facts, topic).value.as_mut().unwrap()
}

fn remove(object: &mut Value, name: &str) {
    object.as_object_mut().unwrap().remove(name).unwrap();
}

type Plant = fn(&mut Vec<Walked>, &mut Facts);

fn every_planted_fault_is_caught() {
    let plants: &[(&str, &str, Plant)] = &[
        ("a lost effect", "accepted [", |_, facts| drop(facts.audit.remove(2))),
        ("a lost last effect", "accepted [", |_, facts| drop(facts.audit.pop())),
        ("a doubled effect", "accepted [", |_, facts| {
            let mut twin = facts.audit[2].clone();
            twin.event_id = id(9);
            facts.audit.push(twin);
        }),
        ("an effect that was written over", "the first record of", |_, facts| {
            let mut again = first(facts, "kyc-verified").clone();
            again.offset = 1;
            facts.records.get_mut("kyc-verified").unwrap().push(again);
            facts.audit[3].origin.offset = 1;
            facts.markers[3].origin.offset = 1;
        }),
        ("an event that acted twice", "acted 2 times", |_, facts| facts.handled.push(facts.handled[3].clone())),
        ("a try of KYC twice", "tries of KYC", |_, facts| {
            facts.kyc_results[0]["tries"] = json!([{ "number": 1 }, { "number": 2 }]);
        }),
        ("a marker of another record", "the marker of", |_, facts| facts.markers[4].origin.offset = 7),
        ("no record at all", "has {}", |_, facts| facts.records.clear()),
        ("a lost record", "kyc-verified has {}", |_, facts| facts.records.get_mut("kyc-verified").unwrap().clear()),
        ("an event without effect", "kyc-verified has", |_, facts| {
            let mut extra = first(facts, "kyc-verified").clone();
            let (value, headers) = event(7, "KYC_VERIFIED");
            (extra.offset, extra.value, extra.headers) = (1, Some(value), headers);
            facts.records.get_mut("kyc-verified").unwrap().push(extra);
        }),
        ("a record that says another sequence", "the first record of", |_, facts| {
            value(facts, "kyc-verified")["sequence"] = json!(3);
        }),
        ("a lost push", "the socket was not told", |walked, _| drop(walked[0].pushed.remove(3))),
        ("a push of an event without effect", "an event without effect was pushed", |walked, _| {
            walked[0].pushed.push(json!({ "eventId": id(9), "customerId": CUSTOMER }));
        }),
        ("another customer's push", "another customer's event", |walked, _| {
            walked[0].pushed[0]["customerId"] = json!("c-2");
        }),
        ("a push twice", "the socket was told more than once", |walked, _| {
            let again = walked[0].pushed[5].clone();
            walked[0].pushed.push(again);
        }),
        ("a push that says something else", "was pushed as", |walked, _| {
            walked[0].pushed[3]["data"]["riskLevel"] = json!("HIGH");
        }),
        ("a state that falls back in the pushes", "fell back in the pushes", |walked, _| walked[0].pushed.swap(3, 4)),
        ("pushes of one type in disorder", "fell back in the pushes", |walked, _| {
            walked[0].calmly = false;
            walked[0].pushed.swap(0, 1);
        }),
        ("a state behind the last step in an answer", "/progress answered", |walked, _| {
            walked[0].answers[1].3["state"] = json!("KYC_APPROVED");
        }),
        ("another's application in an answer", "/status answered", |walked, _| {
            walked[0].answers[2].3["applicationId"] = json!("a-2");
        }),
        ("disorder on a topic", "has sequence", |_, facts| {
            facts.records.get_mut("user-info-submitted").unwrap()[0].offset = 9;
        }),
        ("a state that fell back", "expected COMPLETED at 6", |_, facts| facts.users[0].event_sequence = Some(5)),
        ("an application that fell back", "expected the application", |_, facts| {
            facts.applications[0].status = Some("KYC_APPROVED".into());
        }),
        ("no date for the archive", "expected the application", |_, facts| facts.applications[0].archive_at = None),
        ("a stuck marker", "the marker of", |_, facts| facts.markers[4].state = "PENDING".into()),
        ("a stuck outbox", "stuck in the outbox", |_, facts| facts.outbox.push(json!({ "customerId": CUSTOMER }))),
        ("a dead letter", "1 dead letters", |_, facts| facts.errors.push(json!({ "kind": "DEAD_LETTER" }))),
        ("a lost decision", "tries of KYC", |_, facts| facts.kyc_results.clear()),
    ];
    all_are_caught(sound, plants);
}

/// Plants each thing into facts that are sound, and wants it reported in these words.
fn all_are_caught(sound: fn() -> (Vec<Walked>, Facts), plants: &[(&str, &str, Plant)]) {
    for (name, words, plant) in plants {
        let (mut walked, mut facts) = sound();
        plant(&mut walked, &mut facts);
        let problems = check(&walked, &facts, Repeats::Forbidden);
        let caught = problems.iter().any(|problem| problem.contains(words));
        assert!(caught, "{name} was not caught, but: {problems:#?}");
    }
}

fn every_planted_word_to_the_wrong_one_is_caught() {
    all_are_caught(
        sound,
        &[
            ("a lost message", "alerts was not told", |_, facts| drop(facts.messages.alerts.remove(1))),
            ("a message twice", "alerts was told more than once", |_, facts| {
                facts.messages.alerts.push(message(1, "USER_INFO_SUBMITTED"));
            }),
            ("a message on the wrong topic", "compliance was told what is not theirs", |_, facts| {
                let moved = facts.messages.alerts.remove(0);
                facts.messages.compliance.push(moved);
            }),
            ("a message on both topics", "compliance was told what is not theirs", |_, facts| {
                facts.messages.compliance.push(facts.messages.alerts[0].clone());
            }),
            ("compliance heard of an approval", "compliance was told what is not theirs", |_, facts| {
                facts.messages.compliance.push(message(4, "KYC_VERIFIED"));
            }),
            ("operators heard of a completion", "alerts was told what is not theirs", |_, facts| {
                facts.messages.alerts.push(message(6, "WORKFLOW_COMPLETED"));
            }),
            ("a message about nobody's event", "a message about nobody", |_, facts| {
                facts.messages.alerts.push(message(9, "KYC_VERIFIED"));
            }),
            ("a message about an unknown customer", "a message about nobody", |_, facts| {
                facts.messages.alerts.push(json!({ "eventId": id(9), "customerId": "c-9" }));
            }),
            ("a message about no customer", "does not say what happened", |_, facts| {
                facts.messages.alerts.push(json!({ "eventId": id(1) }));
            }),
            ("a message that names another customer", "does not say what happened", |_, facts| {
                facts.messages.alerts[0]["customerId"] = json!("c-2");
            }),
            ("a lost mail", "the mailbox was not told", |_, facts| facts.mails.clear()),
            ("a mail twice", "the mailbox was told more than once", |_, facts| {
                facts.mails.push(mail("m-2", "c-1@example.com", 6));
            }),
            ("a mail about another step", "the mailbox was told what is not theirs", |_, facts| {
                facts.mails.push(mail("m-2", "c-1@example.com", 1));
            }),
            ("a mail to another's address", "a mail went to somebody else", |_, facts| {
                facts.mails[0].to = vec!["c-2@example.com".into()];
            }),
            ("a mail to another too", "a mail went to somebody else", |_, facts| {
                facts.mails[0].blind_copies.push("c-2@example.com".into());
            }),
            ("a mail with an unknown reference", "a mail about nobody", |_, facts| {
                facts.mails.push(mail("m-2", "c-1@example.com", 9));
            }),
            ("a mail without a reference", "a mail about nobody", |_, facts| {
                facts.mails.push(Mail { body_text: Some("Thank you.".into()), ..facts.mails[0].clone() });
            }),
            ("a marker that names another mail", "was not sent", |_, facts| {
                facts.markers[5].mail_id = Some("m-9".into());
            }),
        ],
    );
    all_are_caught(
        reviewed,
        &[
            ("compliance did not hear of a review", "compliance was not told", |_, facts| {
                facts.messages.compliance.clear();
            }),
            ("operators heard of a review", "alerts was told what is not theirs", |_, facts| {
                facts.messages.alerts.append(&mut facts.messages.compliance);
            }),
            ("a mail about a review", "the mailbox was told what is not theirs", |_, facts| {
                facts.mails.push(mail("m-1", "c-1@example.com", 4));
            }),
        ],
    );
}

fn everything_that_is_not_as_written_down_is_caught() {
    let plants: &[(&str, Plant)] = &[
        ("a record that is not JSON", |_, facts| first(facts, "kyc-verified").value = None),
        ("a field of a wrong type", |_, facts| value(facts, "kyc-verified")["data"]["status"] = json!(7)),
        ("a field that is missing", |_, facts| remove(value(facts, "documents-processed"), "traceId")),
        ("a step without customer", |_, facts| remove(value(facts, "documents-processed"), "customerId")),
        ("data of another event", |_, facts| value(facts, "documents-processed")["data"] = data("KYC_VERIFIED")),
        ("an unknown event type", |_, facts| {
            let record = first(facts, "kyc-verified");
            record.value.as_mut().unwrap()["eventType"] = json!("KYC_DENIED");
            record.headers["eventType"] = json!("KYC_DENIED");
        }),
        ("an event on another's topic", |_, facts| {
            let record = facts.records.get_mut("kyc-verified").unwrap().remove(0);
            facts.records.get_mut("workflow-completed").unwrap().push(Record { offset: 7, ..record });
        }),
        ("a topic that is not written down", |_, facts| {
            let record = first(facts, "kyc-verified").clone();
            facts.records.insert("kyc-denied".into(), vec![record]);
        }),
        ("a missing header", |_, facts| remove(&mut first(facts, "kyc-verified").headers, "traceId")),
        ("a header that says something else", |_, facts| {
            first(facts, "kyc-verified").headers["eventId"] = json!(id(9));
        }),
        ("a record under another key", |_, facts| first(facts, "kyc-verified").key = "c-2".into()),
        ("a push without its frame", |walked, _| walked[0].heard[0] = walked[0].pushed[0].clone()),
        ("a push of an unknown kind", |walked, _| walked[0].heard[0]["type"] = json!("news")),
        ("a push of no event", |walked, _| remove(&mut walked[0].heard[3]["event"], "eventId")),
        ("an answer of an unknown status", |walked, _| walked[0].answers[0].2 = 299),
        ("a read's answer without a field", |walked, _| remove(&mut walked[0].answers[1].3, "progress")),
        ("an answer without a field", |walked, _| remove(&mut walked[0].answers[0].3, "sessionToken")),
    ];
    for (name, plant) in plants {
        let (mut walked, mut facts) = sound();
        plant(&mut walked, &mut facts);
        assert!(!interface(&walked, &facts).is_empty(), "{name} was not caught");
    }
}
