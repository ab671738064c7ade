//! Reading programs. Their keys cannot be read: requests are not given the column.

use crate::{Cx, Result, event::rfc3339};
use model::{Permission, ProgramId, rule::ProgramRow};
use sqlx::PgConnection;

/// The team's programs, by name.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `rules.view`.
pub async fn list(cx: &Cx) -> Result<Vec<ProgramRow>> {
    let mut view = cx.view(Permission::RulesView).await?;
    all(view.sql(), cx).await
}

/// One program of the team.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `rules.view`.
pub async fn find(cx: &Cx, id: ProgramId) -> Result<Option<ProgramRow>> {
    Ok(list(cx).await?.into_iter().find(|program| program.id == id))
}

/// All of them, for whoever has a transaction.
pub(crate) async fn all(sql: &mut PgConnection, cx: &Cx) -> Result<Vec<ProgramRow>> {
    let rows = sqlx::query!(
        r#"select p.id, p.name, p.key_set_at, p.key_missing, count(r.id) as "rules!"
           from affiliate_program p
           left join keyword_rule r on r.team_id = p.team_id and r.program_id = p.id
           where p.team_id = $1 group by p.team_id, p.id, p.name, p.key_set_at, p.key_missing
           order by lower(p.name), p.id"#,
        cx.seat()?.id.0
    )
    .fetch_all(sql)
    .await?;
    let row = |(id, name, set_at, rules)| ProgramRow {
        id: ProgramId(id),
        name,
        key_set_at: Option::map(set_at, rfc3339),
        rules,
    };
    let rows = rows
        .into_iter()
        .map(|it| row((it.id, it.name, (!it.key_missing).then_some(it.key_set_at), it.rules)));
    Ok(rows.collect())
}
