//! Putting a person into a team.

use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
};
use model::{AuditAction, Permission, PersonId, Role};
use sqlx::PgConnection;

/// Puts `person` into the team of `cx` in `role`.
///
/// # Errors
/// [`Error::Forbidden`] without `members.manage`, or for a role above the caller's own;
/// [`Error::Conflict`] when the person is in the team already.
pub async fn add(cx: &Cx, person: PersonId, role: Role) -> Result<()> {
    super::require_over(cx, &role.into())?;
    let mut change = cx.change_confirmed(Permission::MembersManage).await?;
    insert(change.sql(), cx, person, role).await.map_err(|error| {
        if error.is_constraint("member_pkey") {
            Error::Conflict("This person is in the team already.".to_owned())
        } else {
            error
        }
    })?;
    let event = Event::new(Ledger::Team, AuditAction::MemberAdd)
        .on("person", person, "")
        .with("role", role.name());
    change.commit(event).await?;
    Ok(())
}

async fn insert(sql: &mut PgConnection, cx: &Cx, person: PersonId, role: Role) -> Result<()> {
    sqlx::query!(
        "insert into member (team_id, person_id, role, joined_at, added_by)
         values ($1, $2, $3, $4, $5)",
        cx.seat()?.id.0,
        person.0,
        role.name(),
        cx.now(),
        cx.person().map(|person| person.0)
    )
    .execute(sql)
    .await?;
    Ok(())
}
