//! Changing a rule.

use super::{Wanted, create::about, refused};
use crate::{Cx, Error, Result, event::Event, member};
use model::{AuditAction, Permission, ProgramId, RuleId, rule::RuleForm};
use serde_json::Value;
use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

/// Makes the rule what the form says.
///
/// # Errors
/// As [`super::create`]; [`Error::NotFound`] for another team's rule, as for none.
pub async fn update(cx: &Cx, id: RuleId, form: &RuleForm) -> Result<()> {
    cx.require(Permission::RulesEdit)?;
    let wanted = Wanted::read(form)?;
    let mut change = cx.change(Permission::RulesEdit).await?;
    member::hold(change.sql(), cx).await?;
    let before = held(change.sql(), cx, id).await?.ok_or(Error::NotFound)?;
    write(change.sql(), cx, id, &wanted).await?;
    let event = about(AuditAction::RuleUpdate, id, &wanted);
    change.commit(before.beside(&wanted, event)).await?;
    super::forget(cx.deps(), cx.seat()?.id);
    Ok(())
}

/// The rule as it was, as records tell it.
struct Before {
    keyword: String,
    matching: String,
    language: String,
    url: String,
    program_id: Option<Uuid>,
    priority: i32,
    starts: Option<Date>,
    ends: Option<Date>,
    enabled: bool,
}

impl Before {
    /// The event with what was otherwise.
    fn beside(self, now: &Wanted, mut event: Event) -> Event {
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        let program = |id: Option<ProgramId>| id.map(|id| id.to_string());
        let was = self.program_id.map(ProgramId);
        let fields: [(&str, Value, Value); 9] = [
            ("keyword_before", self.keyword.into(), now.keyword.as_str().into()),
            ("matching_before", self.matching.into(), now.matching.name().into()),
            ("language_before", self.language.into(), now.language.as_str().into()),
            ("url_before", self.url.into(), now.url.as_str().into()),
            ("program_before", program(was).into(), program(now.program).into()),
            ("priority_before", self.priority.into(), now.priority.into()),
            ("starts_before", day(self.starts).into(), day(now.starts).into()),
            ("ends_before", day(self.ends).into(), day(now.ends).into()),
            ("enabled_before", self.enabled.into(), now.enabled.into()),
        ];
        for (name, was, _) in fields.into_iter().filter(|(_, was, is)| was != is) {
            event = event.with(name, was);
        }
        event
    }
}

/// The rule as it is, held until the change is done.
async fn held(sql: &mut PgConnection, cx: &Cx, id: RuleId) -> Result<Option<Before>> {
    let held = sqlx::query_as!(
        Before,
        "select keyword, matching, language, url, program_id, priority, starts, ends, enabled
         from keyword_rule where team_id = $1 and id = $2 for update",
        cx.seat()?.id.0,
        id.0
    );
    Ok(held.fetch_optional(sql).await?)
}

async fn write(sql: &mut PgConnection, cx: &Cx, id: RuleId, rule: &Wanted) -> Result<()> {
    sqlx::query!(
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
    Ok(())
}
