//! Keeping a team's keys from being accepted, and ending that.

use super::team::TeamAct;
use crate::{Deps, Error, Result, mail::Letter};
use model::AuditAction;

/// Refuses every key of the team from now on, in every program; says the team's name and how many
/// owners are told. Its people work on as before.
///
/// # Errors
/// [`Error::Conflict`] when it is suspended already; [`Error::NotFound`] for an unknown team; a
/// sentence at `reason`.
pub async fn suspend(deps: &Deps, slug: &str, reason: &str) -> Result<(String, usize)> {
    let mut act = TeamAct::begin(deps, slug, reason).await?;
    let (now, id) = (act.change.cx().now(), act.id);
    let done = sqlx::query!(
        "update team set suspended_at = $1 where id = $2 and suspended_at is null",
        now,
        id
    )
    .execute(act.change.sql())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict("This team is suspended already.".to_owned()));
    }
    let (team, slug) = (act.name.clone(), act.slug.clone());
    let letter = || Letter::TeamSuspended { team: team.clone(), slug: slug.clone() };
    let told = act.tell_owners(letter).await?;
    act.done(AuditAction::TeamSuspend, |event| event).await?;
    Ok((team, told))
}

/// Accepts the team's keys again; says as [`suspend`].
///
/// # Errors
/// [`Error::Conflict`] when it is not suspended; else as [`suspend`].
pub async fn resume(deps: &Deps, slug: &str, reason: &str) -> Result<(String, usize)> {
    let mut act = TeamAct::begin(deps, slug, reason).await?;
    let id = act.id;
    let done = sqlx::query!(
        "update team set suspended_at = null where id = $1 and suspended_at is not null",
        id
    )
    .execute(act.change.sql())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict("This team is not suspended.".to_owned()));
    }
    let (team, slug) = (act.name.clone(), act.slug.clone());
    let letter = || Letter::TeamResumed { team: team.clone(), slug: slug.clone() };
    let told = act.tell_owners(letter).await?;
    act.done(AuditAction::TeamResume, |event| event).await?;
    Ok((team, told))
}
