//! Members: who is in a team, in which role.
//!
//! Who may: `members.manage`, as far as their own role holds what the other's does; only an owner
//! for owners. A team always has an owner; the
//! database sees to it (`app.keep_an_owner`). Whoever is removed is refused at their next click:
//! membership is read on each request.

mod add;
mod change_role;
mod leave;
mod list;
mod page;
mod remove;

pub use add::add;
pub use change_role::change_role;
pub use leave::leave;
pub use list::{find, list};
pub use remove::remove;

use crate::{Cx, Error, Result, role};
use model::{HeldRole, Permission, PersonId};
use sqlx::PgConnection;

/// What the database raises when a team would have no owner.
pub(crate) const NO_OWNER: &str = "PB007";

/// The role of somebody in the team of `cx`, if the caller may manage people of that role.
pub(crate) async fn managed(sql: &mut PgConnection, cx: &Cx, person: PersonId) -> Result<HeldRole> {
    let role = role::of(sql, cx.seat()?.id, person).await?.ok_or(Error::NotFound)?;
    require_over(cx, &role)?;
    Ok(role)
}

/// Owners are made, changed and removed by owners; nobody gives, changes or takes a role that
/// holds more than their own.
pub(crate) fn require_over(cx: &Cx, role: &HeldRole) -> Result<()> {
    cx.require(Permission::MembersManage)?;
    match cx.seat()?.role.lacks_for(role) {
        Some(lacking) => Err(Error::Forbidden(lacking)),
        None => Ok(()),
    }
}

/// Holds the team until the change is done. Whatever may take an owner away begins with it, before
/// any row or ledger: so all go in one order, and none waits in a circle.
pub(crate) async fn hold(sql: &mut PgConnection, cx: &Cx) -> Result<()> {
    sqlx::query!("select app.hold_teams($1)", cx.seat()?.id.0).execute(sql).await?;
    Ok(())
}

/// The sentence for a team that would have no owner.
fn owner_needed(error: sqlx::Error) -> Error {
    let error = Error::from(error);
    if error.is_code(NO_OWNER) {
        return Error::Conflict(
            "This is the team's only owner. Make somebody else an owner first.".to_owned(),
        );
    }
    error
}

/// The sentence for somebody whose role was changed by somebody else meanwhile.
fn changed_meanwhile() -> Error {
    Error::Conflict("Somebody else changed this member meanwhile. Look again.".to_owned())
}
