//! Giving a program another name, another key, or both at once.

use super::{read_key, refused, seal};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    member, text,
};
use model::{AuditAction, Permission, ProgramId, Typed, rule::bounds};
use sqlx::PgConnection;

/// What shall be otherwise with a program; the rest stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Changes<'a> {
    pub name: Option<&'a str>,
    /// Its key.
    pub tag: Option<&'a Typed>,
}

/// Changes a program; says its name. When this returns, a new key is filled in.
///
/// # Errors
/// As [`super::create`]; [`Error::NotFound`] for another team's program, as for none.
pub async fn update(cx: &Cx, id: ProgramId, changes: Changes<'_>) -> Result<String> {
    cx.require(Permission::RulesEdit)?;
    let mut check = text::Check::default();
    let name = changes.name.map(|name| text::name(name, "the program", bounds::PROGRAM));
    let name = name.and_then(|name| check.field("name", name));
    let key = changes.tag.and_then(|tag| check.field("tag", read_key(tag)));
    check.done()?;
    // Before the transaction: nobody waits for a lock while the keyring is asked.
    let sealed = match key {
        Some(key) => Some(seal(cx, id, key).await?),
        None => None,
    };
    let mut change = cx.change_confirmed(Permission::RulesEdit).await?;
    member::hold(change.sql(), cx).await?;
    let (mut called, mut events) = (String::new(), Vec::new());
    let event = |action, name: &str| Event::new(Ledger::Team, action).on("program", id, name);
    if let Some(name) = name {
        let before = rename(change.sql(), cx, id, &name).await?;
        events.push(event(AuditAction::ProgramRename, &name).with("name_before", before));
        called = name;
    }
    if let Some(sealed) = sealed {
        called = replace_key(change.sql(), cx, id, sealed).await?;
        events.push(event(AuditAction::ProgramReplaceKey, &called));
    }
    let last = events.pop().ok_or_else(|| Error::field("name", NOTHING))?;
    for event in events {
        change.record(event).await?;
    }
    change.commit(last).await?;
    crate::rule::forget(cx.deps(), cx.seat()?.id);
    Ok(called)
}

const NOTHING: &str = "Nothing would change. Give a name, a tag, or both.";

/// Says what it was called.
async fn rename(sql: &mut PgConnection, cx: &Cx, id: ProgramId, name: &str) -> Result<String> {
    let before = sqlx::query_scalar!(
        "update affiliate_program p set name = $3
         from (select team_id, id, name from affiliate_program
               where team_id = $1 and id = $2 for update) was
         where p.team_id = was.team_id and p.id = was.id returning was.name",
        cx.seat()?.id.0,
        id.0,
        name
    )
    .fetch_optional(sql)
    .await
    .map_err(refused)?;
    before.ok_or(Error::NotFound)
}

/// Says what the program is called.
async fn replace_key(
    sql: &mut PgConnection,
    cx: &Cx,
    id: ProgramId,
    sealed: Vec<u8>,
) -> Result<String> {
    let name = sqlx::query_scalar!(
        "update affiliate_program set sealed = $3, key_set_at = $4, key_missing = false
         where team_id = $1 and id = $2 returning name",
        cx.seat()?.id.0,
        id.0,
        sealed,
        cx.now()
    )
    .fetch_optional(sql)
    .await?;
    name.ok_or(Error::NotFound)
}
