//! What an instance of the function holds from its start on.

use std::time::Duration;

use anyhow::Context as _;
use aws_sdk_apigatewaymanagement::config::retry::RetryConfig;
use aws_sdk_apigatewaymanagement::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::Client;
use shared::events::EventType;
use shared::keys;
use shared::outbox::Outbox;

/// What one socket is given, all tries together: a browser that does not read must not hold the batch.
const SLOW: Duration = Duration::from_secs(4);

/// What one try of a push is given, so that another one fits.
const PUSH: Duration = Duration::from_millis(1_500);

/// Pauses between the tries of a push that was throttled are random, up to this and twice as much each time.
const FIRST_PAUSE: Duration = Duration::from_millis(150);

/// Clients, tables, addresses, and the topic of this instance.
pub struct Function {
    /// What the records of this instance's topic are.
    pub event_type: EventType,
    /// Whether the mapping honours partial batch failures.
    pub partial_failures: bool,
    /// Reaches the tables.
    pub dynamodb: Client,
    /// Reaches the dead letters' bucket.
    pub s3: aws_sdk_s3::Client,
    /// Reaches operators and compliance.
    pub sns: aws_sdk_sns::Client,
    /// Reaches customers' mailboxes.
    pub ses: aws_sdk_sesv2::Client,
    /// Reaches the open sockets.
    pub management: aws_sdk_apigatewaymanagement::Client,
    /// Customers.
    pub users: String,
    /// Applications.
    pub applications: String,
    /// Audit rows.
    pub audit: String,
    /// Errors.
    pub workflow_errors: String,
    /// Markers.
    pub processed: String,
    /// Open sockets.
    pub connections: String,
    /// Events of this function on their way.
    pub outbox: Outbox,
    /// Bytes of dead letters.
    pub dead_letters: String,
    /// SNS topic of operators.
    pub alerts: String,
    /// SNS topic of compliance.
    pub compliance: String,
    /// Who mail to customers comes from.
    pub mail_sender: String,
}

impl Function {
    /// Reads the variables and builds the clients.
    pub fn connect() -> anyhow::Result<Self> {
        let topic = keys::required(keys::TOPIC)?;
        let event_type =
            EventType::of_topic(&topic).with_context(|| format!("{}: no topic is called {topic}", keys::TOPIC))?;
        let config = shared::aws::configuration()?;
        let dynamodb = Client::new(&config);
        let management = aws_sdk_apigatewaymanagement::config::Builder::from(&config)
            .endpoint_url(keys::required(keys::WEBSOCKET_MANAGEMENT)?)
            .retry_config(RetryConfig::standard().with_max_attempts(4).with_initial_backoff(FIRST_PAUSE))
            .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(PUSH).operation_timeout(SLOW).build())
            .build();
        // Path style is served by every S3 endpoint, host style only where names below it resolve. Source: Amazon S3
        // User Guide, "Virtual hosting of general purpose buckets".
        let s3 = aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build();
        Ok(Self {
            event_type,
            partial_failures: keys::optional(keys::POLLER) == "provisioned",
            s3: aws_sdk_s3::Client::from_conf(s3),
            ses: aws_sdk_sesv2::Client::new(&config),
            sns: aws_sdk_sns::Client::new(&config),
            management: aws_sdk_apigatewaymanagement::Client::from_conf(management),
            users: keys::required(keys::USERS_TABLE)?,
            applications: keys::required(keys::APPLICATIONS_TABLE)?,
            audit: keys::required(keys::AUDIT_TABLE)?,
            workflow_errors: keys::required(keys::WORKFLOW_ERRORS_TABLE)?,
            processed: keys::required(keys::PROCESSED_EVENTS_TABLE)?,
            connections: keys::required(keys::CONNECTIONS_TABLE)?,
            outbox: Outbox { client: dynamodb.clone(), table: keys::required(keys::OUTBOX_TABLE)? },
            dead_letters: keys::required(keys::DEAD_LETTERS_BUCKET)?,
            alerts: keys::required(keys::ALERTS_TOPIC_ARN)?,
            compliance: keys::required(keys::COMPLIANCE_TOPIC_ARN)?,
            mail_sender: keys::required(keys::MAIL_SENDER)?,
            dynamodb,
        })
    }
}
