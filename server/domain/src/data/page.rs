//! The page about a team's data.

use super::export;
use crate::{Cx, Result, event::rfc3339};
use model::{
    Permission,
    data::{DataPage, Origin},
    security::bounds,
};

/// Exports of the last day, where the team's data lives, and how long its records are kept.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `data.export`.
pub async fn page(cx: &Cx) -> Result<DataPage> {
    let mut view = cx.view(Permission::DataExport).await?;
    let exports = export::list(view.sql(), cx).await?;
    let row = sqlx::query!(
        r#"select p.audit_days as "days?", p.audit_hold as "hold?", o.instance as "instance?",
                  o.imported_at as "imported_at?", o.signed_by as "signed_by?"
           from (select $1::uuid as id) t
           left join team_policy p on p.team_id = t.id
           left join team_origin o on o.team_id = t.id"#,
        cx.seat()?.id.0
    )
    .fetch_one(view.sql())
    .await?;
    let origin = row.instance.zip(row.imported_at).zip(row.signed_by);
    Ok(DataPage {
        exports,
        origin: origin.map(|((instance, at), key)| Origin {
            instance,
            imported_at: rfc3339(at),
            key,
        }),
        audit_days: row.days.unwrap_or(bounds::AUDIT_DAYS_USUAL),
        audit_hold: row.hold.unwrap_or_default(),
        places: cx.deps().dwellings().to_vec(),
    })
}
