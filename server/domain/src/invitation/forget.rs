//! Taking addresses out of invitations that were over long ago: whoever was invited and did not come is not kept.

use crate::{
    Cx, Deps, Result,
    event::{Event, Ledger},
    policy::Actor,
    task::Task,
};
use model::AuditAction;
use time::Duration;
use uuid::Uuid;

/// How long an invitation names whom it was for after it has ended, or was over unanswered.
const NAMED: Duration = Duration::days(30);
/// Teams in one run, and invitations of each in one transaction.
const TEAMS: i64 = 500;
const AT_ONCE: i64 = 500;

/// Takes the address and the words out of invitations that ended a month ago, and ends those that were over
/// as long ago.
///
/// # Errors
/// When the database does not answer; the next run goes on.
pub async fn forget_old(deps: &Deps) -> Result<()> {
    let cx = Cx::system(deps);
    for team in due(&cx).await? {
        while some(&cx, team).await? {}
    }
    Ok(())
}

async fn due(cx: &Cx) -> Result<Vec<Uuid>> {
    let mut change = cx.change_as(Task::InvitationForget, Actor::default()).await?;
    let teams = sqlx::query_scalar!(
        "select distinct team_id from invitation
         where email not like 'deleted-%@invalid' and coalesce(ended_at, expires_at) < $1 limit $2",
        cx.now() - NAMED,
        TEAMS
    )
    .fetch_all(change.sql())
    .await?;
    change.commit_unaudited("looking changes nothing").await?;
    Ok(teams)
}

/// Whether there were any.
async fn some(cx: &Cx, team: Uuid) -> Result<bool> {
    let about = Actor { team: Some(team), ..Actor::default() };
    let mut change = cx.change_as(Task::InvitationForget, about).await?;
    let found = sqlx::query_scalar!(
        "select id from invitation
         where team_id = $1 and email not like 'deleted-%@invalid' and coalesce(ended_at, expires_at) < $2
         order by id limit $3",
        team,
        cx.now() - NAMED,
        AT_ONCE
    )
    .fetch_all(change.sql())
    .await?;
    if found.is_empty() {
        return Ok(false);
    }
    // Before the rows: whoever deletes their account holds the ledger, and then wants their invitations.
    let event = Event::new(Ledger::Team, AuditAction::InvitationForget)
        .on("invitation", "", "")
        .with("invitations", found.len());
    change.record(event).await?;
    let done = sqlx::query!(
        "update invitation
         set email = 'deleted-' || id || '@invalid', message = '', ended_at = coalesce(ended_at, expires_at),
             outcome = coalesce(outcome, 'expired')
         where team_id = $1 and id = any ($2) and email not like 'deleted-%@invalid'
             and coalesce(ended_at, expires_at) < $3",
        team,
        &found,
        cx.now() - NAMED
    )
    .execute(change.sql())
    .await?;
    // Another program was faster, or somebody renewed all of them: then nothing is to be recorded.
    if done.rows_affected() > 0 {
        change.commit_unaudited("that they are forgotten is recorded").await?;
    }
    Ok(done.rows_affected() > 0)
}
