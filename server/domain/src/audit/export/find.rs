//! Exports as they are listed.

use super::link;
use crate::{Cx, Result, event::rfc3339};
use model::{
    ExportId, Permission,
    audit::{ExportPage, ExportRow, ExportState, ExportsPage},
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
    Ok(ExportsPage { rows: some(view.sql(), cx, None).await? })
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
    let link = link::read(cx, id, token).await?;
    Ok(Some(ExportPage { row, link }))
}

pub(super) async fn one(
    sql: &mut PgConnection,
    cx: &Cx,
    id: ExportId,
) -> Result<Option<ExportRow>> {
    Ok(some(sql, cx, Some(id)).await?.pop())
}

/// This one, or the newest.
async fn some(sql: &mut PgConnection, cx: &Cx, id: Option<ExportId>) -> Result<Vec<ExportRow>> {
    let rows = sqlx::query_as!(
        Stored,
        r#"select x.id, x.state, x.format, x.search, p.name as "by?", x.made_at, x.name, x.done_to,
                  x.up_to, x.rows, x.bytes, x.failed
           from audit_export x left join person p on p.id = x.person_id
           where x.team_id = $1 and ($2::uuid is null or x.id = $2)
           order by x.made_at desc, x.id limit $3"#,
        cx.seat()?.id.0,
        id.map(|id| id.0),
        MOST
    )
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().map(Stored::shown).collect())
}
