//! Signing out.

use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
};
use model::AuditAction;

/// Ends this session. Ending it twice is no fault.
///
/// # Errors
/// When the database does not answer: the session then still exists.
pub async fn sign_out(cx: &Cx) -> Result<()> {
    let Some(session) = cx.session() else { return Ok(()) };
    let mut change = match cx.change_session().await {
        Err(Error::Unauthenticated) => return Ok(()),
        opened => opened?,
    };
    sqlx::query!(
        "update session set ended_at = $1 where id_hash = $2",
        cx.now(),
        &session.hash[..]
    )
    .execute(change.sql())
    .await?;
    let event = Event::new(Ledger::Person, AuditAction::SessionEnd).on("session", "", "");
    change.commit_in_teams(event).await
}
