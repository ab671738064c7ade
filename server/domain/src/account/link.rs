//! Links in mails: found by the hash of their token, and spent once.

use crate::{Cx, Result, change::Change, crypto::token};
use model::Typed;
use secrecy::SecretString;
use uuid::Uuid;

/// A link that can still be opened, and whom it concerns.
pub(super) struct Link {
    pub(super) person: Uuid,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) new_email: Option<String>,
    pub(super) second_factor: bool,
}

/// The link of this token, while it is good for `purpose`.
pub(super) async fn find(cx: &Cx, token: &Typed, purpose: &str) -> Result<Option<Link>> {
    let hash = hash(token);
    let link = sqlx::query_as!(
        Link,
        r#"select person_id as "person!", name as "name!", email as "email!", new_email,
                  second_factor as "second_factor!"
           from app.link_of($1, $2, $3)"#,
        hash.as_slice(),
        purpose,
        cx.now()
    )
    .fetch_optional(cx.deps().app().nobody())
    .await?;
    Ok(link)
}

/// Spends it, and every other of the same purpose: true for exactly one caller. Only the
/// transaction that spends it may then do what it allows.
pub(super) async fn spend(change: &mut Change, token: &Typed, purpose: &str) -> Result<bool> {
    let (now, hash) = (change.cx().now(), hash(token));
    let spent = sqlx::query_scalar!(
        r#"select app.spend_link($1, $2, $3) as "spent!""#,
        hash.as_slice(),
        purpose,
        now
    )
    .fetch_one(change.sql())
    .await?;
    Ok(spent)
}

fn hash(token: &Typed) -> [u8; 32] {
    token::hash(&SecretString::from(token.expose()))
}
