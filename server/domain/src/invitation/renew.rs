//! Another link for an open invitation: mailed again, or to be passed on by hand.

use super::{LASTS, Managed, ended_meanwhile, managed, send};
use crate::{
    Cx, Error, Result,
    crypto::token,
    event::{Event, Ledger, rfc3339},
    limit,
};
use model::{AuditAction, InvitationId, Limit, Permission, reveal::RevealedLink};
use secrecy::ExposeSecret;
use sqlx::PgConnection;
use uuid::Uuid;

/// Mails the invitation again, under a new link and for another seven days: the one in the letter
/// before ends. Whoever sends it again vouches for it. Says to whom.
///
/// # Errors
/// As [`super::send`]; [`Error::NotFound`] when it has ended.
pub async fn resend(cx: &Cx, id: InvitationId) -> Result<String> {
    cx.require(Permission::MembersManage)?;
    cx.require_confirmed()?;
    take_limits(cx, id).await?;
    let mut change = cx.change_confirmed(Permission::MembersManage).await?;
    let it = managed(change.sql(), cx, id).await?;
    let token = token::new_token(cx.deps().random());
    let hash = token::hash(&token);
    let message = message(change.sql(), cx, id).await?;
    let mail = send::write(&mut change, &it.email, it.role.title(), &message, token).await?;
    if !renew(change.sql(), cx, id, hash, mail).await? {
        return Err(ended_meanwhile());
    }
    change.commit(event(AuditAction::InvitationResend, id, &it)).await?;
    Ok(it.email)
}

/// A link to pass on by hand. It shows the invitation; to accept it, whoever has it must be signed
/// in with the invited address. The one in the letter stays good, the one copied before ends.
///
/// # Errors
/// As [`super::send`]; [`Error::NotFound`] when it has ended; [`Error::Conflict`] when it is over.
pub async fn link(cx: &Cx, id: InvitationId) -> Result<RevealedLink> {
    cx.require(Permission::MembersManage)?;
    cx.require_confirmed()?;
    let mut change = cx.change_confirmed(Permission::MembersManage).await?;
    let it = managed(change.sql(), cx, id).await?;
    let token = token::new_token(cx.deps().random());
    let hash = token::hash(&token);
    let expires_at = sqlx::query_scalar!(
        "update invitation set copied_hash = $1
         where team_id = $2 and id = $3 and ended_at is null and expires_at > $4
         returning expires_at",
        hash.as_slice(),
        cx.seat()?.id.0,
        id.0,
        cx.now()
    )
    .fetch_optional(change.sql())
    .await?
    .ok_or_else(|| Error::Conflict("This invitation is over. Send it again first.".into()))?;
    change.commit(event(AuditAction::InvitationLink, id, &it)).await?;
    let url = format!("{}/invitation/{}", cx.deps().public_url(), token.expose_secret());
    Ok(RevealedLink { url, email: it.email, expires_at: rfc3339(expires_at) })
}

/// Before the change: a limit needs a connection of its own, and whoever waits for a second one
/// while holding a first can wait for ever.
async fn take_limits(cx: &Cx, id: InvitationId) -> Result<()> {
    let mut view = cx.view(Permission::MembersManage).await?;
    let it = managed(view.sql(), cx, id).await?;
    drop(view);
    let team = cx.seat()?.id;
    limit::take(cx, Limit::InvitationAddress, &format!("{team}|{}", it.email)).await?;
    limit::take(cx, Limit::InvitationTeam, &team.to_string()).await
}

fn event(action: AuditAction, id: InvitationId, it: &Managed) -> Event {
    Event::new(Ledger::Team, action).on("invitation", id, &it.label()).with("role", it.role.said())
}

async fn message(sql: &mut PgConnection, cx: &Cx, id: InvitationId) -> Result<String> {
    let message = sqlx::query_scalar!(
        "select message from invitation where team_id = $1 and id = $2",
        cx.seat()?.id.0,
        id.0
    )
    .fetch_one(sql)
    .await?;
    Ok(message)
}

async fn renew(
    sql: &mut PgConnection,
    cx: &Cx,
    id: InvitationId,
    hash: [u8; 32],
    mail: Option<Uuid>,
) -> Result<bool> {
    let done = sqlx::query!(
        "update invitation
         set mailed_hash = $1, mail_id = $2, sent_by = $3, sent_at = $4, expires_at = $5,
             asked_at = null
         where team_id = $6 and id = $7 and ended_at is null",
        hash.as_slice(),
        mail,
        cx.person().map(|person| person.0),
        cx.now(),
        cx.now() + LASTS,
        cx.seat()?.id.0,
        id.0
    )
    .execute(sql)
    .await?;
    Ok(done.rows_affected() == 1)
}
