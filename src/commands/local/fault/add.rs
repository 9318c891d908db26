//! `onboardctl local fault add KIND`.

use std::time::Duration;

use clap::Subcommand;

use super::super::settings;
use crate::catalogue::Instance;
use crate::catalogue::source::nearest;
use crate::catalogue::templates;
use crate::cli::duration;
use crate::context::Context;
use crate::error::{Failure, codes};
use crate::exit::Exit;
use crate::local;
use crate::local::fault_spec::{Calls, Effect, Limits, POLLER, ROOT, Spec, What};
use crate::output::Output;

/// Adds a fault. Without --count, --rate, --for or --always it strikes once.
///
/// An operation is written SERVICE:Operation, with the service as it signs its calls (dynamodb, lambda, sns, ses, s3,
/// secretsmanager, execute-api), or SERVICE:* for all of them. Calls by functions, the command line and the pollers
/// of Kafka topics are struck alike; `edge` stands for what a browser asks for (edge:Api, edge:Socket, edge:Site).
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl local fault add throttle dynamodb:TransactWriteItems --count 3\n  onboardctl local fault add lose-answer dynamodb:TransactWriteItems --caller submit-user-info --rate 0.1 --seed 7\n  onboardctl local fault add stop-broker --for 5s"
)]
pub struct Args {
    #[command(subcommand)]
    kind: Kind,
}

/// What happens.
#[derive(Debug, Subcommand)]
enum Kind {
    /// Calls get the service's own throttling answer.
    #[command(
        before_help = "Examples:\n  onboardctl local fault add throttle dynamodb:TransactWriteItems --count 3\n  onboardctl local fault add throttle 'sns:*' --rate 0.1 --seed 7\n  onboardctl local fault add throttle lambda:Invoke --caller poller --for 10s"
    )]
    Throttle(CallArgs),
    /// Calls get an error.
    #[command(
        before_help = "Examples:\n  onboardctl local fault add fail sns:Publish\n  onboardctl local fault add fail ses:SendEmail --status 503 --count 2\n  onboardctl local fault add fail s3:GetObject --status 404 --code NoSuchKey"
    )]
    Fail {
        #[command(flatten)]
        call: CallArgs,
        /// The HTTP status.
        #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u16).range(400..600))]
        status: u16,
        /// The error's code [default: the service's own for an internal error].
        #[arg(long)]
        code: Option<String>,
    },
    /// Calls take effect later.
    #[command(
        before_help = "Examples:\n  onboardctl local fault add delay 'dynamodb:*' --by 300ms --for 30s\n  onboardctl local fault add delay execute-api:PostToConnection --by 2s --count 5\n  onboardctl local fault add delay edge:Api --by 1s --rate 0.05"
    )]
    Delay {
        #[command(flatten)]
        call: CallArgs,
        /// How much later.
        #[arg(long, value_name = "DURATION", value_parser = duration)]
        by: Duration,
    },
    /// Connections end before the call takes effect.
    #[command(
        before_help = "Examples:\n  onboardctl local fault add cut dynamodb:GetItem\n  onboardctl local fault add cut 'sns:*' --rate 0.2 --for 20s\n  onboardctl local fault add cut lambda:Invoke --caller poller --count 2"
    )]
    Cut(CallArgs),
    /// Calls take effect, then the connection ends without an answer.
    #[command(
        before_help = "Examples:\n  onboardctl local fault add lose-answer dynamodb:TransactWriteItems\n  onboardctl local fault add lose-answer edge:Api --nth 2\n  onboardctl local fault add lose-answer lambda:Invoke --caller poller --rate 0.1 --seed 7"
    )]
    LoseAnswer(CallArgs),
    /// A function's process is killed: while it handles an event, or at a call of its own.
    #[command(
        before_help = "Examples:\n  onboardctl local fault add kill submit-user-info\n  onboardctl local fault add kill consumer --after 20ms --rate 0.1 --seed 7\n  onboardctl local fault add kill submit-user-info --on dynamodb:TransactWriteItems --when after"
    )]
    Kill {
        /// The functions: catalogue keys, short or physical names.
        #[arg(value_name = "FUNCTION", required = true)]
        functions: Vec<String>,
        /// At a call of this operation by the function; without it while the function handles an event.
        #[arg(long, value_name = "OPERATION")]
        on: Option<String>,
        /// Before or after that call took effect.
        #[arg(long, value_enum, requires = "on", default_value_t = When::After)]
        when: When,
        /// How long after it was handed the event.
        #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "0s", conflicts_with = "on")]
        after: Duration,
        #[command(flatten)]
        limits: LimitArgs,
    },
    /// A function gets a batch of Kafka records once more after it has handled it.
    #[command(
        before_help = "Examples:\n  onboardctl local fault add deliver-twice consumer-kyc_verified\n  onboardctl local fault add deliver-twice consumer --rate 0.2 --seed 7\n  onboardctl local fault add deliver-twice consumer --always"
    )]
    DeliverTwice {
        /// The functions: catalogue keys, short or physical names.
        #[arg(value_name = "FUNCTION", required = true)]
        functions: Vec<String>,
        #[command(flatten)]
        limits: LimitArgs,
    },
    /// The broker stands still: it accepts connections and answers nothing.
    #[command(
        before_help = "Examples:\n  onboardctl local fault add stop-broker --for 5s\n  onboardctl local fault add stop-broker\n  onboardctl local fault clear"
    )]
    StopBroker {
        /// How long [default: until it is cleared].
        #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
        length: Option<Duration>,
    },
    /// CloudFormation cannot make or change a resource.
    #[command(
        before_help = "Examples:\n  onboardctl local fault add fail-resource UsersTable\n  onboardctl local fault add fail-resource AlertsTopic --always\n  onboardctl local fault add fail-resource ConsumerKycVerifiedRole --count 2"
    )]
    FailResource {
        /// Its logical id in a template.
        #[arg(value_name = "RESOURCE")]
        logical_id: String,
        #[command(flatten)]
        limits: LimitArgs,
    },
}

