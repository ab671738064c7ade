//! Putting another key in a program's place for one.

use super::{read_key, seal};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    member,
};
use model::{AuditAction, Permission, ProgramId, rule::ReplaceAffiliateKey};

/// Replaces the key of a program; says its name. When this returns, the new one is filled in.
///
/// # Errors
/// As [`super::create`]; [`Error::NotFound`] for another team's program, as for none.
pub async fn replace_key(cx: &Cx, id: ProgramId, form: &ReplaceAffiliateKey) -> Result<String> {
    cx.require(Permission::RulesEdit)?;
    let key = read_key(&form.tag).map_err(|said| Error::field("tag", said))?;
    cx.require_confirmed()?;
    let sealed = seal(cx, id, key).await?;
    let mut change = cx.change_confirmed(Permission::RulesEdit).await?;
    member::hold(change.sql(), cx).await?;
    let name = sqlx::query_scalar!(
        "update affiliate_program set sealed = $3, key_set_at = $4
         where team_id = $1 and id = $2 returning name",
        cx.seat()?.id.0,
        id.0,
        sealed,
        cx.now()
    )
    .fetch_optional(change.sql())
    .await?;
    let name = name.ok_or(Error::NotFound)?;
    let event = Event::new(Ledger::Team, AuditAction::ProgramReplaceKey).on("program", id, &name);
    change.commit(event).await?;
    crate::rule::forget(cx.deps(), cx.seat()?.id);
    Ok(name)
}
