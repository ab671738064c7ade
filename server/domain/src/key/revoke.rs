//! Revoking a key: at once and for good.

use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
};
use model::{
    AuditAction, KeyId, Permission,
    key::{KeyRow, bounds::IN_USE_DAYS},
};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// Revokes a key of the team. When this returns, the key is refused. `typed`: its name, from whoever
/// revokes one that is in use.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.manage`; [`Error::NotFound`] for another team's key, in the
/// same words as for none; [`Error::Conflict`] when it was revoked before; a sentence at `name`.
pub async fn revoke(cx: &Cx, id: KeyId, typed: &str) -> Result<KeyRow> {
    super::refuse_itself(cx, id)?;
    let mut change = cx.change(Permission::KeysManage).await?;
    let used = used(change.sql(), cx, id).await?;
    let in_use = used.last_at.is_some_and(|at| cx.now() - at < Duration::days(IN_USE_DAYS));
    if in_use && typed.trim() != used.name {
        let said = format!("It is in use. Type its name, {}, to revoke it.", used.name);
        return Err(Error::field("name", said));
    }
    let Some(name) = mark(change.sql(), cx, id).await? else {
        return Err(Error::Conflict(format!("{} was revoked before.", used.name)));
    };
    let event = Event::new(Ledger::Team, AuditAction::KeyRevoke).on("key", id, &name);
    change.commit(event).await?;
    super::forget(cx.deps(), id);
    super::find(cx, id).await?.ok_or(Error::Inconsistent("a revoked key vanished"))
}

struct Used {
    name: String,
    last_at: Option<OffsetDateTime>,
}

async fn used(sql: &mut PgConnection, cx: &Cx, id: KeyId) -> Result<Used> {
    let used = sqlx::query_as!(
        Used,
        r#"select k.name, case when k.revoked_at is null then s.last_at end as "last_at?"
           from api_key k left join key_seen s on s.team_id = k.team_id and s.key_id = k.id
           where k.team_id = $1 and k.id = $2"#,
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(sql)
    .await?;
    used.ok_or(Error::NotFound)
}

/// The key's name, if this request revoked it: of two at once, one does.
async fn mark(sql: &mut PgConnection, cx: &Cx, id: KeyId) -> Result<Option<String>> {
    let name = sqlx::query_scalar!(
        "update api_key set revoked_at = $1, revoked_by = $2
         where team_id = $3 and id = $4 and revoked_at is null
         returning name",
        cx.now(),
        cx.person().map(|person| person.0),
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(sql)
    .await?;
    Ok(name)
}