/// When a function is killed at a call of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum When {
    /// The call has no effect.
    Before,
    /// The call has taken effect; its answer never comes.
    After,
}

/// Which calls, and how often.
#[derive(Debug, clap::Args)]
struct CallArgs {
    /// SERVICE:Operation, or SERVICE:*.
    operation: String,
    /// Only calls by this function (catalogue key, short or physical name), by `root` (the command line) or by `poller`
    /// (which hands Kafka records to functions); once for each.
    #[arg(long, value_name = "NAME")]
    caller: Vec<String>,
    #[command(flatten)]
    limits: LimitArgs,
}

/// How often.
#[derive(Debug, clap::Args)]
struct LimitArgs {
    /// Strikes at most so often.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// Strikes with this probability, above 0 and at most 1.
    #[arg(long, value_name = "P", value_parser = rate)]
    rate: Option<f64>,
    /// Makes --rate repeatable: the same seed and order of calls give the same decisions [default: a random one].
    #[arg(long, value_name = "SEED", requires = "rate")]
    seed: Option<u64>,
    /// The first match that it may strike.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    nth: u64,
    /// Ends by itself after this time.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    length: Option<Duration>,
    /// Strikes every time until it is cleared.
    #[arg(long, conflicts_with_all = ["count", "rate", "length"])]
    always: bool,
}

fn rate(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|rate| *rate > 0.0 && *rate <= 1.0).ok_or_else(|| "above 0 and at most 1".to_owned())
}

