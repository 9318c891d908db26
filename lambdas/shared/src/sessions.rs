//! Session tokens: a JWT signed with the session secret, whose `kid` is the secret's version id.
//!
//! The current and the previous version are accepted. Which versions those are is asked in every call (one
//! `DescribeSecret`), so that a version that was rotated away twice is refused at once and not after some cache's age;
//! values are kept by version id, because a version's value never changes.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use aws_sdk_secretsmanager::Client;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use crate::log::Line;
use crate::names::stages;

/// How long a token is good for.
pub const LIFETIME_SECONDS: i64 = 2 * 60 * 60;

/// How old the list of versions may be when Secrets Manager can't be asked.
const STALE_AFTER: Duration = Duration::from_mins(5);

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Claims {
    sub: String,
    iat: i64,
    exp: i64,
}

/// A signed token and when it ends.
#[derive(Clone, Debug)]
pub struct Token {
    /// The JWT.
    pub token: String,
    /// RFC 3339.
    pub expires_at: String,
}

/// Why a token is not accepted. Which it was is logged, never answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Not a JWT with a `kid`.
    Malformed,
    /// Signed with a version that is neither current nor previous.
    UnknownVersion,
    /// The signature or its algorithm is wrong.
    Signature,
    /// Its time is over.
    Expired,
}

/// The labelled versions of the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Versions {
    current: String,
    previous: Option<String>,
}

/// Signs and verifies tokens.
pub struct Sessions {
    client: Client,
    secret_id: String,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    versions: Option<(Versions, Instant)>,
    values: HashMap<String, Vec<u8>>,
}

impl Sessions {
    /// Reads the secret once, so that the first request doesn't wait for it.
    pub async fn connect(client: Client, secret_id: String) -> anyhow::Result<Self> {
        let sessions = Self { client, secret_id, known: Mutex::default() };
        let versions = sessions.versions().await?;
        sessions.value(&versions.current).await?;
        Ok(sessions)
    }

    /// Asks which versions there are, for a token that is signed later in the same call. What fails here is found again
    /// then.
    pub async fn ask(&self) {
        let _ = self.versions().await;
    }

    /// A token for the customer, signed with the current version: as it was asked in this call, which began at `since`.
    pub async fn sign(&self, customer_id: &str, since: Instant) -> anyhow::Result<Token> {
        let versions = match self.with_known(|known| known.versions.clone()) {
            Some((versions, asked)) if asked >= since => versions,
            _ => self.versions().await?,
        };
        let key = self.value(&versions.current).await?;
        sign(customer_id, &versions.current, &key, crate::time::seconds())
    }

    /// The customer of a token.
    pub async fn verify(&self, token: &str) -> anyhow::Result<Result<String, Refused>> {
        let Ok(kid) = version_of(token) else {
            return Ok(Err(Refused::Malformed));
        };
        let versions = self.versions().await?;
        if versions.current != kid && versions.previous.as_deref() != Some(kid.as_str()) {
            return Ok(Err(Refused::UnknownVersion));
        }
        let key = self.value(&kid).await?;
        Ok(verify(token, &key))
    }

    /// Whose a token is by a value that is known here, before it is asked whether that version still counts: good for
    /// reading ahead, and for nothing that anybody could see.
    pub fn presumed(&self, token: &str) -> Option<String> {
        let version = version_of(token).ok()?;
        let key = self.with_known(|known| known.values.get(&version).cloned())?;
        verify(token, &key).ok()
    }

    async fn versions(&self) -> anyhow::Result<Versions> {
        let described = self.client.describe_secret().secret_id(&self.secret_id).send().await;
        match described {
            Ok(secret) => {
                let versions = labelled(secret.version_ids_to_stages().into_iter().flatten())
                    .context("the session secret has no current version")?;
                self.with_known(|known| {
                    known.values.retain(|id, _| *id == versions.current || versions.previous.as_ref() == Some(id));
                    known.versions = Some((versions.clone(), Instant::now()));
                });
                Ok(versions)
            }
            Err(error) => {
                let error =
                    anyhow::Error::new(error).context("secretsmanager:DescribeSecret of the session secret failed");
                let remembered = self.with_known(|known| known.versions.clone());
                let Some((versions, _)) = remembered.filter(|(_, at)| at.elapsed() < STALE_AFTER) else {
                    return Err(error);
                };
                Line::warn("the session secret's versions are remembered ones").cause(&error).write();
                Ok(versions)
            }
        }
    }

