//! Exports as they are listed.

use super::{link, sweep::KEPT};
use crate::{Cx, Result, crypto::hex, event::rfc3339};
use model::{
    DataExportId, Permission,
    audit::ExportState,
    data::{DataExportPage, DataExportRow},
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Exports that are shown: of one day, and a team seldom makes so many.
const MOST: i64 = 50;

struct Stored {
    id: Uuid,
    state: String,
    by: Option<String>,
    made_at: OffsetDateTime,
    has_hashes: bool,
    name: String,
    stage: String,
    done: i64,
    total: i64,
    bytes: i64,
    sum: Option<Vec<u8>>,
    failed: Option<String>,
}

impl Stored {
    fn shown(self) -> DataExportRow {
        DataExportRow {
            id: DataExportId(self.id),
            state: ExportState::from_name(&self.state).unwrap_or(ExportState::Failed),
            by: self.by.unwrap_or_default(),
            made_at: rfc3339(self.made_at),
            until: rfc3339(self.made_at + KEPT),
            name: self.name,
            has_hashes: self.has_hashes,
            stage: self.stage,
            done: self.done,
            total: self.total,
            bytes: self.bytes,
            sha256: self.sum.map(|sum| hex(&sum)).unwrap_or_default(),
            failed: self.failed.unwrap_or_default(),
        }
    }
}

/// The team's exports of the last day, the newest first.
pub(in crate::data) async fn list(sql: &mut PgConnection, cx: &Cx) -> Result<Vec<DataExportRow>> {
    some(sql, cx, None).await
}

/// One export, and what a link to its file says, if one is given.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `data.export`.
pub async fn find(cx: &Cx, id: DataExportId, token: &str) -> Result<Option<DataExportPage>> {
    let mut view = cx.view(Permission::DataExport).await?;
    let row = one(view.sql(), cx, id).await?;
    drop(view);
    let Some(row) = row else { return Ok(None) };
    let link = link::read(cx, id, token).await?;
    Ok(Some(DataExportPage { row, link }))
}

pub(super) async fn one(
    sql: &mut PgConnection,
    cx: &Cx,
    id: DataExportId,
) -> Result<Option<DataExportRow>> {
    Ok(some(sql, cx, Some(id)).await?.pop())
}

/// This one, or the newest.
async fn some(
    sql: &mut PgConnection,
    cx: &Cx,
    id: Option<DataExportId>,
) -> Result<Vec<DataExportRow>> {
    let rows = sqlx::query_as!(
        Stored,
        r#"select x.id, x.state, p.name as "by?", x.made_at, x.has_hashes, x.name, x.stage, x.done,
                  x.total, x.bytes, x.sum, x.failed
           from team_export x left join person p on p.id = x.person_id
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
