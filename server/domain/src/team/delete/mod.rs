//! Deleting a team: an owner asks, another one confirms if there is one, some days pass in which any owner
//! can undo it, and then a task ([`delete_due`]) removes it, stage by stage, and signs what it did.
//!
//! While it waits, keys answer `TEAM_SUSPENDED`, streams stand still and nothing in the team is changed
//! (`Cx::change`, and the database). That is not the operator's suspension: each ends by itself.

mod certify;
mod files;
mod held;
mod load;
mod run;
mod stages;
mod times;

pub(crate) use certify::{link, link_of};
pub use load::{card, load, stages};
pub use run::{delete_due, delete_step};

pub(crate) use held::HELD;

use crate::{
    Cx, Error, Result,
    change::Change,
    event::{Event, Ledger, rfc3339},
    mail::{self, Letter, MailOwner, To},
};
use model::{
    AuditAction, Permission,
    deletion::{AskDeletion, ConfirmDeletion},
};
use time::OffsetDateTime;

/// What the database raises when there is nothing that waits to be confirmed.
const NOTHING_TO_CONFIRM: &str = "PB015";

/// Asks for the deletion of the team. Where its caller is its only owner, the days begin at once, and it
/// says when it is due; else another owner has to confirm.
///
/// # Errors
/// [`Error::Forbidden`] for all but owners; [`Error::Unconfirmed`] without step-up; a sentence at `name`
/// when the team's name was not typed as it is; [`Error::Conflict`] when somebody has asked already.
pub async fn ask(cx: &Cx, form: &AskDeletion) -> Result<Option<OffsetDateTime>> {
    let mut change = begin(cx, &form.name).await?;
    let days = cx.deps().deletion_days();
    let due = sqlx::query_scalar!("select app.ask_deletion($1)", days)
        .fetch_one(change.sql())
        .await
        .map_err(asked_already)?;
    tell_owners(&mut change, |to| match due {
        Some(due) => Letter::DeletionBegins { due, by: to.by, team: to.team, slug: to.slug },
        None => Letter::DeletionAsked { by: to.by, team: to.team, slug: to.slug },
    })
    .await?;
    let event = about(cx, AuditAction::TeamDeleteAsk)?.with("days", days);
    change.commit(due_at(event, due)).await?;
    Ok(due)
}

/// Confirms what another owner asked for: the days begin, and it says when they are over. Who asked confirms
/// only where no other owner is left.
///
/// # Errors
/// As [`ask`]; [`Error::Conflict`] when nothing waits to be confirmed, and for whoever asked.
pub async fn confirm(cx: &Cx, form: &ConfirmDeletion) -> Result<OffsetDateTime> {
    let mut change = begin(cx, &form.name).await?;
    let due = sqlx::query_scalar!("select app.confirm_deletion()")
        .fetch_one(change.sql())
        .await
        .map_err(not_confirmed)?
        .ok_or(Error::Inconsistent("a deletion that runs is due"))?;
    tell_owners(&mut change, |to| Letter::DeletionBegins {
        due,
        by: to.by,
        team: to.team,
        slug: to.slug,
    })
    .await?;
    let event = about(cx, AuditAction::TeamDeleteConfirm)?;
    change.commit(due_at(event, Some(due))).await?;
    Ok(due)
}

/// Undoes it: what was asked for and not confirmed, and what waits until it is due.
///
/// # Errors
/// [`Error::Forbidden`] for all but owners; [`Error::Conflict`] when there is nothing to undo, or it is due.
pub async fn undo(cx: &Cx) -> Result<()> {
    require_owner(cx)?;
    let mut change = cx.change_closing(Permission::TeamDelete).await?;
    let undone = sqlx::query_scalar!(r#"select app.undo_deletion() as "undone!""#)
        .fetch_one(change.sql())
        .await?;
    if !undone {
        return Err(Error::Conflict(
            "There is nothing to undo: somebody else did it, or the deletion has begun.".to_owned(),
        ));
    }
    tell_owners(&mut change, |to| Letter::DeletionUndone {
        by: to.by,
        team: to.team,
        slug: to.slug,
    })
    .await?;
    change.commit(about(cx, AuditAction::TeamDeleteUndo)?).await.map(drop)
}

/// The change of an owner who has confirmed that it is them and typed the team's name.
async fn begin(cx: &Cx, typed: &str) -> Result<Change> {
    require_owner(cx)?;
    cx.require_confirmed()?;
    let name = &cx.seat()?.name;
    if typed.trim() != name {
        return Err(Error::field("name", format!("Type {name} to go on.")));
    }
    cx.change_closing(Permission::TeamDelete).await
}

fn require_owner(cx: &Cx) -> Result<()> {
    cx.require(Permission::TeamDelete)?;
    match cx.seat()?.role.is_owner() {
        true => Ok(()),
        false => Err(Error::Forbidden(Permission::TeamDelete)),
    }
}

fn about(cx: &Cx, action: AuditAction) -> Result<Event> {
    let seat = cx.seat()?;
    Ok(Event::new(Ledger::Team, action).on("team", seat.id, &seat.name))
}

fn due_at(event: Event, due: Option<OffsetDateTime>) -> Event {
    match due {
        Some(due) => event.with("due_at", rfc3339(due)),
        None => event,
    }
}

fn asked_already(error: sqlx::Error) -> Error {
    let error = Error::from(error);
    if error.is_constraint("team_deletion_pkey") {
        return Error::Conflict(
            "Somebody has asked for the deletion already. Look again.".to_owned(),
        );
    }
    error
}

fn not_confirmed(error: sqlx::Error) -> Error {
    let error = Error::from(error);
    if error.is_code(NOTHING_TO_CONFIRM) {
        return Error::Conflict(
            "There is nothing to confirm: it was undone, confirmed already, or whoever asked is no \
             longer an owner. Look again."
                .to_owned(),
        );
    }
    if error.is_code("42501") {
        return Error::Conflict(
            "You asked for it yourself: another owner has to confirm.".to_owned(),
        );
    }
    error
}

/// What the letters to owners have in common.
struct Told {
    by: String,
    team: String,
    slug: String,
}

/// Writes to every owner, under the instance's key: nobody writes a letter under somebody else's.
async fn tell_owners(change: &mut Change, letter: impl Fn(Told) -> Letter) -> Result<()> {
    let cx = change.cx().clone();
    let seat = cx.seat()?;
    let by = cx.viewer().map(|viewer| viewer.name.clone()).unwrap_or_default();
    let owners = sqlx::query!(
        "select p.name, p.email from member m join person p on p.id = m.person_id
         where m.team_id = $1 and m.role = 'owner' order by p.id",
        seat.id.0
    )
    .fetch_all(change.sql())
    .await?;
    for owner in owners {
        let to = To { email: owner.email, name: owner.name, owner: MailOwner::Instance };
        let told = Told { by: by.clone(), team: seat.name.clone(), slug: seat.slug.clone() };
        mail::post(change, &to, letter(told)).await?;
    }
    Ok(())
}
