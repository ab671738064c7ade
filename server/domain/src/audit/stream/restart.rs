//! Letting a stream begin elsewhere: once more from a record, or from now on without what waits.

use super::{create::Begin, name_of};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    text::Check,
};
use model::{AuditAction, Permission, StreamId, audit::RestartStream};

/// Moves a stream's cursor; says the stream's name. A delivery that is under way may still arrive.
///
/// # Errors
/// A sentence at `begin` or `record`; [`Error::NotFound`] for another team's stream.
pub async fn restart(cx: &Cx, id: StreamId, form: &RestartStream) -> Result<String> {
    cx.require(Permission::AuditExport)?;
    let mut check = Check::default();
    let begin = Begin::read(&mut check, &form.begin, &form.record);
    check.done()?;
    let begin = begin.ok_or(Error::Inconsistent("a checked form lacks a field"))?;
    let mut change = super::change(cx).await?;
    let name = name_of(change.sql(), cx, id).await?;
    let start_at = begin.seq(change.sql(), cx).await?;
    sqlx::query!(
        // The cursor follows by `app.keep_stream`.
        "update audit_stream set start_at = $3, started_at = greatest($4, started_at + interval '1 us')
         where team_id = $1 and id = $2",
        cx.seat()?.id.0,
        id.0,
        start_at,
        cx.now()
    )
    .execute(change.sql())
    .await?;
    let event = Event::new(Ledger::Team, AuditAction::StreamRestart)
        .on("stream", id, &name)
        .with("begins_behind", start_at);
    change.commit(event).await?;
    Ok(name)
}
