//! Giving a stream another signing secret. The one before it signs as well for a day, so that whoever
//! checks signatures has time to change.

use super::{name_of, sealed};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger, rfc3339},
};
use model::{
    AuditAction, Permission, StreamId, audit::stream_bounds::OVERLAP_HOURS, reveal::RevealedHook,
};
use time::Duration;

/// Replaces what a stream signs with, and shows the new one.
///
/// # Errors
/// [`Error::NotFound`] for another team's stream; [`Error::Conflict`] for one that signs nothing.
pub async fn rotate(cx: &Cx, id: StreamId) -> Result<RevealedHook> {
    cx.require(Permission::AuditExport)?;
    let (key, sealed) = sealed::new_secret(cx, id).await?;
    let ends_at = cx.now() + Duration::hours(OVERLAP_HOURS);
    let mut change = super::change(cx).await?;
    let name = name_of(change.sql(), cx, id).await?;
    let done = sqlx::query!(
        // What was there before is kept by `app.keep_stream`: nobody may read it.
        "update audit_stream set secret = $3, previous_ends_at = $4
         where team_id = $1 and id = $2 and kind = 'https'",
        cx.seat()?.id.0,
        id.0,
        sealed,
        ends_at
    )
    .execute(change.sql())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict("This stream signs nothing.".to_owned()));
    }
    let overlaps_until = rfc3339(ends_at);
    let event = Event::new(Ledger::Team, AuditAction::StreamRotate)
        .on("stream", id, &name)
        .with("old_ends_at", overlaps_until.as_str());
    change.commit(event).await?;
    let overlaps_until = Some(overlaps_until);
    Ok(RevealedHook { id, name, secret: key.written(), overlaps_until })
}
