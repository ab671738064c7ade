//! How old a session may be.

use super::{begin, changed};
use crate::{Cx, Error, Result};
use model::{
    Permission,
    security::{SetSessions, bounds},
};

/// Sets after how many hours members must sign in again to enter the team; at most what the
/// instance lets a session last. Empty: as the instance.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but an owner; [`Error::Unconfirmed`] without step-up; a
/// sentence at `hours`.
pub async fn set_sessions(cx: &Cx, form: SetSessions) -> Result<()> {
    cx.require(Permission::SecurityManage)?;
    let most = hours_most(cx);
    let hours = match form.hours.trim() {
        "" => None,
        typed => Some(
            typed
                .parse()
                .ok()
                .filter(|hours| (bounds::HOURS_LEAST..=most).contains(hours))
                .ok_or_else(|| {
                    let least = bounds::HOURS_LEAST;
                    let said = format!("Enter whole hours from {least} to {most}, or nothing.");
                    Error::field("hours", said)
                })?,
        ),
    };
    let seconds = hours.map(|hours| i32::try_from(hours * 3600).unwrap_or(i32::MAX));
    let mut change = begin(cx).await?;
    let team = cx.seat()?.id.0;
    let before = sqlx::query_scalar!(
        "select session_seconds from team_policy where team_id = $1 for update",
        team
    )
    .fetch_one(change.sql())
    .await?;
    sqlx::query!("update team_policy set session_seconds = $1 where team_id = $2", seconds, team)
        .execute(change.sql())
        .await?;
    let before = before.map(|seconds| seconds / 3600);
    change.commit(changed("session hours", before, hours)).await.map(drop)
}

/// Whole hours that the instance lets a session last.
pub(super) fn hours_most(cx: &Cx) -> u64 {
    cx.deps().sessions().absolute.as_secs() / 3600
}