impl LimitArgs {
    fn limits(&self) -> Limits {
        let once = self.rate.is_none() && self.length.is_none() && !self.always;
        Limits {
            nth: self.nth,
            count: self.count.or(once.then_some(1)),
            rate: self.rate,
            // Small enough to be typed again, and exact in every program that reads JSON.
            seed: self.seed.unwrap_or_else(|| u64::from(rand::random::<u32>())),
            for_ms: self.length.map(milliseconds),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// Something that is named does not exist, or the platform does not run.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let settings = settings(context)?;
    let spec = spec(&args.kind, context)?;
    let changes = super::may_change(context, "added")?;
    output.report(&local::add_fault(&settings, spec, !changes).await?)?;
    Ok(Exit::Done)
}

fn spec(kind: &Kind, context: &Context) -> anyhow::Result<Spec> {
    let call = |args: &CallArgs, effect| call_spec(args, effect, context);
    Ok(match kind {
        Kind::Throttle(args) => call(args, Effect::Throttle)?,
        Kind::Fail { call: args, status, code } => call(args, Effect::Fail { status: *status, code: code.clone() })?,
        Kind::Delay { call: args, by } => call(args, Effect::Delay { by_ms: milliseconds(*by) })?,
        Kind::Cut(args) => call(args, Effect::Cut)?,
        Kind::LoseAnswer(args) => call(args, Effect::LoseAnswer)?,
        Kind::Kill { functions, on, when, after, limits } => {
            let functions = physical(functions, context)?;
            let what = match on {
                Some(operation) => What::Call {
                    calls: calls(operation, functions)?,
                    effect: Effect::KillCaller { after: *when == When::After },
                },
                None => What::Kill { functions, after_ms: milliseconds(*after) },
            };
            Spec { what, limits: limits.limits() }
        }
        Kind::DeliverTwice { functions, limits } => {
            let what = What::DeliverTwice { functions: consuming(functions, context)? };
            Spec { what, limits: limits.limits() }
        }
        Kind::StopBroker { length } => {
            let limits = Limits { nth: 1, count: None, rate: None, seed: 0, for_ms: length.map(milliseconds) };
            Spec { what: What::StopBroker, limits }
        }
        Kind::FailResource { logical_id, limits } => {
            Spec { what: What::FailResource { logical_id: resource(logical_id)? }, limits: limits.limits() }
        }
    })
}

fn call_spec(args: &CallArgs, effect: Effect, context: &Context) -> anyhow::Result<Spec> {
    let (own, functions): (Vec<String>, Vec<String>) =
        args.caller.iter().cloned().partition(|caller| caller == ROOT || caller == POLLER);
    let functions = if functions.is_empty() { functions } else { physical(&functions, context)? };
    let callers = [own, functions].concat();
    Ok(Spec { what: What::Call { calls: calls(&args.operation, callers)?, effect }, limits: args.limits.limits() })
}

fn calls(operation: &str, callers: Vec<String>) -> anyhow::Result<Calls> {
    Calls::parse(operation, callers).map_err(|unknown| {
        let failure = Failure::new(&codes::LOCAL_FAULT_TARGET, unknown.what);
        match unknown.meant {
            Some(meant) => failure.why(format!("did you mean `{meant}`?")).into(),
            None => failure.fix("onboardctl explain E-LOCAL-013").into(),
        }
    })
}

/// The physical names of the functions that these names mean.
fn physical(names: &[String], context: &Context) -> anyhow::Result<Vec<String>> {
    Ok(function_names(&named(names, context)?, context))
}

/// The physical names of these functions, all of which must be given Kafka records.
fn consuming(names: &[String], context: &Context) -> anyhow::Result<Vec<String>> {
    let instances = named(names, context)?;
    if let Some(other) = instances.iter().find(|instance| instance.topic.is_none()) {
        let what = format!("`{}` is given no Kafka records, which could be delivered twice", other.label());
        return Err(Failure::new(&codes::LOCAL_FAULT_TARGET, what).why("the consumers are: `consumer`").into());
    }
    Ok(function_names(&instances, context))
}

fn function_names(instances: &[Instance], context: &Context) -> Vec<String> {
    instances.iter().map(|instance| context.settings.environment.function_name(instance)).collect()
}

/// The functions that these names mean.
fn named(names: &[String], context: &Context) -> anyhow::Result<Vec<Instance>> {
    crate::functions::instances(context, names).map_err(|error| {
        let Some(known) = error.downcast_ref::<Failure>() else { return error };
        let meant = known.fix.iter().map(|fix| format!("did you mean `{}`?", fix.trim_start_matches("--only ")));
        let failure = Failure::new(&codes::LOCAL_FAULT_TARGET, known.what.clone());
        meant.chain(known.why.iter().cloned()).fold(failure, Failure::why).into()
    })
}

fn resource(logical_id: &str) -> anyhow::Result<String> {
    let known: Vec<&str> = templates::EMBEDDED.iter().flat_map(|(_, text)| templates::resources(text)).collect();
    if known.contains(&logical_id) {
        return Ok(logical_id.to_owned());
    }
    let failure = Failure::new(&codes::LOCAL_FAULT_TARGET, format!("no template has a resource `{logical_id}`"));
    Err(match nearest(logical_id, known.iter().copied()) {
        Some(near) => failure.why(format!("did you mean `{near}`?")),
        None => failure.fix("onboardctl stack status"),
    }
    .into())
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_limits_strikes_once() {
        let given = |count, rate, seconds: Option<u64>, always| {
            let length = seconds.map(Duration::from_secs);
            LimitArgs { count, rate, seed: Some(7), nth: 1, length, always }.limits()
        };
        for (limits, count, for_ms) in [
            (given(None, None, None, false), Some(1), None),
            (given(Some(3), None, None, false), Some(3), None),
            (given(None, Some(0.5), None, false), None, None),
            (given(Some(2), Some(0.5), Some(1), false), Some(2), Some(1000)),
            (given(None, None, Some(1), false), None, Some(1000)),
            (given(None, None, None, true), None, None),
        ] {
            assert_eq!((limits.count, limits.for_ms, limits.seed), (count, for_ms, 7));
        }
    }

    #[test]
    fn rates() {
        for (text, expected) in [("0.1", true), ("1", true), ("0", false), ("1.1", false), ("NaN", false), ("x", false)]
        {
            assert_eq!(rate(text).is_ok(), expected, "{text}");
        }
    }

    #[test]
    fn resources_are_those_of_the_templates() {
        assert_eq!(resource("UsersTable").unwrap(), "UsersTable");
        let error = resource("UserTable").unwrap_err();
        assert_eq!(error.downcast_ref::<Failure>().unwrap().why, ["did you mean `UsersTable`?"]);
        assert!(resource("NothingLikeThatAnywhere").is_err());
    }
}
