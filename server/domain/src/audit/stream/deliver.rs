//! The task that delivers: which streams have something to deliver, each a while.

use super::{trouble, work};
use crate::{Cx, Deps, Result, policy::Actor, task::Task};
use futures::StreamExt;
use model::{StreamId, TeamId};
use std::time::Duration;

/// Streams in one run; the rest at the next, which is soon.
const MOST: i64 = 200;
/// Streams at once, so that one that hangs does not keep all others waiting.
const AT_ONCE: usize = 8;
/// After so long no further stream is begun: what is due is asked anew, so that many that hang, and are put
/// off one after the other, do not keep the rest waiting.
const RUN: Duration = Duration::from_secs(5);

/// Delivers what is due: each stream in its order, many streams at once.
///
/// # Errors
/// When the database or the keyring does not answer; what was taken in and could not be noted is
/// delivered again.
pub async fn deliver(deps: &Deps) -> Result<()> {
    let cx = Cx::system(deps);
    let (due, began) = (due(&cx).await?, deps.clock().elapsed());
    trouble::tell(&cx).await?;
    let worked = futures::stream::iter(due)
        .take_while(|_| std::future::ready(deps.clock().elapsed() - began < RUN))
        .map(|(team, id)| work::work(&cx, team, id))
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    worked.into_iter().collect()
}

/// Streams that flow, have something to deliver, and are not held by anybody: who waits longest is first.
async fn due(cx: &Cx) -> Result<Vec<(TeamId, StreamId)>> {
    let mut change = cx.change_as(Task::AuditStream, Actor::default()).await?;
    let rows = sqlx::query!(
        "select s.team_id, s.id from audit_stream s
         join team t on t.id = s.team_id
         join ledger_head h on h.kind = 'team' and h.ledger = s.team_id
         where s.state = 'active' and t.suspended_at is null and t.closing_at is null and h.seq > s.seq and s.next_try <= $1
             and (s.held_until is null or s.held_until <= $1)
         order by s.next_try limit $2",
        cx.now(),
        MOST
    )
    .fetch_all(change.sql())
    .await?;
    Ok(rows.into_iter().map(|row| (TeamId(row.team_id), StreamId(row.id))).collect())
}
