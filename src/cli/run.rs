//! One run: parse, resolve settings, run the command, say once how it ended.

use std::ffi::OsString;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, ValueEnum};
use futures::FutureExt;
use tokio_util::sync::CancellationToken;

use super::{Cli, Command, Globals, dispatch, dispatch_offline, summary};
use crate::catalogue::{Resolved, UserFile};
use crate::context::Context;
use crate::error::{Failure, codes};
use crate::exit::Exit;
use crate::output::terminal::ColorChoice;
use crate::output::{Format, Output, OutputSettings, Terminal};
use crate::progress::Event;

/// How long a command may take to end by itself once it was told to.
const GRACE: Duration = Duration::from_secs(5);

/// Where the last panic happened. Its message is not kept: it may hold a secret.
static PANICKED_AT: Mutex<Option<String>> = Mutex::new(None);

/// Runs one command line and says how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        *PANICKED_AT.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let exit = match parse(&arguments) {
        Ok(cli) => run_parsed(cli),
        Err(error) => unparsed(&error, &arguments),
    };
    exit.into()
}

fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = Cli::command().try_get_matches_from(arguments)?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    cli.globals.note_sources(&matches);
    Ok(cli)
}

fn run_parsed(cli: Cli) -> Exit {
    let Cli { globals, command } = cli;
    let user_file = crate::context::user_file();
    let kind = command.as_ref().map_or("error", Command::kind);
    let environment = globals.env.clone();
    let output = output(&globals, user_file.as_ref().ok(), kind, environment);
    let result = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let Some(command) = command else {
            output.text(&summary::text());
            return Ok(Exit::Done);
        };
        if let Some(result) = dispatch_offline(&command, &globals, &output) {
            return result;
        }
        run_online(command, &globals, &user_file?, &output)
    }));
    match result {
        Ok(Ok(exit)) => exit,
        Ok(Err(error)) => output.error(&error),
        Err(_panic) => output.error(&panicked().into()),
    }
}

fn output(globals: &Globals, user_file: Option<&UserFile>, kind: &'static str, environment: String) -> Output {
    // `UserFile` has already refused words that are no format or no colour choice.
    let chosen = |value: Option<&Resolved<String>>| value.map(|value| value.value.clone());
    let format = chosen(user_file.and_then(|file| file.output.as_ref()));
    let color = chosen(user_file.and_then(|file| file.color.as_ref()));
    let format = globals.output.or_else(|| Format::from_str(&format?, true).ok());
    let color = globals.color.or_else(|| ColorChoice::from_str(&color?, true).ok());
    Output::new(OutputSettings {
        format: format.unwrap_or_default(),
        terminal: Terminal::detect(color.unwrap_or_default()),
        quiet: globals.quiet,
        verbose: globals.verbose,
        environment: Some(environment),
        kind,
    })
}

fn panicked() -> Failure {
    let place = PANICKED_AT.lock().unwrap_or_else(PoisonError::into_inner).take();
    let place = place.unwrap_or_else(|| "an unknown place".to_owned());
    Failure::new(&codes::INTERNAL, "onboardctl has a bug and had to stop")
        .why(format!("a panic at {place}; its text is not shown because it may hold a secret"))
        .why("what was begun goes on without it; every command may be run again")
}

/// A command line that was not understood, or that asked for help.
fn unparsed(error: &clap::Error, arguments: &[OsString]) -> Exit {
    let user_file = crate::context::user_file().unwrap_or_default();
    let globals = Globals { output: asked_format(arguments), ..plain_globals() };
    let output = output(&globals, Some(&user_file), "error", globals.env.clone());
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let styled = output.terminal().stdout.color;
        let text = error.render();
        output.text(&if styled { text.ansi().to_string() } else { text.to_string() });
        return Exit::Done;
    }
    let text = error.render().to_string();
    let mut paragraphs = text.trim().split("\n\n").map(str::trim);
    let what = paragraphs.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let mut failure = Failure::new(&codes::USAGE, what);
    for paragraph in paragraphs {
        if let Some(usage) = paragraph.strip_prefix("Usage: ") {
            failure = failure.fix(usage.split_whitespace().collect::<Vec<_>>().join(" "));
        } else if !paragraph.starts_with("For more information") {
            failure = failure.why(paragraph.trim_start_matches("tip: "));
        }
    }
    output.error(&failure.into())
}

fn plain_globals() -> Globals {
    // Parsing the bare command cannot fail unless a variable is wrong; then the flags' own defaults are used.
    parse(&["onboardctl".into()]).map_or_else(|_| Globals::default(), |cli| cli.globals)
}

/// The format that was asked for on a command line that could not be parsed.
fn asked_format(arguments: &[OsString]) -> Option<Format> {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let named = words.iter().enumerate().find_map(|(index, word)| match *word {
        "-o" | "--output" => words.get(index + 1).copied(),
        word => {
            word.strip_prefix("--output=").or_else(|| word.strip_prefix("-o")).map(|name| name.trim_start_matches('='))
        }
    });
    let variable = std::env::var("ONBOARDCTL_OUTPUT").ok();
    let name = named.or(variable.as_deref())?;
    Format::from_str(name, true).ok()
}

fn run_online(command: Command, globals: &Globals, user_file: &UserFile, output: &Output) -> anyhow::Result<Exit> {
    let settings = crate::context::resolve(globals, user_file)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let context = Context::new(settings, output.events());
    let result = runtime.block_on(supervised(command, &context, output));
    if globals.verbose {
        for call in context.aws.calls() {
            let status = call.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
            context
                .events
                .note(format!("call {}:{} {} {status} {} ms", call.service, call.operation, call.class, call.ms));
        }
    }
    if let Some(script) = context.aws.script(globals.verbose) {
        output.explain(&script);
    }
    // A blocking read of standard input must not keep the process.
    runtime.shutdown_timeout(Duration::from_millis(50));
    result
}

/// Runs the command until it ends, or ends it: signals, `--timeout`, panics.
async fn supervised(command: Command, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    tokio::spawn(signals(context.clone(), output.clone()));
    if let Some(limit) = context.settings.timeout {
        tokio::spawn(time_limit(limit, context.cancel.clone(), output.clone()));
    }
    let work = AssertUnwindSafe(Box::pin(dispatch(command, context, output))).catch_unwind();
    tokio::select! {
        result = work => result.unwrap_or_else(|_panic| Err(panicked().into())),
        () = grace(&context.cancel) => Err(Failure::new(&codes::INTERRUPTED, "the run was ended before its step was done")
            .why("what AWS was asked to do goes on without it")
            .fix("onboardctl status")
            .into()),
    }
}

async fn grace(cancel: &CancellationToken) {
    cancel.cancelled().await;
    tokio::time::sleep(GRACE).await;
}

async fn time_limit(limit: Duration, cancel: CancellationToken, output: Output) {
    tokio::time::sleep(limit).await;
    output.ending(Some(limit));
    cancel.cancel();
}

/// The first signal asks the command to end, the second one ends the process.
async fn signals(context: Context, output: Output) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return;
    };
    let mut first = true;
    loop {
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        if !std::mem::replace(&mut first, false) || context.cancel.is_cancelled() {
            end_at_once();
        }
        context.events.send(Event::Warning { message: "ending; once more ends at once".to_owned() });
        output.ending(None);
        context.cancel.cancel();
    }
}

#[expect(clippy::exit, reason = "the second signal ends the process without asking anyone")]
fn end_at_once() -> ! {
    std::process::exit(i32::from(Exit::Interrupted as u8))
}
