//! Signing out.

use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
};
use model::AuditAction;
use sqlx::PgConnection;

/// Ends this session. Ending it twice is no fault.
///
/// # Errors
/// When the database does not answer: the session then still exists.
pub async fn sign_out(cx: &Cx) -> Result<()> {
    let Some(session) = cx.session() else { return Ok(()) };
    let mut change = cx.change_self(None).await?;
    if !end(change.sql(), cx, session).await? {
        return Ok(());
    }
    let event = Event::new(Ledger::Person, AuditAction::SessionEnd).on("session", "", "");
    change.record_in_teams(&event).await?;
    change.commit(event).await?;
    Ok(())
}

/// Whether this request ended it.
async fn end(sql: &mut PgConnection, cx: &Cx, session: &[u8; 32]) -> Result<bool> {
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    let done = sqlx::query!(
        "update session set ended_at = $1
         where id_hash = $2 and person_id = $3 and ended_at is null",
        cx.now(),
        session.as_slice(),
        person.0
    )
    .execute(sql)
    .await?;
    Ok(done.rows_affected() == 1)
}
