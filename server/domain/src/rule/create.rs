//! Making a rule.

use super::{Wanted, refused};
use crate::{
    Cx, Result,
    event::{Event, Ledger},
    member,
};
use model::{AuditAction, Permission, RuleId, rule::RuleForm};
use sqlx::PgConnection;

/// Makes a rule; says its id.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `rules.edit`; [`crate::Error::Invalid`] names every wrong
/// field, and a rule that is there already; [`crate::Error::Conflict`] for one too many.
pub async fn create(cx: &Cx, form: &RuleForm) -> Result<RuleId> {
    cx.require(Permission::RulesEdit)?;
    let wanted = Wanted::read(form)?;
    let mut change = cx.change(Permission::RulesEdit).await?;
    member::hold(change.sql(), cx).await?;
    let id = RuleId(cx.new_id());
    insert(change.sql(), cx, id, &wanted).await?;
    change.commit_answering(about(AuditAction::RuleCreate, id, &wanted), |_| id).await?;
    super::forget(cx.deps(), cx.seat()?.id);
    Ok(id)
}

/// The event of a rule that is now so.
pub(super) fn about(action: AuditAction, id: RuleId, rule: &Wanted) -> Event {
    Event::new(Ledger::Team, action)
        .on("rule", id, &rule.keyword)
        .with("matching", rule.matching.name())
        .with("language", rule.language.as_str())
        .with("url", rule.url.as_str())
        .with("program", rule.program.map(|id| id.to_string()))
        .with("priority", rule.priority)
        .with("starts", rule.starts.map(|day| day.to_string()))
        .with("ends", rule.ends.map(|day| day.to_string()))
        .with("enabled", rule.enabled)
}

async fn insert(sql: &mut PgConnection, cx: &Cx, id: RuleId, rule: &Wanted) -> Result<()> {
    sqlx::query!(
        "insert into keyword_rule (team_id, id, keyword, folded, matching, language, url,
                                   program_id, priority, starts, ends, enabled, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
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
    Ok(())
}
