//! Changing what a key is called, what it may and how often. Its secret and its end stay.

use super::terms::{self, Terms};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    security, text,
};
use model::{
    AuditAction, KeyId, Permission,
    key::{KeyRow, NewKey},
};
use sqlx::PgConnection;

/// Changes the key. When this returns, calls are judged by the new terms.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.manage`, or without what the key may do in Probity, before or
/// after; [`Error::Unconfirmed`] without step-up; [`Error::NotFound`] for another team's key;
/// [`Error::Conflict`] for one that was revoked; [`Error::Invalid`] names every wrong field.
pub async fn update(cx: &Cx, id: KeyId, form: &NewKey) -> Result<KeyRow> {
    super::refuse_itself(cx, id)?;
    cx.require(Permission::KeysManage)?;
    let mut check = text::Check::default();
    let wanted = Terms::read(&mut check, form);
    check.done()?;
    let wanted = wanted.ok_or(Error::Inconsistent("a checked form lacks a field"))?;
    terms::refuse_more(cx, &wanted.scopes)?;
    let mut change = cx.change_confirmed(Permission::KeysManage).await?;
    let before = held(change.sql(), cx, id).await?.ok_or(Error::NotFound)?;
    if before.revoked {
        return Err(Error::Conflict(format!("{} was revoked. Create another key.", before.name)));
    }
    terms::refuse_more(cx, &before.scopes)?;
    security::refuse_open_key(change.sql(), cx, &wanted.networks).await?;
    write(change.sql(), cx, id, &wanted).await?;
    let event = Event::new(Ledger::Team, AuditAction::KeyUpdate)
        .on("key", id, &wanted.name)
        .with("name_before", before.name)
        .with("scopes_before", before.scopes)
        .with("networks_before", before.networks);
    change.commit(wanted.recorded(event)).await?;
    super::forget(cx.deps(), id);
    super::find(cx, id).await?.ok_or(Error::Inconsistent("a changed key vanished"))
}

/// The key as it is, held until the change is done.
struct Held {
    name: String,
    scopes: String,
    networks: String,
    revoked: bool,
}

async fn held(sql: &mut PgConnection, cx: &Cx, id: KeyId) -> Result<Option<Held>> {
    let held = sqlx::query_as!(
        Held,
        r#"select name, scopes, networks, revoked_at is not null as "revoked!"
           from api_key where team_id = $1 and id = $2 for update"#,
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(sql)
    .await?;
    Ok(held)
}

async fn write(sql: &mut PgConnection, cx: &Cx, id: KeyId, wanted: &Terms) -> Result<()> {
    let (limit, seconds) = wanted.rate_columns();
    sqlx::query!(
        "update api_key set name = $1, networks = $2, scopes = $3, rate_limit = $4,
                rate_seconds = $5, quota = $6, metadata = $7
         where team_id = $8 and id = $9",
        wanted.name,
        wanted.networks,
        wanted.scopes,
        limit,
        seconds,
        wanted.quota,
        wanted.metadata,
        cx.seat()?.id.0,
        id.0
    )
    .execute(sql)
    .await?;
    Ok(())
}
