//! Taking a member out of a team.

use super::{changed_meanwhile, hold, managed, owner_needed};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
};
use model::{AuditAction, Permission, PersonId};

/// Takes a member out of the team: their next click in it is refused, in every browser. Keys that
/// they made belong to the team and stay. Who goes by themself leaves.
///
/// # Errors
/// [`Error::Forbidden`] without `members.manage`, or for a role that holds more than the caller's;
/// [`Error::Unconfirmed`] without step-up; [`Error::NotFound`] for nobody of this team;
/// [`Error::Conflict`] for the team's only owner, and for oneself.
pub async fn remove(cx: &Cx, person: PersonId) -> Result<()> {
    cx.require(Permission::MembersManage)?;
    if cx.person() == Some(person) {
        return Err(Error::Conflict("To go yourself, leave the team.".to_owned()));
    }
    let mut change = cx.change_confirmed(Permission::MembersManage).await?;
    hold(change.sql(), cx).await?;
    let role = managed(change.sql(), cx, person).await?;
    let done = sqlx::query!(
        "delete from member
         where team_id = $1 and person_id = $2 and role = $3
             and custom_role is not distinct from $4",
        cx.seat()?.id.0,
        person.0,
        role.which().name(),
        role.which().custom().map(|role| role.0)
    )
    .execute(change.sql())
    .await
    .map_err(owner_needed)?;
    if done.rows_affected() == 0 {
        return Err(changed_meanwhile());
    }
    let event = Event::new(Ledger::Team, AuditAction::MemberRemove)
        .on("person", person, "")
        .with("role", role.said());
    change.commit(event).await.map(drop)
}
