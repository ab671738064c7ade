//! Trying a stream: one delivery without a record in it, on the way that records go.

use super::{name_of, parcel::Content, work};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    limit,
};
use model::{AuditAction, Limit, Permission, StreamId};

/// Sends a test now, also from a stream that is paused, and says in a sentence what came of it.
///
/// # Errors
/// [`Error::NotFound`] for another team's stream; [`Error::TooMany`]; [`Error::Conflict`] with what went
/// wrong.
pub async fn test(cx: &Cx, id: StreamId) -> Result<String> {
    cx.require(Permission::AuditExport)?;
    let team = cx.seat()?.id;
    limit::take(cx, Limit::StreamTest, &team.to_string()).await?;
    // Recorded before anything leaves.
    let mut change = cx.change(Permission::AuditExport).await?;
    let name = name_of(change.sql(), cx, id).await?;
    change
        .commit(Event::new(Ledger::Team, AuditAction::StreamTest).on("stream", id, &name))
        .await?;
    let system = Cx::system(cx.deps());
    let sender = work::sender(&system, team, id).await?.ok_or(Error::NotFound)?;
    let began = cx.deps().clock().elapsed();
    let carried = work::carry(&system, sender, Content::Test).await;
    let took = (cx.deps().clock().elapsed() - began).as_millis();
    match carried {
        Ok(carried) => Ok(match carried.status {
            Some(status) => format!("The test arrived: {status} after {took} ms."),
            None => format!("The test arrived after {took} ms."),
        }),
        Err(error) => Err(Error::Conflict(format!("{} ({took} ms)", error.said))),
    }
}
