//! Accepting ownership.

use super::{about, ended};
use crate::{
    Cx, Error, Result,
    change::Change,
    mail::{self, Letter, MailOwner, To},
};
use model::{AuditAction, Permission, PersonId};
use uuid::Uuid;

/// The caller, to whom the team is offered, becomes its owner; whoever offered it becomes admin.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up; [`Error::Conflict`] when no offer is open to them.
pub async fn accept(cx: &Cx) -> Result<()> {
    cx.require(Permission::MembersView)?;
    let seat = cx.seat()?.clone();
    cx.require_confirmed()?;
    let mut change = cx.change_self(Some(seat.id)).await?;
    let from = sqlx::query_scalar!("select app.accept_ownership($1)", seat.id.0)
        .fetch_one(change.sql())
        .await?
        .ok_or_else(ended)?;
    tell(&mut change, from).await?;
    let event = about(AuditAction::OwnershipAccept, PersonId(from))
        .with("before", seat.role.said())
        .with("after", "owner");
    change.commit(event).await.map(drop)
}

/// Whoever offered it reads that they are admin now.
async fn tell(change: &mut Change, from: Uuid) -> Result<()> {
    let cx = change.cx().clone();
    let person = sqlx::query!("select name, email from person where id = $1", from)
        .fetch_optional(change.sql())
        .await?
        .ok_or(Error::Inconsistent("a member who cannot be seen"))?;
    let to = To { email: person.email, name: person.name, owner: MailOwner::Instance };
    let by = cx.viewer().map(|viewer| viewer.name.clone()).unwrap_or_default();
    mail::post(change, &to, Letter::OwnershipTaken { team: cx.seat()?.name.clone(), by }).await
}
