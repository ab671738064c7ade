//! Letting a team's own members in again.

use super::team::TeamAct;
use crate::{Deps, Error, Result, change::Change, mail::Letter};
use model::AuditAction;
use uuid::Uuid;

/// What kept members out, and who was told that it does no longer.
#[derive(Debug)]
pub struct Lifted {
    /// The team's name.
    pub team: String,
    /// As people read it.
    pub what: Vec<String>,
    /// Owners who get a letter.
    pub told: usize,
}

/// Nothing but a role decides any more who gets into the team: its list of networks, its second
/// factor and its shorter sessions go. For owners whose own policy keeps them out. Each of them is
/// told.
///
/// # Errors
/// [`Error::Conflict`] when the policy keeps nobody out; [`Error::NotFound`] for an unknown team; a
/// sentence at `reason`.
pub async fn lift_policy(deps: &Deps, slug: &str, reason: &str) -> Result<Lifted> {
    let mut act = TeamAct::begin(deps, slug, reason).await?;
    let what = lift(&mut act.change, act.id).await?;
    if what.is_empty() {
        return Err(Error::Conflict("This team's policy keeps nobody out.".to_owned()));
    }
    let (team, slug, lifted) = (act.name.clone(), act.slug.clone(), what.join(", "));
    let letter =
        || Letter::PolicyLifted { team: team.clone(), slug: slug.clone(), what: lifted.clone() };
    let told = act.tell_owners(letter).await?;
    act.done(AuditAction::TeamLiftPolicy, |event| event.with("lifted", lifted.as_str())).await?;
    Ok(Lifted { team, what, told })
}

/// What was there, as people read it.
async fn lift(change: &mut Change, team: Uuid) -> Result<Vec<String>> {
    let before = sqlx::query!(
        "select mfa_required_from, session_seconds from team_policy where team_id = $1 for update",
        team
    )
    .fetch_optional(change.sql())
    .await?;
    let networks: Vec<String> =
        sqlx::query_scalar!("delete from team_network where team_id = $1 returning network", team)
            .fetch_all(change.sql())
            .await?;
    sqlx::query!(
        "update team_policy set mfa_required_from = null, session_seconds = null
         where team_id = $1 and (mfa_required_from is not null or session_seconds is not null)",
        team
    )
    .execute(change.sql())
    .await?;
    let mut what = Vec::new();
    if !networks.is_empty() {
        what.push(format!("networks {}", networks.join(" ")));
    }
    if before.as_ref().is_some_and(|policy| policy.mfa_required_from.is_some()) {
        what.push("two-step sign-in".to_owned());
    }
    if before.is_some_and(|policy| policy.session_seconds.is_some()) {
        what.push("shorter sessions".to_owned());
    }
    Ok(what)
}
