//! The roles that a team made.

use crate::{Cx, Result};
use model::{
    CustomRole, Permission, Permissions, RoleId,
    role::{RolePage, RoleRow},
};
use sqlx::PgConnection;

/// The roles that the team made, by name, and who holds each as far as the caller sees members.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `team.view`.
pub async fn list(cx: &Cx) -> Result<Vec<RoleRow>> {
    let mut view = cx.view(Permission::TeamView).await?;
    let mut rows = Vec::new();
    for role in all(view.sql(), cx).await? {
        let holders = match cx.require(Permission::MembersView) {
            Ok(()) => Some(holders(view.sql(), cx, role.id).await?),
            Err(_) => None,
        };
        rows.push(RoleRow { role, holders });
    }
    Ok(rows)
}

/// One of them, for whoever may change roles.
///
/// # Errors
/// [`crate::Error::Forbidden`] without `members.manage`.
pub async fn load(cx: &Cx, id: RoleId) -> Result<Option<RolePage>> {
    let mut view = cx.view(Permission::MembersManage).await?;
    let Some(role) = all(view.sql(), cx).await?.into_iter().find(|role| role.id == id) else {
        return Ok(None);
    };
    let holders = holders(view.sql(), cx, id).await?;
    let promised = sqlx::query_scalar!(
        r#"select count(*) as "n!" from invitation
           where team_id = $1 and custom_role = $2 and ended_at is null"#,
        cx.seat()?.id.0,
        id.0
    )
    .fetch_one(view.sql())
    .await?;
    Ok(Some(RolePage { role, holders, promised }))
}

/// The roles that the team made, by name.
pub(crate) async fn all(sql: &mut PgConnection, cx: &Cx) -> Result<Vec<CustomRole>> {
    let rows = sqlx::query!(
        r#"select r.id, r.name, coalesce(string_agg(g.permission, ' '), '') as "permissions!"
           from team_role r
           left join team_role_permission g on g.team_id = r.team_id and g.role_id = r.id
           where r.team_id = $1 group by r.team_id, r.id order by lower(r.name), r.id"#,
        cx.seat()?.id.0
    )
    .fetch_all(sql)
    .await?;
    let role = |(id, name, permissions): (_, _, String)| {
        let permissions = Permissions::named(&permissions);
        CustomRole { id: RoleId(id), name, permissions }
    };
    Ok(rows.into_iter().map(|row| role((row.id, row.name, row.permissions))).collect())
}

async fn holders(sql: &mut PgConnection, cx: &Cx, id: RoleId) -> Result<i64> {
    let holders = sqlx::query_scalar!(
        r#"select count(*) as "n!" from member where team_id = $1 and custom_role = $2"#,
        cx.seat()?.id.0,
        id.0
    )
    .fetch_one(sql)
    .await?;
    Ok(holders)
}
