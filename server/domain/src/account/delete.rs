//! Deleting one's account.

use super::mailbox;
use crate::{
    Change, Cx, Deps, Error, Result,
    crypto::{Owner, token},
    event::{Event, Ledger, rfc3339},
    mail::{self, Letter, To},
    member::NO_OWNER,
    policy::Actor,
    task::Task,
    team::delete,
};
use model::{
    AuditAction, PersonId, TeamId,
    session::{DeleteAccount, Deletion, Ending},
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// What deleting the caller's account would do.
///
/// # Errors
/// [`Error::Unauthenticated`] when nobody is signed in.
pub async fn deletion(cx: &Cx) -> Result<Deletion> {
    let viewer = cx.viewer().ok_or(Error::Unauthenticated)?;
    let mut view = cx.view_self().await?;
    let counts = sqlx::query!(
        r#"select (select count(*) from session s where s.person_id = $1 and s.ended_at is null
                   and s.expires_at > $2) as "sessions!",
                  (select count(*) from passkey k where k.person_id = $1) as "passkeys!""#,
        viewer.id.0,
        cx.now()
    )
    .fetch_one(view.sql())
    .await?;
    let alone = owned_alone(view.sql()).await?;
    drop(view);
    let mut teams = Deletion { email: viewer.email.clone(), ..Deletion::default() };
    for team in &viewer.teams {
        let alone = alone.iter().find(|alone| alone.team == team.id.0);
        match alone.map(|alone| alone.closing_at) {
            Some(Some(at)) => {
                teams.ends.push(Ending { name: team.name.clone(), due: rfc3339(at) });
            }
            Some(None) => teams.last_owner_of.push(team.name.clone()),
            None => teams.leaves.push(team.name.clone()),
        }
    }
    Ok(Deletion { sessions: counts.sessions, passkeys: counts.passkeys, ..teams })
}

/// Deletes the caller's account: memberships end, whatever proved it is removed, name and address
/// go, and what was sealed under its key becomes unreadable. Records stay and say "deleted person".
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up; a sentence when the address was not typed as it is;
/// [`Error::Conflict`] while a team would be left without an owner.
pub async fn delete_account(cx: &Cx, form: DeleteAccount) -> Result<()> {
    cx.require_confirmed()?;
    let viewer = cx.viewer().ok_or(Error::Unauthenticated)?;
    if form.email.trim() != viewer.email {
        let said = format!("Type {} to go on.", viewer.email);
        return Err(Error::field("email", said));
    }
    let mut change = cx.change_session().await?;
    // Before the records, which hold the teams' ledgers: see `member::hold`.
    sqlx::query!("select app.hold_teams(null)").execute(change.sql()).await?;
    let to = mailbox::stranger(&viewer.email, &viewer.name);
    mail::post(&mut change, &to, Letter::AccountDeleted).await?;
    leave_deletions(&mut change, &to).await?;
    let event = Event::new(Ledger::Person, AuditAction::PersonDelete).on("person", viewer.id, "");
    change.record_in_teams(&event).await?;
    change.record(event.clone().moved_to(Ledger::Instance)).await?;
    sqlx::query!("select app.delete_person($1)", cx.now())
        .execute(change.sql())
        .await
        .map_err(|error| owner_needed(error.into()))?;
    change.commit(event).await?;
    // Should this fail, the sweep below does it: the account is gone all the same.
    cx.deps().keyring().destroy(Owner::Person(viewer.id)).await
}

/// Destroys the data keys of accounts that were deleted lately, where that was cut short.
///
/// # Errors
/// When the database or the keyring does not answer.
pub async fn sweep_deleted(deps: &Deps) -> Result<()> {
    let mut change = Cx::system(deps).change_as(Task::PersonSweep, Actor::default()).await?;
    let deleted =
        sqlx::query_scalar!("select id from person where deleted_at > now() - interval '30 days'")
            .fetch_all(change.sql())
            .await?;
    change.commit_unaudited("nothing was changed").await?;
    for person in deleted {
        deps.keyring().destroy(Owner::Person(PersonId(person))).await?;
    }
    Ok(())
}

/// A team whose only owner the caller is.
struct Alone {
    team: Uuid,
    name: String,
    closing_at: Option<OffsetDateTime>,
}

async fn owned_alone(sql: &mut PgConnection) -> Result<Vec<Alone>> {
    let rows = sqlx::query_as!(
        Alone,
        r#"select team_id as "team!", name as "name!", closing_at from app.owned_alone()"#
    );
    Ok(rows.fetch_all(sql).await?)
}

/// Teams of which they are the only owner and that wait to be deleted go all the same: nobody is left who could
/// keep them. A letter tells by which link that is seen.
async fn leave_deletions(change: &mut Change, to: &To) -> Result<()> {
    let deps = change.cx().deps().clone();
    for Alone { team, name, closing_at } in owned_alone(change.sql()).await? {
        let Some(due) = closing_at else { continue };
        let team = TeamId(team);
        let hash = token::hash(&delete::link(&deps, team).await?);
        let hash =
            sqlx::query_scalar!("select app.leave_deletion($1, $2)", team.0, hash.as_slice())
                .fetch_one(change.sql())
                .await?;
        // Meanwhile another owner came, or it was undone.
        let Some(hash) = hash else { continue };
        let link = delete::link_of(&deps, team, &hash).await?;
        mail::post(change, to, Letter::DeletionLeft { team: name, due, link }).await?;
    }
    Ok(())
}

fn owner_needed(error: Error) -> Error {
    if error.is_code(NO_OWNER) {
        return Error::Conflict(
            "You are the only owner of a team. Make somebody else its owner first, or ask for its \
             deletion: once it waits for that, your account can go."
                .to_owned(),
        );
    }
    error
}
