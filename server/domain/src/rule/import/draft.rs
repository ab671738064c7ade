//! A file that waits for its import, and what it would change.

use super::{
    plan::Plan,
    read::{self, Read},
};
use crate::{Cx, Error, Result, program};
use model::{
    Permission,
    rule::{BadLine, DryRun, ImportFile, ImportQuery, ProgramRow, bounds},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Bad lines on one page.
const PAGE: usize = 100;

/// Keeps the file for its person, in place of an earlier one. Nothing else is written.
///
/// # Errors
/// [`Error::Forbidden`] without `rules.edit`; a sentence at `file` when it is no file of rules, or
/// leads to too many.
pub async fn upload(cx: &Cx, form: ImportFile) -> Result<()> {
    cx.require(Permission::RulesEdit)?;
    if form.file.len() > bounds::FILE {
        return Err(Error::field("file", "The file is larger than 16 MB. Split it."));
    }
    let mut view = cx.view(Permission::RulesEdit).await?;
    let programs = program::all(view.sql(), cx).await?;
    let (text, read) = parsed(form.file, programs).await?;
    Plan::of(view.sql(), cx, read).await?;
    drop(view);
    let mut change = cx.change(Permission::RulesEdit).await?;
    let (team, person) = (change.team()?, change.person()?);
    forget(change.sql(), team, person).await?;
    sqlx::query!(
        "insert into rule_draft (team_id, person_id, id, made_at, csv)
         values ($1, $2, $3, $4, $5)",
        team,
        person,
        cx.new_id(),
        cx.now(),
        text
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("a file that was looked at changes no rule").await
}

async fn forget(sql: &mut PgConnection, team: Uuid, person: Uuid) -> Result<()> {
    sqlx::query!("delete from rule_draft where team_id = $1 and person_id = $2", team, person)
        .execute(sql)
        .await?;
    Ok(())
}

/// What the file would change that the caller has chosen last; none when there is none.
///
/// # Errors
/// As [`upload`].
pub async fn dry_run(cx: &Cx, query: &ImportQuery) -> Result<Option<DryRun>> {
    let mut view = cx.view(Permission::RulesEdit).await?;
    let Some(draft) = find(view.sql(), cx).await? else { return Ok(None) };
    let programs = program::all(view.sql(), cx).await?;
    let (_, read) = parsed(draft.csv, programs).await?;
    let plan = Plan::of(view.sql(), cx, read).await?;
    let planned = plan.planned();
    let mut rest = plan.bad.into_iter().skip_while(|bad| bad.line < query.line);
    let bad: Vec<BadLine> = rest.by_ref().take(PAGE).collect();
    let next = rest.next().map(|bad| bad.line);
    Ok(Some(DryRun { draft: draft.id.to_string(), planned, bad, next }))
}

/// A file that waits.
pub(super) struct Draft {
    pub(super) id: Uuid,
    pub(super) csv: String,
}

/// The caller's own.
pub(super) async fn find(sql: &mut PgConnection, cx: &Cx) -> Result<Option<Draft>> {
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    let draft = sqlx::query_as!(
        Draft,
        "select id, csv from rule_draft where team_id = $1 and person_id = $2",
        cx.seat()?.id.0,
        person.0
    )
    .fetch_optional(sql)
    .await?;
    Ok(draft)
}

/// The file as it was, and read: on a thread of its own, because it may be long.
pub(super) async fn parsed(text: String, programs: Vec<ProgramRow>) -> Result<(String, Read)> {
    let parse = move || read::read(&text, &programs).map(|read| (text, read));
    let parsed = tokio::task::spawn_blocking(parse).await;
    parsed.map_err(|_| Error::Inconsistent("reading a file of rules broke"))?
}
