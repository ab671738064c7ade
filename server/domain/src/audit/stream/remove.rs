//! Removing a stream.

use super::name_of;
use crate::{
    Cx, Result,
    event::{Event, Ledger},
};
use model::{AuditAction, StreamId};

/// Removes a stream with its secrets and its errors; says its name. A delivery that is under way may still
/// arrive.
///
/// # Errors
/// [`crate::Error::NotFound`] for another team's stream, as for none.
pub async fn remove(cx: &Cx, id: StreamId) -> Result<String> {
    let mut change = super::change(cx).await?;
    let name = name_of(change.sql(), cx, id).await?;
    sqlx::query!("delete from audit_stream where team_id = $1 and id = $2", cx.seat()?.id.0, id.0)
        .execute(change.sql())
        .await?;
    let event = Event::new(Ledger::Team, AuditAction::StreamRemove).on("stream", id, &name);
    change.commit(event).await?;
    Ok(name)
}
