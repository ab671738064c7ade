//! Making a role.

use super::{grant, read, refused, require_all};
use crate::{
    Cx, Result,
    event::{Event, Ledger},
    member,
};
use model::{AuditAction, CustomRole, Permission, RoleId, role::NewRole};

/// Makes a role of the team's own.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `members.manage`, or for a permission that the caller
/// lacks; [`crate::Error::Unconfirmed`] without step-up; [`crate::Error::Invalid`] for a name that
/// is taken; [`crate::Error::Conflict`] for an eleventh role.
pub async fn create(cx: &Cx, form: NewRole) -> Result<CustomRole> {
    cx.require(Permission::MembersManage)?;
    let (name, permissions) = read(&form.name, &form.ticked)?;
    require_all(cx, permissions)?;
    let mut change = cx.change_confirmed(Permission::MembersManage).await?;
    member::hold(change.sql(), cx).await?;
    let role = CustomRole { id: RoleId(cx.new_id()), name, permissions };
    sqlx::query!(
        "insert into team_role (team_id, id, name, created_at) values ($1, $2, $3, $4)",
        cx.seat()?.id.0,
        role.id.0,
        role.name,
        cx.now()
    )
    .execute(change.sql())
    .await
    .map_err(refused)?;
    grant(change.sql(), cx, role.id, permissions).await?;
    let event = Event::new(Ledger::Team, AuditAction::RoleCreate)
        .on("role", role.id, &role.name)
        .with("permissions", permissions.names());
    change.commit(event).await?;
    Ok(role)
}
