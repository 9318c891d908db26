//! Waiting for something to be seen, with a deadline, and telling "not there" from "could not be looked at".

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::error::{Failure, codes};

/// The first pause between two looks; it grows, so that waiting does not slow down what is waited for.
const FIRST_PAUSE: Duration = Duration::from_millis(15);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Why a station was given up.
pub const NOT_WAITED_FOR: &str = "not waited for: nothing was submitted";

/// What came of waiting.
#[derive(Debug)]
pub enum Waited<T> {
    /// It was seen, this long after the start.
    Seen(T, Duration),
    /// It was not seen within this limit; the text says what was seen instead.
    Late(Duration, String),
    /// It could not be looked at, and why.
    Unreadable(String),
}

/// What one look saw.
#[derive(Debug)]
pub enum Look<T> {
    /// What was waited for.
    Found(T),
    /// Not yet; the text says what is there instead.
    NotYet(String),
}

/// Looks again and again until something is found or `limit` has passed since `start`.
pub async fn until<T>(
    start: Instant,
    limit: Duration,
    cancel: &CancellationToken,
    mut look: impl AsyncFnMut() -> anyhow::Result<Look<T>>,
) -> Waited<T> {
    let mut pause = FIRST_PAUSE;
    loop {
        if cancel.is_cancelled() {
            return Waited::Unreadable(NOT_WAITED_FOR.into());
        }
        let seen = look().await;
        let after = start.elapsed();
        let over = after >= limit;
        match seen {
            Ok(Look::Found(value)) => return Waited::Seen(value, after),
            Ok(Look::NotYet(instead)) if over => return Waited::Late(limit, instead),
            Err(error) if over || is_permanent(&error) => return Waited::Unreadable(format!("{error:#}")),
            Ok(Look::NotYet(_)) | Err(_) => {}
        }
        tokio::select! {
            () = cancel.cancelled() => return Waited::Unreadable(NOT_WAITED_FOR.into()),
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 4 / 3).min(LONGEST_PAUSE);
    }
}

/// Whether looking again cannot help.
fn is_permanent(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<Failure>()
        .is_some_and(|failure| [&codes::DENIED, &codes::CREDENTIALS, &codes::WRITE_REFUSED].contains(&failure.code))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn wait(mut looks: Vec<anyhow::Result<Look<u8>>>) -> Waited<u8> {
        looks.reverse();
        until(Instant::now(), Duration::from_millis(40), &CancellationToken::new(), async || {
            looks.pop().unwrap_or_else(|| Ok(Look::NotYet("no row".into())))
        })
        .await
    }

    #[tokio::test]
    async fn found_late_unreadable() {
        assert!(matches!(wait(vec![Ok(Look::NotYet("no row".into())), Ok(Look::Found(3))]).await, Waited::Seen(3, _)));
        assert!(
            matches!(wait(vec![Err(anyhow::anyhow!("throttled")), Ok(Look::Found(3))]).await, Waited::Seen(3, _)),
            "one bad look is not the end"
        );
        assert!(matches!(wait(vec![]).await, Waited::Late(_, instead) if instead == "no row"));
        let denied = Failure::new(&codes::DENIED, "ann may not dynamodb:GetItem");
        assert!(
            matches!(wait(vec![Err(denied.into()), Ok(Look::Found(3))]).await, Waited::Unreadable(why) if why.contains("GetItem"))
        );
    }
}
