//! Offering ownership.

use super::{LASTS, about};
use crate::{
    Cx, Error, Result,
    change::Change,
    mail::{self, Letter, MailOwner, To},
    member,
};
use model::{AuditAction, Permission, PersonId};
use sqlx::PgConnection;

/// Offers the team to a member, who has seven days to accept. One offer is open at a time.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but an owner; [`Error::Unconfirmed`] without step-up;
/// [`Error::NotFound`] for nobody of this team; [`Error::Conflict`] for an owner, for oneself, and
/// while another offer is open.
pub async fn offer(cx: &Cx, to: PersonId) -> Result<()> {
    cx.require(Permission::SecurityManage)?;
    if !cx.seat()?.role.is_owner() {
        return Err(Error::Forbidden(Permission::SecurityManage));
    }
    if cx.person() == Some(to) {
        return Err(Error::Conflict("The team is yours already.".to_owned()));
    }
    let mut change = cx.change_confirmed(Permission::SecurityManage).await?;
    member::hold(change.sql(), cx).await?;
    if member::managed(change.sql(), cx, to).await?.is_owner() {
        return Err(Error::Conflict("They are an owner already.".to_owned()));
    }
    end_expired(change.sql(), cx).await?;
    insert(change.sql(), cx, to).await?;
    write(&mut change, to).await?;
    change.commit(about(AuditAction::OwnershipOffer, to)).await.map(drop)
}

async fn end_expired(sql: &mut PgConnection, cx: &Cx) -> Result<()> {
    sqlx::query!(
        "update ownership_offer set ended_at = $1, outcome = 'expired'
         where team_id = $2 and ended_at is null and expires_at <= $1",
        cx.now(),
        cx.seat()?.id.0
    )
    .execute(sql)
    .await?;
    Ok(())
}

async fn insert(sql: &mut PgConnection, cx: &Cx, to: PersonId) -> Result<()> {
    sqlx::query!(
        "insert into ownership_offer (team_id, id, offered_by, offered_to, offered_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        cx.seat()?.id.0,
        cx.new_id(),
        cx.person().map(|person| person.0),
        to.0,
        cx.now(),
        cx.now() + LASTS
    )
    .execute(sql)
    .await
    .map_err(|error| {
        let error = Error::from(error);
        if error.is_constraint("ownership_offer_open") {
            return Error::Conflict(
                "The team is on offer already. Withdraw that offer first.".to_owned(),
            );
        }
        error
    })?;
    Ok(())
}

/// Under the instance's key: nobody writes a letter under somebody else's.
async fn write(change: &mut Change, to: PersonId) -> Result<()> {
    let cx = change.cx().clone();
    let person = sqlx::query!("select name, email from person where id = $1", to.0)
        .fetch_one(change.sql())
        .await?;
    let to = To { email: person.email, name: person.name, owner: MailOwner::Instance };
    let seat = cx.seat()?;
    let by = cx.viewer().map(|viewer| viewer.name.clone()).unwrap_or_default();
    let letter = Letter::OwnershipOffered { team: seat.name.clone(), slug: seat.slug.clone(), by };
    mail::post(change, &to, letter).await
}
