//! AWS errors as failures with a code; the service's own code stays readable without SDK types.

use std::error::Error;

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::interceptor::Refused;
use crate::error::{Code, Failure, codes};

/// What a service answered, below the [`Failure`] in the chain.
#[derive(Clone, Debug)]
pub struct ServiceError {
    /// `lambda:GetFunction`.
    pub action: String,
    /// The service's own code: `ResourceNotFoundException`.
    pub code: Option<String>,
    /// The service's own message.
    pub message: Option<String>,
    /// For AWS support.
    pub request_id: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
}

impl std::fmt::Display for ServiceError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} answered {}", self.action, self.code.as_deref().unwrap_or("an error without a code"))?;
        if let Some(message) = &self.message {
            write!(formatter, ": {message}")?;
        }
        if let Some(request_id) = &self.request_id {
            write!(formatter, " (request {request_id})")?;
        }
        Ok(())
    }
}

impl Error for ServiceError {}

/// Turns an SDK result into ours.
pub trait SendExt<T> {
    /// Names the action, as IAM does (`lambda:GetFunction`), and translates the error.
    ///
    /// # Errors
    /// The call's own, with a code.
    fn called(self, action: &str) -> anyhow::Result<T>;
}

impl<T, E> SendExt<T> for Result<T, SdkError<E, Response>>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    fn called(self, action: &str) -> anyhow::Result<T> {
        self.map_err(|error| translate(&error, action))
    }
}

/// The service's own code of a failed call, for example `ResourceNotFoundException`.
pub fn error_code(error: &anyhow::Error) -> Option<&str> {
    error.downcast_ref::<ServiceError>().and_then(|error| error.code.as_deref())
}

/// The service's own message of a failed call.
pub fn error_message(error: &anyhow::Error) -> Option<&str> {
    error.downcast_ref::<ServiceError>().and_then(|error| error.message.as_deref())
}

/// An error and its sources in one line.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

/// A call that is rehearsed: the gate has shown it and sent nothing, which is no error then.
///
/// # Errors
/// Any other error, such as that of a read before it.
pub fn rehearsed<T>(result: anyhow::Result<T>) -> anyhow::Result<()> {
    match result {
        Err(error) if error.downcast_ref::<Failure>().is_some_and(|failure| failure.code == &codes::WRITE_REFUSED) => {
            Ok(())
        }
        other => other.map(|_| ()),
    }
}

fn translate<E>(error: &SdkError<E, Response>, action: &str) -> anyhow::Error
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    if let Some(refused) = find::<Refused>(error) {
        return Failure::new(&codes::WRITE_REFUSED, format!("{action} was not sent: it changes something"))
            .why(refused.to_string())
            .into();
    }
    if let SdkError::ServiceError(_) = error {
        let request_id = error.request_id().map(str::to_owned);
        let status = error.raw_response().map(|response| response.status().as_u16());
        let metadata = error.as_service_error().map(ProvideErrorMetadata::meta);
        return service_failure(ServiceError {
            action: action.to_owned(),
            code: metadata.and_then(|metadata| metadata.code()).map(str::to_owned),
            message: metadata.and_then(|metadata| metadata.message()).map(str::to_owned),
            request_id,
            status,
        });
    }
    let why = chain(error);
    if find::<aws_credential_types::provider::error::CredentialsError>(error).is_some() {
        return Failure::new(&codes::CREDENTIALS, format!("{action} could not be signed: no credentials"))
            .why(why)
            .into();
    }
    Failure::new(&codes::AWS_CALL, format!("{action} got no answer")).why(why).retryable().into()
}

fn service_failure(error: ServiceError) -> anyhow::Error {
    let code = code_for(error.code.as_deref(), error.status);
    let mut failure = match code.id {
        id if id == codes::DENIED.id => {
            let message = error.message.clone().unwrap_or_default();
            let action = denied_action(&message).unwrap_or(&error.action);
            let caller = denied_caller(&message).unwrap_or("the caller");
            Failure::new(code, format!("{caller} may not {action}"))
                .fix(format!("allow {action} for {caller}, or choose another --profile"))
        }
        id if id == codes::CREDENTIALS.id => {
            Failure::new(code, format!("AWS refused the credentials of {}", error.action))
                .fix("onboardctl … --profile NAME")
        }
        _ => Failure::new(code, format!("{} failed", error.action)),
    };
    failure.retryable = retryable(error.code.as_deref(), error.status);
    // The service's answer is the cause below the failure: it is printed as evidence and stays readable by code.
    anyhow::Error::new(error).context(failure)
}

/// Codes by which services say that credentials are wrong, and that they are right but not enough.
fn code_for(code: Option<&str>, status: Option<u16>) -> &'static Code {
    match code.unwrap_or_default() {
        // AWS "Common error types" of the Query, JSON and S3 protocols.
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "AuthFailure"
        | "InvalidAccessKeyId"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "RequestExpired"
        | "InvalidToken" => &codes::CREDENTIALS,
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "AuthorizationError"
        | "AuthorizationErrorException"
        | "NotAuthorized"
        | "ForbiddenException" => &codes::DENIED,
        // HEAD requests carry no body and so no code.
        "" if status == Some(403) => &codes::DENIED,
        _ => &codes::AWS_CALL,
    }
}

fn retryable(code: Option<&str>, status: Option<u16>) -> bool {
    let throttled = code.is_some_and(|code| {
        code.contains("Throttl") || code.contains("TooManyRequests") || code.contains("RequestLimitExceeded")
    });
    throttled || status.is_some_and(|status| status >= 500)
}

/// `User: ARN is not authorized to perform: ACTION on resource: …`, the text of every IAM denial.
fn denied_action(message: &str) -> Option<&str> {
    let rest = message.split_once("not authorized to perform: ")?.1;
    rest.split([' ', ',']).next().filter(|action| action.contains(':'))
}

fn denied_caller(message: &str) -> Option<&str> {
    message.split_once("User: ")?.1.split(' ').next()
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut current = Some(error);
    while let Some(cause) = current {
        if let Some(found) = cause.downcast_ref::<T>() {
            return Some(found);
        }
        current = cause.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(code: &str, message: &str) -> anyhow::Error {
        service_failure(ServiceError {
            action: "lambda:GetFunction".into(),
            code: Some(code.into()),
            message: Some(message.into()),
            request_id: Some("r-1".into()),
            status: Some(400),
        })
    }

    #[test]
    fn the_services_code_is_readable_through_the_failure() {
        let error = answer("ResourceNotFoundException", "Function not found").context("planning");
        assert_eq!(error_code(&error), Some("ResourceNotFoundException"));
        assert_eq!(error_message(&error), Some("Function not found"));
        assert_eq!(error.downcast_ref::<Failure>().unwrap().code, &codes::AWS_CALL);
    }

    #[test]
    fn a_denial_names_action_and_caller() {
        let message = "User: arn:aws:iam::1:user/ann is not authorized to perform: lambda:GetFunction on resource: x";
        let error = answer("AccessDeniedException", message);
        let failure = error.downcast_ref::<Failure>().unwrap();
        assert_eq!(failure.code, &codes::DENIED);
        assert_eq!(failure.what, "arn:aws:iam::1:user/ann may not lambda:GetFunction");
    }

    #[test]
    fn expired_credentials_are_not_a_denial() {
        assert_eq!(answer("ExpiredTokenException", "").downcast_ref::<Failure>().unwrap().code, &codes::CREDENTIALS);
    }
}
