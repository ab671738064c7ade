//! Leaving a team.

use super::{hold, owner_needed};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
};
use model::{AuditAction, PersonId};

/// The caller leaves the team. Everybody may, whatever their role, but its only owner.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up; [`Error::Conflict`] for the only owner.
pub async fn leave(cx: &Cx) -> Result<()> {
    let seat = cx.seat()?;
    cx.require_confirmed()?;
    let mut change = cx.change_self(Some(seat.id)).await?;
    let person = change.person()?;
    hold(change.sql(), cx).await?;
    let here = sqlx::query_scalar!(
        r#"select exists (select from member where team_id = $1 and person_id = $2) as "here!""#,
        seat.id.0,
        person
    )
    .fetch_one(change.sql())
    .await?;
    if !here {
        return Err(Error::NotFound);
    }
    // The record comes before the end: who has left writes nothing into the team's log.
    let event = Event::new(Ledger::Team, AuditAction::MemberLeave)
        .on("person", PersonId(person), "")
        .with("role", seat.role.said());
    change.record(event.clone()).await?;
    sqlx::query!("delete from member where team_id = $1 and person_id = $2", seat.id.0, person)
        .execute(change.sql())
        .await
        .map_err(owner_needed)?;
    change.commit(event.moved_to(Ledger::Person)).await.map(drop)
}
