//! How long the records of the audit log are kept.

use super::{begin, changed};
use crate::{Cx, Error, Result, text::Check, text::message};
use model::{
    Permission,
    security::{SetRetention, bounds},
};
use serde_json::json;

/// Sets for how many days records are kept, and whether a legal hold keeps all of them until it is lifted.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but an owner; [`Error::Unconfirmed`] without step-up; sentences at
/// `days` and `hold`.
pub async fn set_retention(cx: &Cx, form: SetRetention) -> Result<()> {
    cx.require(Permission::SecurityManage)?;
    let mut check = Check::default();
    let days = check.field("days", days(&form.days));
    let hold = check.field("hold", message(&form.hold, bounds::HOLD));
    check.done()?;
    let (days, hold) = days.zip(hold).ok_or(Error::Inconsistent("a checked form has values"))?;
    let hold = Some(hold).filter(|why| !why.is_empty());
    let mut change = begin(cx).await?;
    let team = cx.seat()?.id.0;
    let before = sqlx::query!(
        "select audit_days, audit_hold from team_policy where team_id = $1 for update",
        team
    )
    .fetch_one(change.sql())
    .await?;
    sqlx::query!(
        "update team_policy set audit_days = $1, audit_hold = $2 where team_id = $3",
        days,
        hold,
        team
    )
    .execute(change.sql())
    .await?;
    let told = |days: i32, hold: &Option<String>| json!({ "days": days, "legal_hold": hold });
    let (before, after) = (told(before.audit_days, &before.audit_hold), told(days, &hold));
    change.commit(changed("audit log", before, after)).await.map(drop)
}

fn days(typed: &str) -> std::result::Result<i32, String> {
    let days = typed.trim().parse().ok().filter(|days| bounds::AUDIT_DAYS.contains(days));
    days.ok_or_else(|| {
        let (least, most) = bounds::AUDIT_DAYS.into_inner();
        format!("Enter whole days from {least} to {most}.")
    })
}
