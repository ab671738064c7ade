//! Deleting a rule.

use crate::{
    Cx, Result,
    event::{Event, Ledger},
    member,
};
use model::{AuditAction, Permission, RuleId};

/// Deletes a rule; says its keyword.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `rules.edit`; [`crate::Error::NotFound`] for another team's rule, as for
/// none.
pub async fn delete(cx: &Cx, id: RuleId) -> Result<String> {
    let mut change = cx.change(Permission::RulesEdit).await?;
    member::hold(change.sql(), cx).await?;
    let keyword = super::keyword(change.sql(), cx, id).await?;
    let team = cx.seat()?.id;
    sqlx::query!("delete from keyword_rule where team_id = $1 and id = $2", team.0, id.0)
        .execute(change.sql())
        .await?;
    let event = Event::new(Ledger::Team, AuditAction::RuleDelete).on("rule", id, &keyword);
    change.commit(event).await?;
    super::forget(cx.deps(), team);
    Ok(keyword)
}
