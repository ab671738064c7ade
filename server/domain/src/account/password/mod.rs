//! Another password: by choice, or by a link in a mail.

mod change;
mod forgot;
mod reset;

pub use change::change_password;
pub use forgot::forgot;
pub(crate) use forgot::offer as offer_reset;
pub use reset::{reset, reset_card};

use crate::{Cx, Result, change::Change, password::Least};
use model::Typed;

/// How much a new password needs.
const fn least(second_factor: bool) -> Least {
    if second_factor { Least::WithSecondFactor } else { Least::Alone }
}

/// The hash of a new password.
pub(super) async fn hash(cx: &Cx, password: &Typed) -> Result<String> {
    let mut salt = [0; 16];
    cx.deps().random().fill(&mut salt);
    cx.deps().hasher().hash(password, salt).await
}

/// Replaces the hash of the person of `change`. The database asks for step-up, or for a link that
/// this transaction spends.
async fn store(change: &mut Change, hash: &str) -> Result<()> {
    let (now, person) = (change.cx().now(), change.person()?);
    sqlx::query!(
        "update credential set password_hash = $1, changed_at = $2 where person_id = $3",
        hash,
        now,
        person
    )
    .execute(change.sql())
    .await?;
    Ok(())
}
