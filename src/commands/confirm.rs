//! What a change asks of the person (`contracts.md`, "Danger"): used by every command before its first change.

use crate::catalogue::Confirm;
use crate::context::Context;
use crate::error::{Failure, codes};
use crate::output::Output;

/// How dangerous a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    /// It can be changed back.
    Change,
    /// It deletes or replaces something that holds data: typed in every environment.
    Data,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    None,
    YesOrNo,
    Name,
}

/// Asks what the environment wants to be asked before `what`, for example `stack up changes 3 resources`. The plan has
/// been shown by then ([`Output::aside`]).
///
/// # Errors
/// The person declined, typed something else, or there is no terminal to ask on: the message names the flag.
pub async fn confirm(context: &Context, output: &Output, danger: Danger, what: &str) -> anyhow::Result<()> {
    let settings = &context.settings;
    let name = context.environment_name();
    match question(settings.environment.entry.confirm, danger) {
        Question::None => Ok(()),
        Question::YesOrNo if settings.yes || settings.confirm.as_deref() == Some(name) => Ok(()),
        Question::YesOrNo => {
            let answer = ask(context, output, &format!("{what} in {name}. Go on? [y/N] "), "--yes").await?;
            if matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes") { Ok(()) } else { Err(declined(what)) }
        }
        Question::Name => {
            let given = if let Some(given) = &settings.confirm {
                given.clone()
            } else {
                let flag = format!("--confirm {name}");
                ask(context, output, &format!("{what}. Type {name} to go on: "), &flag).await?
            };
            if given == name { Ok(()) } else { Err(declined(what)) }
        }
    }
}

/// Whether [`confirm`] wants an answer, so that the plan has to be shown first.
pub fn asks(context: &Context, danger: Danger) -> bool {
    question(context.settings.environment.entry.confirm, danger) != Question::None
}

/// Says at once what is about to happen where: a command that changes something begins with it.
pub fn announce(context: &Context, output: &Output, command: &str) {
    let environment = &context.settings.environment;
    let (name, entry) = (&environment.name, &environment.entry);
    let mode = match (context.settings.read_only, context.settings.dry_run) {
        (true, _) => ", reads only",
        (false, true) => ", changes nothing",
        (false, false) => "",
    };
    output.announce(&format!("{command}: {name} (account {}, {}{mode})", entry.account, entry.region));
}

fn question(confirm: Confirm, danger: Danger) -> Question {
    match (confirm, danger) {
        (_, Danger::Data) | (Confirm::Typed, Danger::Change) => Question::Name,
        (Confirm::Ask, Danger::Change) => Question::YesOrNo,
        (Confirm::Never, Danger::Change) => Question::None,
    }
}

/// Asks off the runtime's thread, so that Ctrl-C ends the question.
async fn ask(context: &Context, output: &Output, question: &str, flag: &str) -> anyhow::Result<String> {
    if context.settings.no_input || !output.terminal().can_ask {
        let question = question.trim_end().trim_end_matches(':');
        return Err(Failure::new(
            &codes::NO_TERMINAL,
            format!("a question has no terminal to be asked on: {question}"),
        )
        .fix(format!("onboardctl … {flag}"))
        .into());
    }
    let (asking, question) = (output.clone(), question.to_owned());
    let asked = tokio::task::spawn_blocking(move || asking.ask(&question));
    tokio::select! {
        answer = asked => answer?.map_err(|error| {
            Failure::new(&codes::NO_TERMINAL, "the question was not answered")
                .why(error.to_string())
                .fix(format!("onboardctl … {flag}"))
                .into()
        }),
        () = context.cancel.cancelled() => Err(context.ended("nothing was changed", "onboardctl status")),
    }
}

fn declined(what: &str) -> anyhow::Error {
    Failure::new(&codes::DECLINED, format!("not confirmed: {what}")).why("nothing was changed").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_follows_the_environment_and_the_danger() {
        for (confirm, danger, expected) in [
            (Confirm::Never, Danger::Change, Question::None),
            (Confirm::Ask, Danger::Change, Question::YesOrNo),
            (Confirm::Typed, Danger::Change, Question::Name),
            (Confirm::Never, Danger::Data, Question::Name),
            (Confirm::Ask, Danger::Data, Question::Name),
            (Confirm::Typed, Danger::Data, Question::Name),
        ] {
            assert_eq!(question(confirm, danger), expected, "{confirm:?} {danger:?}");
        }
    }
}
