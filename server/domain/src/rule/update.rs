//! Changing a rule.

use super::{Wanted, create::about, refused};
use crate::{Cx, Error, Result, member};
use model::{AuditAction, Permission, RuleId, rule::RuleForm};
use sqlx::PgConnection;

/// Makes the rule what the form says.
///
/// # Errors
/// As [`super::create`]; [`Error::NotFound`] for another team's rule, as for none.
pub async fn update(cx: &Cx, id: RuleId, form: &RuleForm) -> Result<()> {
    cx.require(Permission::RulesEdit)?;
    let wanted = Wanted::read(form)?;
    let mut change = cx.change(Permission::RulesEdit).await?;
    member::hold(change.sql(), cx).await?;
    if !write(change.sql(), cx, id, &wanted).await? {
        return Err(Error::NotFound);
    }
    change.commit(about(AuditAction::RuleUpdate, id, &wanted)).await?;
    super::forget(cx.deps(), cx.seat()?.id);
    Ok(())
}

async fn write(sql: &mut PgConnection, cx: &Cx, id: RuleId, rule: &Wanted) -> Result<bool> {
    let done = sqlx::query!(
        "update keyword_rule
         set keyword = $3, folded = $4, matching = $5, language = $6, url = $7, program_id = $8,
             priority = $9, starts = $10, ends = $11, enabled = $12, changed_at = $13
         where team_id = $1 and id = $2",
        cx.seat()?.id.0,
        id.0,
        rule.keyword,
        rule.folded,
        rule.matching.name(),
        rule.language,
        rule.url,
        rule.program.map(|id| id.0),
        rule.priority,
        rule.starts,
        rule.ends,
        rule.enabled,
        cx.now()
    )
    .execute(sql)
    .await
    .map_err(refused)?;
    Ok(done.rows_affected() > 0)
}
