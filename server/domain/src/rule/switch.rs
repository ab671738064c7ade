//! Switching a rule off, and on again.

use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    member,
};
use model::{AuditAction, Permission, RuleId};

/// Leaves the rule out from now on, until [`enable`]; says its keyword.
///
/// # Errors
/// [`Error::Forbidden`] without `rules.edit`; [`Error::NotFound`] for another team's rule, as for
/// none; [`Error::Conflict`] when it is off.
pub async fn disable(cx: &Cx, id: RuleId) -> Result<String> {
    turn(cx, id, AuditAction::RuleDisable).await
}

/// Lets the rule count again.
///
/// # Errors
/// As [`disable`].
pub async fn enable(cx: &Cx, id: RuleId) -> Result<String> {
    turn(cx, id, AuditAction::RuleEnable).await
}

async fn turn(cx: &Cx, id: RuleId, action: AuditAction) -> Result<String> {
    let mut change = cx.change(Permission::RulesEdit).await?;
    member::hold(change.sql(), cx).await?;
    let keyword = super::keyword(change.sql(), cx, id).await?;
    let (on, team) = (action == AuditAction::RuleEnable, cx.seat()?.id);
    let done = sqlx::query!(
        "update keyword_rule set enabled = $3, changed_at = $4
         where team_id = $1 and id = $2 and enabled <> $3",
        team.0,
        id.0,
        on,
        cx.now()
    )
    .execute(change.sql())
    .await?;
    if done.rows_affected() == 0 {
        let already = if on { "on" } else { "off" };
        return Err(Error::Conflict(format!("{keyword} is switched {already} already.")));
    }
    change.commit(Event::new(Ledger::Team, action).on("rule", id, &keyword)).await?;
    super::forget(cx.deps(), team);
    Ok(keyword)
}
