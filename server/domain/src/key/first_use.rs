//! The first time a key is accepted is an event; the later ones are counted.

use crate::{
    Cx, Result,
    event::{Event, Ledger},
    policy::Actor,
    task::Task,
};
use model::{AuditAction, KeyId, TeamId};
use sqlx::PgConnection;

/// Records the first use of a key, once, however many requests bring it at the same time.
pub(super) async fn record(cx: &Cx, team: TeamId, key: KeyId) -> Result<()> {
    let about = Actor { team: Some(team.0), ..Actor::default() };
    let mut change = cx.change_as(Task::KeyFirstUse, about).await?;
    let Some(name) = mark(change.sql(), cx, team, key).await? else { return Ok(()) };
    change.commit(Event::new(Ledger::Team, AuditAction::KeyFirstUse).on("key", key, &name)).await?;
    Ok(())
}

async fn mark(sql: &mut PgConnection, cx: &Cx, team: TeamId, key: KeyId) -> Result<Option<String>> {
    let name = sqlx::query_scalar!(
        "update api_key set first_used_at = $1
         where team_id = $2 and id = $3 and first_used_at is null
         returning name",
        cx.now(),
        team.0,
        key.0
    )
    .fetch_optional(sql)
    .await?;
    Ok(name)
}
