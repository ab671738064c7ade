//! Letting a team's own members in again.

use super::act::read_reason;
use crate::{
    Cx, Deps, Error, Result,
    change::Change,
    event::{Event, Ledger},
    mail::{self, Letter, MailOwner, To},
    policy::Actor,
    task::Task,
};
use model::{AuditAction, TeamId};
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
    let reason = read_reason(reason)?;
    let cx = Cx::system(deps);
    let (id, team) = find(&cx, slug).await?.ok_or(Error::NotFound)?;
    let about = Actor { team: Some(id), ..Actor::default() };
    let mut change = cx.change_as(Task::Operator, about).await?;
    let what = lift(&mut change, id).await?;
    if what.is_empty() {
        return Err(Error::Conflict("This team's policy keeps nobody out.".to_owned()));
    }
    let owners = owners(&mut change, id).await?;
    for owner in &owners {
        let (team, slug, what) = (team.clone(), slug.trim().to_owned(), what.join(", "));
        mail::post(&mut change, owner, Letter::PolicyLifted { team, slug, what }).await?;
    }
    let event = Event::new(Ledger::Team, AuditAction::TeamLiftPolicy)
        .on("team", TeamId(id), &team)
        .with("reason", reason.as_str())
        .with("lifted", what.join(", "));
    change.record(event.clone().moved_to(Ledger::Instance)).await?;
    change.commit(event).await?;
    Ok(Lifted { team, what, told: owners.len() })
}

async fn find(cx: &Cx, slug: &str) -> Result<Option<(Uuid, String)>> {
    let mut change = cx.change_as(Task::Operator, Actor::default()).await?;
    let found = sqlx::query!("select id, name from team where slug = $1", slug.trim())
        .fetch_optional(change.sql())
        .await?;
    change.commit_unaudited("looking changes nothing").await?;
    Ok(found.map(|row| (row.id, row.name)))
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

async fn owners(change: &mut Change, team: Uuid) -> Result<Vec<To>> {
    let rows = sqlx::query!(
        "select p.id, p.name, p.email from member m join person p on p.id = m.person_id
         where m.team_id = $1 and m.role = 'owner' order by p.id",
        team
    )
    .fetch_all(change.sql())
    .await?;
    let to = |(id, name, email)| To { email, name, owner: MailOwner::Person(id) };
    Ok(rows.into_iter().map(|row| to((row.id, row.name, row.email))).collect())
}
