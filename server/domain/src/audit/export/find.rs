//! Exports as they are listed.

use super::link;
use crate::{Cx, Result, event::rfc3339};
use model::{
    ExportId, Permission,
    audit::{ExportLink, ExportPage, ExportRow, ExportState, ExportsPage},
    ledger::ExportFormat,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Exports that are shown: of one day, and a team seldom makes so many.
const MOST: i64 = 100;

struct Stored {
    id: Uuid,
    state: String,
    format: String,
    search: String,
    by: Option<String>,
    made_at: OffsetDateTime,
    name: String,
    done_to: i64,
    up_to: i64,
    rows: i64,
    bytes: i64,
    failed: Option<String>,
}

impl Stored {
    fn shown(self) -> ExportRow {
        ExportRow {
            id: ExportId(self.id),
            state: ExportState::from_name(&self.state).unwrap_or(ExportState::Failed),
            format: ExportFormat::from_name(&self.format).unwrap_or(ExportFormat::Jsonl),
            search: self.search,
            by: self.by.unwrap_or_default(),
            made_at: rfc3339(self.made_at),
            name: self.name,
            done_to: self.done_to,
            up_to: self.up_to,
            rows: self.rows,
            bytes: self.bytes,
            failed: self.failed.unwrap_or_default(),
        }
    }
}

/// The team's exports of the last day, the newest first.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `audit.export`.
pub async fn list(cx: &Cx) -> Result<ExportsPage> {
    let mut view = cx.view(Permission::AuditExport).await?;
    let rows = sqlx::query_as!(
        Stored,
        r#"select x.id, x.state, x.format, x.search, p.name as "by?", x.made_at, x.name, x.done_to,
                  x.up_to, x.rows, x.bytes, x.failed
           from audit_export x left join person p on p.id = x.person_id
           where x.team_id = $1 order by x.made_at desc, x.id limit $2"#,
        cx.seat()?.id.0,
        MOST
    )
    .fetch_all(view.sql())
    .await?;
    Ok(ExportsPage { rows: rows.into_iter().map(Stored::shown).collect() })
}

/// One export, and what a link to its files says, if one is given.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `audit.export`.
pub async fn find(cx: &Cx, id: ExportId, token: &str) -> Result<Option<ExportPage>> {
    let mut view = cx.view(Permission::AuditExport).await?;
    let row = one(view.sql(), cx, id).await?;
    drop(view);
    let Some(row) = row else { return Ok(None) };
    let until = match token.is_empty() {
        true => None,
        false => link::ends(cx, id, token).await?,
    };
    let link = until.map(|until| ExportLink { token: token.to_owned(), until: rfc3339(until) });
    Ok(Some(ExportPage { row, link }))
}

pub(super) async fn one(
    sql: &mut PgConnection,
    cx: &Cx,
    id: ExportId,
) -> Result<Option<ExportRow>> {
    let row = sqlx::query_as!(
        Stored,
        r#"select x.id, x.state, x.format, x.search, p.name as "by?", x.made_at, x.name, x.done_to,
                  x.up_to, x.rows, x.bytes, x.failed
           from audit_export x left join person p on p.id = x.person_id
           where x.team_id = $1 and x.id = $2"#,
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(sql)
    .await?;
    Ok(row.map(Stored::shown))
}
