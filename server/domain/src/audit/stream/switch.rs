//! Pausing a stream, and letting it flow again from where it was.

use super::name_of;
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
};
use model::{AuditAction, StreamId, audit::StreamState};

/// Lets nothing flow any more, when what is under way has arrived; says the stream's name.
///
/// # Errors
/// [`Error::NotFound`] for another team's stream; [`Error::Conflict`] when it is paused already.
pub async fn pause(cx: &Cx, id: StreamId) -> Result<String> {
    set(cx, id, StreamState::Paused).await
}

/// Lets it flow again, with what has gathered meanwhile.
///
/// # Errors
/// [`Error::NotFound`] for another team's stream; [`Error::Conflict`] when it flows already.
pub async fn resume(cx: &Cx, id: StreamId) -> Result<String> {
    set(cx, id, StreamState::Active).await
}

async fn set(cx: &Cx, id: StreamId, state: StreamState) -> Result<String> {
    let mut change = super::change(cx).await?;
    let name = name_of(change.sql(), cx, id).await?;
    let done = sqlx::query!(
        "update audit_stream set state = $3 where team_id = $1 and id = $2 and state <> $3",
        cx.seat()?.id.0,
        id.0,
        state.name()
    )
    .execute(change.sql())
    .await?;
    let (action, already) = match state {
        StreamState::Active => (AuditAction::StreamResume, "This stream flows already."),
        StreamState::Paused => (AuditAction::StreamPause, "This stream is paused already."),
    };
    if done.rows_affected() == 0 {
        return Err(Error::Conflict(already.to_owned()));
    }
    change.commit(Event::new(Ledger::Team, action).on("stream", id, &name)).await?;
    Ok(name)
}
