//! A ticket: 256 random bits that open one WebSocket within a minute. Only its hash is stored, so the table can't open
//! a socket.

use anyhow::Context as _;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::types::ReturnValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use shared::tables::{TicketRow, from_item, number, text, to_item};

use crate::function::Function;

/// How long a ticket is good for (`platform.md`: at most a minute).
pub const LIFETIME_SECONDS: i64 = 60;

/// A new ticket.
pub fn generate() -> String {
    let random: [u8; 32] = rand::random();
    URL_SAFE_NO_PAD.encode(random)
}

/// What is stored of a ticket; none for a text that no ticket can be.
pub fn hash(ticket: &str) -> Option<String> {
    let shaped = ticket.len() == 43 && ticket.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    shaped.then(|| hex::encode(Sha256::digest(ticket)))
}

/// Remembers a ticket of the customer until `expires_at`.
pub async fn store(function: &Function, ticket: &str, customer_id: &str, expires_at: i64) -> anyhow::Result<()> {
    let ticket_hash = hash(ticket).context("a generated ticket is not one")?;
    let row = TicketRow { ticket_hash, customer_id: customer_id.to_owned(), expires_at };
    function
        .dynamodb
        .put_item()
        .table_name(&function.tickets)
        .set_item(Some(to_item(&row)?))
        .condition_expression("attribute_not_exists(ticketHash)")
        .send()
        .await
        .context("dynamodb:PutItem on the tickets table failed")?;
    Ok(())
}

/// Takes a ticket back and says whose it was. The delete compares the expiry itself, because rows outlive it (TTL), and
/// only one of two that come with the same ticket can delete it.
pub async fn redeem(function: &Function, ticket: &str, now: i64) -> anyhow::Result<Option<String>> {
    let Some(ticket_hash) = hash(ticket) else {
        return Ok(None);
    };
    let sent = function
        .dynamodb
        .delete_item()
        .table_name(&function.tickets)
        .key("ticketHash", text(ticket_hash))
        .condition_expression("attribute_exists(ticketHash) AND expiresAt > :now")
        .expression_attribute_values(":now", number(now))
        .return_values(ReturnValue::AllOld)
        .send()
        .await;
    match sent {
        Ok(deleted) => {
            let row: TicketRow = from_item(deleted.attributes.context("the deleted ticket came back empty")?)?;
            Ok(Some(row.customer_id))
        }
        Err(error) if error.as_service_error().is_some_and(DeleteItemError::is_conditional_check_failed_exception) => {
            Ok(None)
        }
        Err(error) => Err(error).context("dynamodb:DeleteItem on the tickets table failed"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tickets_differ_and_are_stored_hashed() {
        let (one, other) = (generate(), generate());
        assert_ne!(one, other);
        assert_eq!(hash(&one).unwrap().len(), 64);
        assert!(!hash(&one).unwrap().contains(&one));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,80}") {
            let _ = hash(&text);
        }
    }
}
