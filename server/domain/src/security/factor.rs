//! Requiring a second factor.

use super::{begin, changed};
use crate::{Cx, Error, Result, event::rfc3339, team, zone};
use model::{Permission, security::RequireFactor};

/// From the midnight that begins this day on, on the team's clocks, members without
/// a second factor keep seat and role and reach only enrolment. An empty day takes it back.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but an owner; [`Error::Unconfirmed`] without step-up; a
/// sentence at `day`, also for an owner who has no second factor themself.
pub async fn require_factor(cx: &Cx, form: RequireFactor) -> Result<()> {
    cx.require(Permission::SecurityManage)?;
    let viewer = cx.viewer().ok_or(Error::Unauthenticated)?;
    let zone = team::settings(cx).await?.zone;
    let from = match form.day.trim() {
        "" => None,
        day => Some(
            zone::midnight(day, &zone)
                .ok_or_else(|| Error::field("day", "Enter a day like 2026-12-01, or none."))?,
        ),
    };
    if from.is_some() && !viewer.second_factor {
        return Err(Error::field(
            "day",
            "Set up two-step sign-in for yourself first, or you would be kept out too.",
        ));
    }
    let mut change = begin(cx).await?;
    let team = cx.seat()?.id.0;
    let before = sqlx::query_scalar!(
        "select mfa_required_from from team_policy where team_id = $1 for update",
        team
    )
    .fetch_one(change.sql())
    .await?;
    sqlx::query!("update team_policy set mfa_required_from = $1 where team_id = $2", from, team)
        .execute(change.sql())
        .await?;
    let (before, after) = (before.map(rfc3339), from.map(rfc3339));
    change.commit(changed("second factor", before, after)).await.map(drop)
}
