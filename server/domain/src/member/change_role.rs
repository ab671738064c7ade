//! Giving a member another role.

use super::{changed_meanwhile, hold, managed, owner_needed, require_over};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    role,
};
use model::{AuditAction, HeldRole, Permission, PersonId, RoleRef};
use sqlx::PgConnection;

/// Gives a member of the team another role, and says it. It holds from their next request on.
///
/// # Errors
/// [`Error::Forbidden`] without `members.manage`, or for a role that holds more than the caller's;
/// [`Error::Unconfirmed`] without step-up; [`Error::NotFound`] for nobody of this team;
/// [`Error::Conflict`] for the role they have, and for the team's only owner.
pub async fn change_role(
    cx: &Cx,
    person: PersonId,
    wanted: impl Into<RoleRef>,
) -> Result<HeldRole> {
    let wanted = wanted.into();
    if let RoleRef::BuiltIn(role) = wanted {
        require_over(cx, &role.into())?;
    }
    let mut change = cx.change_confirmed(Permission::MembersManage).await?;
    hold(change.sql(), cx).await?;
    let role = role::find(change.sql(), cx, wanted).await?.ok_or_else(role::none_such)?;
    require_over(cx, &role)?;
    let before = managed(change.sql(), cx, person).await?;
    if before == role {
        let said = format!("This is their role already: {}.", role.title());
        return Err(Error::Conflict(said));
    }
    if !set(change.sql(), cx, person, before.which(), wanted).await? {
        return Err(changed_meanwhile());
    }
    let event = Event::new(Ledger::Team, AuditAction::MemberChangeRole)
        .on("person", person, "")
        .with("before", before.said())
        .with("after", role.said());
    change.commit(event).await?;
    Ok(role)
}

/// Whether they still had the role they had.
async fn set(
    sql: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    before: RoleRef,
    role: RoleRef,
) -> Result<bool> {
    let done = sqlx::query!(
        "update member set role = $1, custom_role = $2
         where team_id = $3 and person_id = $4 and role = $5
             and custom_role is not distinct from $6",
        role.name(),
        role.custom().map(|role| role.0),
        cx.seat()?.id.0,
        person.0,
        before.name(),
        before.custom().map(|role| role.0)
    )
    .execute(sql)
    .await
    .map_err(owner_needed)?;
    Ok(done.rows_affected() == 1)
}
