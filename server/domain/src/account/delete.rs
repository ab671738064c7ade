//! Deleting one's account.

use super::mailbox;
use crate::{
    Cx, Deps, Error, Result,
    crypto::Owner,
    event::{Event, Ledger},
    mail::{self, Letter},
    member::NO_OWNER,
    policy::Actor,
    task::Task,
};
use model::{
    AuditAction, PersonId,
    session::{DeleteAccount, Deletion},
};

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
    drop(view);
    let mut last_owner_of = Vec::new();
    let mut leaves = Vec::new();
    for team in &viewer.teams {
        let needed = team.role.is_owner() && is_only_owner(cx, team.id.0).await?;
        let list = if needed { &mut last_owner_of } else { &mut leaves };
        list.push(team.name.clone());
    }
    Ok(Deletion {
        email: viewer.email.clone(),
        last_owner_of,
        leaves,
        sessions: counts.sessions,
        passkeys: counts.passkeys,
    })
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

async fn is_only_owner(cx: &Cx, team: uuid::Uuid) -> Result<bool> {
    let mut view = cx.view_own_team(team).await?;
    let owners = sqlx::query_scalar!(
        r#"select count(*) as "owners!" from member where team_id = $1 and role = 'owner'"#,
        team
    )
    .fetch_one(view.sql())
    .await?;
    Ok(owners <= 1)
}

fn owner_needed(error: Error) -> Error {
    if error.is_code(NO_OWNER) {
        return Error::Conflict(
            "You are the only owner of a team. Make somebody else its owner first.".to_owned(),
        );
    }
    error
}
