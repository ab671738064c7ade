//! All rules as a file.

use super::import::COLUMNS;
use crate::{Cx, Result, csv};
use model::Permission;
use time::Date;

/// The team's rules as CSV (RFC 4180), with the name of a file. Imported again, it changes nothing.
/// Affiliate keys are not in it.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `rules.view`.
pub async fn export(cx: &Cx) -> Result<(String, String)> {
    let mut view = cx.view(Permission::RulesView).await?;
    let rows = sqlx::query!(
        r#"select r.keyword, r.matching, r.language, r.url, p.name as "program?", r.priority,
                  r.starts, r.ends, r.enabled
           from keyword_rule r
           left join affiliate_program p on p.team_id = r.team_id and p.id = r.program_id
           where r.team_id = $1
           order by r.folded, r.matching, r.language, p.name"#,
        cx.seat()?.id.0
    )
    .fetch_all(view.sql())
    .await?;
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut text = COLUMNS.join(",") + "\r\n";
    for row in rows {
        let cells = [
            row.keyword,
            row.matching,
            row.language,
            row.url,
            row.program.unwrap_or_default(),
            row.priority.to_string(),
            day(row.starts),
            day(row.ends),
            if row.enabled { "yes" } else { "no" }.to_owned(),
        ];
        csv::line(&mut text, &cells);
    }
    Ok((format!("rules-{}.csv", cx.seat()?.slug), text))
}