    async fn value(&self, version: &str) -> anyhow::Result<Vec<u8>> {
        if let Some(value) = self.with_known(|known| known.values.get(version).cloned()) {
            return Ok(value);
        }
        let secret = self
            .client
            .get_secret_value()
            .secret_id(&self.secret_id)
            .version_id(version)
            .send()
            .await
            .context("secretsmanager:GetSecretValue of the session secret failed")?;
        let value = secret.secret_string().context("the session secret has no text")?.as_bytes().to_vec();
        anyhow::ensure!(value.len() >= 32, "the session secret is shorter than 32 bytes");
        self.with_known(|known| known.values.insert(version.to_owned(), value.clone()));
        Ok(value)
    }

    fn with_known<T>(&self, act: impl FnOnce(&mut Known) -> T) -> T {
        // A panic elsewhere can't leave the maps half written: every change is one call.
        act(&mut self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// The versions with the two labels. Source: AWS Secrets Manager User Guide, "Secret versions".
fn labelled<'a>(versions: impl Iterator<Item = (&'a String, &'a Vec<String>)>) -> Option<Versions> {
    let (mut current, mut previous) = (None, None);
    for (id, labels) in versions {
        if labels.iter().any(|label| label == stages::CURRENT) {
            current = Some(id.clone());
        } else if labels.iter().any(|label| label == stages::PREVIOUS) {
            previous = Some(id.clone());
        }
    }
    current.map(|current| Versions { current, previous })
}

fn sign(customer_id: &str, version: &str, key: &[u8], now: i64) -> anyhow::Result<Token> {
    let claims = Claims { sub: customer_id.to_owned(), iat: now, exp: now + LIFETIME_SECONDS };
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(version.to_owned());
    let token =
        encode(&header, &claims, &EncodingKey::from_secret(key)).context("the session token can't be signed")?;
    Ok(Token { token, expires_at: crate::time::text_of_seconds(claims.exp) })
}

fn version_of(token: &str) -> Result<String, Refused> {
    let header = decode_header(token).map_err(|_| Refused::Malformed)?;
    header.kid.filter(|kid| !kid.is_empty()).ok_or(Refused::Malformed)
}

fn verify(token: &str, key: &[u8]) -> Result<String, Refused> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    validation.set_required_spec_claims(&["exp", "sub"]);
    match decode::<Claims>(token, &DecodingKey::from_secret(key), &validation) {
        Ok(data) if !data.claims.sub.is_empty() => Ok(data.claims.sub),
        Ok(_) => Err(Refused::Malformed),
        Err(error) => Err(match error.kind() {
            jsonwebtoken::errors::ErrorKind::ExpiredSignature => Refused::Expired,
            jsonwebtoken::errors::ErrorKind::InvalidSignature | jsonwebtoken::errors::ErrorKind::InvalidAlgorithm => {
                Refused::Signature
            }
            _ => Refused::Malformed,
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

    #[test]
    fn a_signed_token_is_its_customers() {
        let token = sign("c-1", "v1", KEY, crate::time::seconds()).unwrap().token;
        assert_eq!(version_of(&token), Ok("v1".into()));
        assert_eq!(verify(&token, KEY), Ok("c-1".into()));
        assert_eq!(verify(&token, b"another key, just as long as that"), Err(Refused::Signature));
    }

    #[test]
    fn an_old_token_is_expired_to_the_second() {
        let token = sign("c-1", "v1", KEY, crate::time::seconds() - LIFETIME_SECONDS - 1).unwrap().token;
        assert_eq!(verify(&token, KEY), Err(Refused::Expired));
    }

    #[test]
    fn a_token_without_signature_is_refused() {
        // {"alg":"none","kid":"v1"}.{"sub":"c-1","exp":9999999999}.
        let token = "eyJhbGciOiJub25lIiwia2lkIjoidjEifQ.eyJzdWIiOiJjLTEiLCJleHAiOjk5OTk5OTk5OTl9.";
        assert!(verify(token, KEY).is_err());
    }

    #[test]
    fn labels_name_the_two_versions() {
        let labels = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let versions = HashMap::from([
            ("v1".to_owned(), labels(&[])),
            ("v2".to_owned(), labels(&["AWSPREVIOUS"])),
            ("v3".to_owned(), labels(&["AWSCURRENT", "mine"])),
            ("v4".to_owned(), labels(&["AWSPENDING"])),
        ]);
        let found = labelled(versions.iter());
        assert_eq!(found, Some(Versions { current: "v3".into(), previous: Some("v2".into()) }));
        assert_eq!(labelled(HashMap::new().iter()), None);
    }

    proptest! {
        #[test]
        fn no_text_is_accepted_and_none_panics(text in ".{0,200}") {
            prop_assert!(version_of(&text).is_err() || verify(&text, KEY).is_err());
        }
    }
}
