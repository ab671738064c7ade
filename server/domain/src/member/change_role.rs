//! Giving a member another role.

use super::{changed_meanwhile, hold, managed, owner_needed, require_over};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
};
use model::{AuditAction, Permission, PersonId, Role};
use sqlx::PgConnection;

/// Gives a member of the team another role. It holds from their next request on.
///
/// # Errors
/// [`Error::Forbidden`] without `members.manage`, or for an owner without being one;
/// [`Error::Unconfirmed`] without step-up; [`Error::NotFound`] for nobody of this team;
/// [`Error::Conflict`] for the role they have, and for the team's only owner.
pub async fn change_role(cx: &Cx, person: PersonId, role: Role) -> Result<()> {
    require_over(cx, role)?;
    let mut change = cx.change_confirmed(Permission::MembersManage).await?;
    hold(change.sql(), cx).await?;
    let before = managed(change.sql(), cx, person).await?;
    if before == role {
        let said = format!("This is their role already: {}.", role.title());
        return Err(Error::Conflict(said));
    }
    if !set(change.sql(), cx, person, before, role).await? {
        return Err(changed_meanwhile());
    }
    let event = Event::new(Ledger::Team, AuditAction::MemberChangeRole)
        .on("person", person, "")
        .with("before", before.name())
        .with("after", role.name());
    change.commit(event).await.map(drop)
}

/// Whether they still had the role they had.
async fn set(
    sql: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    before: Role,
    role: Role,
) -> Result<bool> {
    let done = sqlx::query!(
        "update member set role = $1 where team_id = $2 and person_id = $3 and role = $4",
        role.name(),
        cx.seat()?.id.0,
        person.0,
        before.name()
    )
    .execute(sql)
    .await
    .map_err(owner_needed)?;
    Ok(done.rows_affected() == 1)
}
