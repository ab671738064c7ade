//! Roles that a team makes for itself, beside the four that every team has.
//!
//! Who may: `members.manage`. Nobody puts into a role what they lack, changes a role that holds
//! more than their own, or gives one to somebody; the database sees to all three
//! (`app.may_give`). At most ten to a team, and none goes while somebody holds it.

mod create;
mod delete;
mod list;
mod update;

pub use create::create;
pub use delete::delete;
pub use list::{list, load};

pub use update::update;

pub(crate) use list::all;

use crate::{Cx, Error, Result, text};
use model::{
    CustomRole, HeldRole, Permission, Permissions, PersonId, Role, RoleId, RoleRef, TeamId,
    role::{Ticked, bounds},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// The sentence for a role that the form names and the team does not have.
pub(crate) const NONE_SUCH: &str = "Choose one of the roles.";

pub(crate) fn none_such() -> Error {
    Error::field("role", NONE_SUCH)
}

/// Which role, as the columns of a row say it.
pub(crate) struct Stored {
    pub(crate) role: String,
    pub(crate) custom: Option<Uuid>,
    /// As people read it.
    pub(crate) title: Option<String>,
}

impl Stored {
    pub(crate) fn which(&self) -> Result<RoleRef> {
        match self.custom {
            Some(id) => Ok(RoleRef::Custom(RoleId(id))),
            None => Role::from_name(&self.role)
                .map(RoleRef::BuiltIn)
                .ok_or(Error::Inconsistent("an unknown role")),
        }
    }

    /// With what a role of the team's own holds, by name and apart by spaces.
    pub(crate) fn held(self, permissions: Option<&str>) -> Result<HeldRole> {
        Ok(match self.which()? {
            RoleRef::BuiltIn(role) => HeldRole::BuiltIn(role),
            RoleRef::Custom(id) => HeldRole::Custom(CustomRole {
                id,
                name: self.title.ok_or(Error::Inconsistent("a role without a name"))?,
                permissions: Permissions::named(permissions.unwrap_or_default()),
            }),
        })
    }
}

/// The role, if the team of `cx` has it.
pub(crate) async fn find(
    sql: &mut PgConnection,
    cx: &Cx,
    which: RoleRef,
) -> Result<Option<HeldRole>> {
    let id = match which {
        RoleRef::BuiltIn(role) => return Ok(Some(role.into())),
        RoleRef::Custom(id) => id,
    };
    let row = sqlx::query!(
        r#"select r.name, coalesce(string_agg(g.permission, ' '), '') as "permissions!"
           from team_role r
           left join team_role_permission g on g.team_id = r.team_id and g.role_id = r.id
           where r.team_id = $1 and r.id = $2 group by r.team_id, r.id"#,
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(sql)
    .await?;
    Ok(row.map(|row| {
        let permissions = Permissions::named(&row.permissions);
        HeldRole::Custom(CustomRole { id, name: row.name, permissions })
    }))
}

/// The role that somebody holds in the team; none for nobody of it.
pub(crate) async fn of(
    sql: &mut PgConnection,
    team: TeamId,
    person: PersonId,
) -> Result<Option<HeldRole>> {
    let row = sqlx::query!(
        r#"select m.role, m.custom_role, r.name as "title?",
                  (select string_agg(g.permission, ' ') from team_role_permission g
                   where g.team_id = m.team_id and g.role_id = m.custom_role) as permissions
           from member m
           left join team_role r on r.team_id = m.team_id and r.id = m.custom_role
           where m.team_id = $1 and m.person_id = $2"#,
        team.0,
        person.0
    )
    .fetch_optional(sql)
    .await?;
    let held = row.map(|row| {
        let stored = Stored { role: row.role, custom: row.custom_role, title: row.title };
        stored.held(row.permissions.as_deref())
    });
    held.transpose()
}

/// The role of this id, if the caller may change it.
async fn managed(sql: &mut PgConnection, cx: &Cx, id: RoleId) -> Result<CustomRole> {
    match find(sql, cx, RoleRef::Custom(id)).await? {
        Some(HeldRole::Custom(role)) => {
            require_all(cx, role.permissions)?;
            Ok(role)
        }
        _ => Err(Error::NotFound),
    }
}

/// Nobody deals with a power that they lack.
fn require_all(cx: &Cx, permissions: Permissions) -> Result<()> {
    cx.require(Permission::MembersManage)?;
    let lacking = permissions.without(cx.seat()?.role.permissions());
    match lacking.iter().min_by_key(|permission| permission.least() as u8) {
        Some(lacking) => Err(Error::Forbidden(lacking)),
        None => Ok(()),
    }
}

/// What a form says that a role is to be.
fn read(name: &str, ticked: &Ticked) -> Result<(String, Permissions)> {
    let mut check = text::Check::default();
    let name = check.field("name", text::name(name, "the role", bounds::NAME));
    let permissions = check.field("", ticked.permissions());
    check.done()?;
    // Whoever is in a team sees it.
    let permissions = permissions.map(|set| set.with(Permission::TeamView));
    let read = name.zip(permissions);
    read.ok_or(Error::Inconsistent("a checked form lacks a field"))
}

/// What the database says of a name, and of one role more.
fn refused(error: sqlx::Error) -> Error {
    let error = Error::from(error);
    if error.is_constraint("team_role_name") {
        return Error::field("name", "The team has a role of this name. Choose another one.");
    }
    if error.is_constraint("team_role_built_in") {
        return Error::field("name", "Every team has a role of this name. Choose another one.");
    }
    if error.is_code(TOO_MANY) {
        return Error::Conflict(format!(
            "A team has at most {} roles of its own. Delete one first.",
            bounds::ROLES
        ));
    }
    error
}

/// What the database raises for an eleventh role.
const TOO_MANY: &str = "PB009";

/// Puts permissions into the role.
async fn grant(sql: &mut PgConnection, cx: &Cx, id: RoleId, more: Permissions) -> Result<()> {
    let names: Vec<String> = more.iter().map(|permission| permission.name().to_owned()).collect();
    sqlx::query!(
        "insert into team_role_permission (team_id, role_id, permission)
         select $1, $2, name from unnest($3::text[]) t (name)",
        cx.seat()?.id.0,
        id.0,
        &names
    )
    .execute(sql)
    .await?;
    Ok(())
}
