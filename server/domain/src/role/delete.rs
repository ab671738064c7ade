//! Deleting a role.

use super::managed;
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    member,
};
use model::{AuditAction, Permission, RoleId};

/// Deletes a role that nobody holds and no open invitation promises; says its name.
///
/// # Errors
/// As [`super::update`]; [`Error::Conflict`] while it is in use.
pub async fn delete(cx: &Cx, id: RoleId) -> Result<String> {
    cx.require(Permission::MembersManage)?;
    let mut change = cx.change_confirmed(Permission::MembersManage).await?;
    member::hold(change.sql(), cx).await?;
    let role = managed(change.sql(), cx, id).await?;
    sqlx::query!("delete from team_role where team_id = $1 and id = $2", cx.seat()?.id.0, id.0)
        .execute(change.sql())
        .await
        .map_err(in_use)?;
    let event = Event::new(Ledger::Team, AuditAction::RoleDelete)
        .on("role", id, &role.name)
        .with("permissions", role.permissions.names());
    change.commit(event).await?;
    Ok(role.name)
}

fn in_use(error: sqlx::Error) -> Error {
    let error = Error::from(error);
    if error.is_constraint("member_custom_role") {
        return Error::Conflict(
            "Somebody holds this role. Give everybody who does another one first.".to_owned(),
        );
    }
    if error.is_constraint("invitation_names_its_role") {
        return Error::Conflict(
            "An open invitation promises this role. Take the invitation back first.".to_owned(),
        );
    }
    error
}
