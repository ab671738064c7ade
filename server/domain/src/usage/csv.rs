//! Usage as a file.

use super::Asked;
use crate::{Cx, Error, Result, csv, event::rfc3339};
use model::{KeyId, Permission, usage::UsageQuery};

/// Rows of one file at most.
const MOST: i64 = 200_000;

/// Every count behind the page as CSV (RFC 4180), with the name of a file: by hour, key, answer and
/// country.
///
/// # Errors
/// As for the page; [`Error::Conflict`] for more rows than one file holds.
pub async fn csv(cx: &Cx, query: &UsageQuery) -> Result<(String, String)> {
    let mut view = cx.view(Permission::UsageView).await?;
    let asked = Asked::of(cx, query)?;
    let rows = sqlx::query!(
        r#"select u.hour, u.key_id, k.name, u.code, u.country, u.calls
           from key_usage u join api_key k on k.team_id = u.team_id and k.id = u.key_id
           where u.team_id = $1 and ($2::uuid is null or u.key_id = $2) and u.hour >= $3
           order by u.hour, u.key_id, u.code, u.country limit $4"#,
        cx.seat()?.id.0,
        asked.key,
        asked.from,
        MOST + 1
    )
    .fetch_all(view.sql())
    .await?;
    if rows.len() > MOST as usize {
        let said = "This is more than 200,000 lines. Choose fewer days, or one key.";
        return Err(Error::Conflict(said.to_owned()));
    }
    let mut text = String::from("hour,key_id,key,code,country,calls\r\n");
    for row in rows {
        let cells = [
            rfc3339(row.hour),
            KeyId(row.key_id).to_string(),
            row.name,
            row.code,
            row.country,
            row.calls.to_string(),
        ];
        csv::line(&mut text, &cells);
    }
    Ok((format!("usage-{}-{}.csv", cx.seat()?.slug, asked.span.name()), text))
}
