//! Changing a role.

use super::{grant, managed, read, refused, require_all};
use crate::{
    Cx, Result,
    event::{Event, Ledger},
    member,
};
use model::{AuditAction, CustomRole, Permission, Permissions, RoleId, role::UpdateRole};
use sqlx::PgConnection;

/// Gives a role another name and other permissions. It holds from the next request on of whoever
/// has the role.
///
/// # Errors
/// As [`super::create`]; [`crate::Error::NotFound`] for no role of this team.
pub async fn update(cx: &Cx, id: RoleId, form: UpdateRole) -> Result<CustomRole> {
    cx.require(Permission::MembersManage)?;
    let (name, permissions) = read(&form.name, &form.ticked)?;
    require_all(cx, permissions)?;
    let mut change = cx.change_confirmed(Permission::MembersManage).await?;
    member::hold(change.sql(), cx).await?;
    let before = managed(change.sql(), cx, id).await?;
    rename(change.sql(), cx, id, &name).await?;
    take(change.sql(), cx, id, before.permissions.without(permissions)).await?;
    grant(change.sql(), cx, id, permissions.without(before.permissions)).await?;
    let said = |role: &str, holds: Permissions| {
        let holds = holds.names();
        serde_json::json!({ "name": role, "permissions": holds })
    };
    let event = Event::new(Ledger::Team, AuditAction::RoleUpdate)
        .on("role", id, &name)
        .with("before", said(&before.name, before.permissions))
        .with("after", said(&name, permissions));
    change.commit(event).await?;
    Ok(CustomRole { id, name, permissions })
}

async fn rename(sql: &mut PgConnection, cx: &Cx, id: RoleId, name: &str) -> Result<()> {
    sqlx::query!(
        "update team_role set name = $1 where team_id = $2 and id = $3",
        name,
        cx.seat()?.id.0,
        id.0
    )
    .execute(sql)
    .await
    .map_err(refused)?;
    Ok(())
}

/// Takes permissions from the role.
async fn take(sql: &mut PgConnection, cx: &Cx, id: RoleId, fewer: Permissions) -> Result<()> {
    let names: Vec<String> = fewer.iter().map(|permission| permission.name().to_owned()).collect();
    sqlx::query!(
        "delete from team_role_permission
         where team_id = $1 and role_id = $2 and permission = any($3)",
        cx.seat()?.id.0,
        id.0,
        &names
    )
    .execute(sql)
    .await?;
    Ok(())
}
