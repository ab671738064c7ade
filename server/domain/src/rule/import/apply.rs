//! Importing a file that was looked at.

use super::{
    super::{Wanted, refused},
    draft::{find, parsed},
    plan::Plan,
};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    member, program,
};
use model::{
    AuditAction, Permission, RuleId,
    rule::{ImportRules, Planned},
};
use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

/// Rows that are written at once.
const CHUNK: usize = 10_000;

/// Imports the file that the form names, all of it or, if the form says so, all good lines of it; says
/// what was done in numbers. It is then forgotten.
///
/// # Errors
/// [`Error::Forbidden`] without `rules.edit`; [`Error::Conflict`] when the file is not there any
/// more, or has bad lines and is not to be imported without them.
pub async fn apply(cx: &Cx, form: &ImportRules) -> Result<Planned> {
    let gone = || Error::Conflict("The file is no longer here. Choose it again.".to_owned());
    let mut view = cx.view(Permission::RulesEdit).await?;
    let draft = find(view.sql(), cx).await?.filter(|draft| draft.id.to_string() == form.draft);
    let draft = draft.ok_or_else(gone)?;
    let programs = program::all(view.sql(), cx).await?;
    drop(view);
    let (_, read) = parsed(draft.csv, programs).await?;
    if !read.bad.is_empty() && form.bad != "skip" {
        let said = "The file has bad lines. Mend them and choose it again, or leave them out.";
        return Err(Error::Conflict(said.to_owned()));
    }
    let mut change = cx.change(Permission::RulesEdit).await?;
    member::hold(change.sql(), cx).await?;
    // Of two who import the same file at once, one finds it.
    if !take(change.sql(), cx, draft.id).await? {
        return Err(gone());
    }
    let plan = Plan::of(change.sql(), cx, read).await?;
    let planned = plan.planned();
    for chunk in plan.new.chunks(CHUNK) {
        insert(change.sql(), cx, Rows::of(chunk)).await?;
    }
    for chunk in plan.changed.chunks(CHUNK) {
        update(change.sql(), cx, Rows::of(chunk)).await?;
    }
    if planned.new + planned.changed == 0 {
        change.commit_unaudited("nothing but what was there already").await?;
        return Ok(planned);
    }
    let event = Event::new(Ledger::Team, AuditAction::RuleImport)
        .with("new", planned.new)
        .with("changed", planned.changed)
        .with("unchanged", planned.unchanged)
        .with("left_out", planned.bad);
    change.commit(event).await?;
    super::super::forget(cx.deps(), cx.seat()?.id);
    Ok(planned)
}

async fn take(sql: &mut PgConnection, cx: &Cx, draft: Uuid) -> Result<bool> {
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    let done = sqlx::query!(
        "delete from rule_draft where team_id = $1 and person_id = $2 and id = $3",
        cx.seat()?.id.0,
        person.0,
        draft
    )
    .execute(sql)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A chunk, by columns.
struct Rows {
    ids: Vec<Uuid>,
    keywords: Vec<String>,
    folded: Vec<String>,
    matching: Vec<String>,
    languages: Vec<String>,
    urls: Vec<String>,
    programs: Vec<Option<Uuid>>,
    priorities: Vec<i32>,
    starts: Vec<Option<Date>>,
    ends: Vec<Option<Date>>,
    enabled: Vec<bool>,
}

impl Rows {
    fn of(chunk: &[(RuleId, Wanted)]) -> Self {
        fn column<T>(chunk: &[(RuleId, Wanted)], of: impl Fn(&Wanted) -> T) -> Vec<T> {
            chunk.iter().map(|(_, rule)| of(rule)).collect()
        }
        Self {
            ids: chunk.iter().map(|(id, _)| id.0).collect(),
            keywords: column(chunk, |rule| rule.keyword.clone()),
            folded: column(chunk, |rule| rule.folded.clone()),
            matching: column(chunk, |rule| rule.matching.name().to_owned()),
            languages: column(chunk, |rule| rule.language.clone()),
            urls: column(chunk, |rule| rule.url.clone()),
            programs: column(chunk, |rule| rule.program.map(|id| id.0)),
            priorities: column(chunk, |rule| rule.priority),
            starts: column(chunk, |rule| rule.starts),
            ends: column(chunk, |rule| rule.ends),
            enabled: column(chunk, |rule| rule.enabled),
        }
    }
}

async fn insert(sql: &mut PgConnection, cx: &Cx, rows: Rows) -> Result<()> {
    sqlx::query!(
        "insert into keyword_rule (team_id, id, keyword, folded, matching, language, url,
                                   program_id, priority, starts, ends, enabled, changed_at)
         select $1, r.id, r.keyword, r.folded, r.matching, r.language, r.url, r.program_id,
             r.priority, r.starts, r.ends, r.enabled, $2
         from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::uuid[], $10::integer[], $11::date[], $12::date[], $13::boolean[])
             as r (id, keyword, folded, matching, language, url, program_id, priority, starts,
                   ends, enabled)",
        cx.seat()?.id.0,
        cx.now(),
        &rows.ids,
        &rows.keywords,
        &rows.folded,
        &rows.matching,
        &rows.languages,
        &rows.urls,
        &rows.programs as &[Option<Uuid>],
        &rows.priorities,
        &rows.starts as &[Option<Date>],
        &rows.ends as &[Option<Date>],
        &rows.enabled
    )
    .execute(sql)
    .await
    .map_err(refused)?;
    Ok(())
}

/// What a line means the same rule by stays: keyword, way of matching, language, program.
async fn update(sql: &mut PgConnection, cx: &Cx, rows: Rows) -> Result<()> {
    sqlx::query!(
        "update keyword_rule k
         set keyword = r.keyword, url = r.url, priority = r.priority, starts = r.starts,
             ends = r.ends, enabled = r.enabled, changed_at = $2
         from unnest($3::uuid[], $4::text[], $5::text[], $6::integer[], $7::date[], $8::date[],
                     $9::boolean[])
             as r (id, keyword, url, priority, starts, ends, enabled)
         where k.team_id = $1 and k.id = r.id",
        cx.seat()?.id.0,
        cx.now(),
        &rows.ids,
        &rows.keywords,
        &rows.urls,
        &rows.priorities,
        &rows.starts as &[Option<Date>],
        &rows.ends as &[Option<Date>],
        &rows.enabled
    )
    .execute(sql)
    .await
    .map_err(refused)?;
    Ok(())
}
