//! Inviting people into a team.

use super::{LASTS, addresses};
use crate::{
    Cx, Error, Result,
    change::Change,
    crypto::token,
    event::{Event, Ledger},
    limit,
    mail::{self, Letter, MailOwner, To},
    member, role, text,
};
use model::{
    AuditAction, HeldRole, InvitationId, Limit, Permission, RoleRef,
    invitation::{Invite, bounds},
};
use secrecy::SecretString;
use sqlx::PgConnection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is asked for, read and found good.
struct Wanted {
    emails: BTreeSet<String>,
    role: RoleRef,
    message: String,
}

/// Invites everybody at these addresses, or nobody; says how many. Who was invited before gets a
/// new invitation in place of the old one.
///
/// # Errors
/// [`Error::Forbidden`] without `members.manage`, or for a role above the caller's own;
/// [`Error::Unconfirmed`] without step-up; [`Error::Invalid`] names what is wrong;
/// [`Error::TooMany`] for a team that invites too much.
pub async fn send(cx: &Cx, form: Invite) -> Result<usize> {
    cx.require(Permission::MembersManage)?;
    let wanted = read(&form)?;
    if let RoleRef::BuiltIn(role) = wanted.role {
        member::require_over(cx, &role.into())?;
    }
    cx.require_confirmed()?;
    take_limits(cx, &wanted.emails).await?;
    let mut change = cx.change_confirmed(Permission::MembersManage).await?;
    member::hold(change.sql(), cx).await?;
    let role = role::find(change.sql(), cx, wanted.role).await?.ok_or_else(role::none_such)?;
    member::require_over(cx, &role)?;
    let emails: Vec<String> = wanted.emails.iter().cloned().collect();
    refuse_members(change.sql(), cx, &emails).await?;
    refuse_other_domains(change.sql(), cx, &emails).await?;
    replace(change.sql(), cx, &emails).await?;
    refuse_too_many(change.sql(), cx, emails.len()).await?;
    // All rows first, then all records: whoever invites the same people at the same time waits at
    // the first address, and not in a circle.
    let mut events = Vec::with_capacity(emails.len());
    for email in &wanted.emails {
        events.push(invite(&mut change, email, &wanted, &role).await?);
    }
    let last = events.pop().ok_or(Error::Inconsistent("nobody was invited"))?;
    for event in events {
        change.record(event).await?;
    }
    change.commit(last).await?;
    Ok(emails.len())
}

fn read(form: &Invite) -> Result<Wanted> {
    let mut check = text::Check::default();
    let emails = check.field("emails", addresses::read(&form.emails));
    let role = form.role.parse().map_err(|_| role::NONE_SUCH.to_owned());
    let role = check.field("role", role);
    let message = check.field("message", text::message(&form.message, bounds::MESSAGE));
    check.done()?;
    let read = emails.zip(role).zip(message);
    let ((emails, role), message) =
        read.ok_or(Error::Inconsistent("a checked form lacks a field"))?;
    Ok(Wanted { emails, role, message })
}

async fn take_limits(cx: &Cx, emails: &BTreeSet<String>) -> Result<()> {
    let team = cx.seat()?.id;
    for email in emails {
        limit::take(cx, Limit::InvitationAddress, &format!("{team}|{email}")).await?;
        limit::take(cx, Limit::InvitationTeam, &team.to_string()).await?;
    }
    Ok(())
}

/// Who is in the team already needs no invitation.
async fn refuse_members(sql: &mut PgConnection, cx: &Cx, emails: &[String]) -> Result<()> {
    let there = sqlx::query_scalar!(
        "select lower(p.email) as \"email!\" from member m join person p on p.id = m.person_id
         where m.team_id = $1 and lower(p.email) = any($2) order by 1",
        cx.seat()?.id.0,
        emails
    )
    .fetch_all(sql)
    .await?;
    match there.as_slice() {
        [] => Ok(()),
        [one] => Err(Error::field("emails", format!("{one} is in the team already. Take it out."))),
        many => {
            let said = format!("{} are in the team already. Take them out.", many.join(", "));
            Err(Error::field("emails", said))
        }
    }
}

/// The team may take addresses of some domains only.
async fn refuse_other_domains(sql: &mut PgConnection, cx: &Cx, emails: &[String]) -> Result<()> {
    let taken = sqlx::query_scalar!(
        "select domain from team_domain where team_id = $1 order by domain",
        cx.seat()?.id.0
    )
    .fetch_all(sql)
    .await?;
    let fits = |email: &&String| {
        email.split_once('@').is_some_and(|(_, domain)| taken.iter().any(|taken| taken == domain))
    };
    match emails.iter().find(|email| !taken.is_empty() && !fits(email)) {
        Some(other) => {
            let taken = taken.join(", ");
            let said = format!("{other} is of another domain. The team takes: {taken}.");
            Err(Error::field("emails", said))
        }
        None => Ok(()),
    }
}

/// Ends what these addresses were sent before.
async fn replace(sql: &mut PgConnection, cx: &Cx, emails: &[String]) -> Result<()> {
    sqlx::query!(
        "update invitation set ended_at = $1, ended_by = $2, outcome = 'replaced'
         where team_id = $3 and email = any($4) and ended_at is null",
        cx.now(),
        cx.person().map(|person| person.0),
        cx.seat()?.id.0,
        emails
    )
    .execute(sql)
    .await?;
    Ok(())
}

async fn refuse_too_many(sql: &mut PgConnection, cx: &Cx, more: usize) -> Result<()> {
    let open = sqlx::query_scalar!(
        r#"select count(*) as "n!" from invitation where team_id = $1 and ended_at is null"#,
        cx.seat()?.id.0
    )
    .fetch_one(sql)
    .await?;
    if open + i64::try_from(more).unwrap_or(i64::MAX) > bounds::OPEN {
        return Err(Error::Conflict(format!(
            "A team has at most {} open invitations, and {open} are open. Take back some of them \
             first.",
            bounds::OPEN
        )));
    }
    Ok(())
}

/// One invitation and its letter; its record is still to be made.
async fn invite(
    change: &mut Change,
    email: &str,
    wanted: &Wanted,
    role: &HeldRole,
) -> Result<Event> {
    let cx = change.cx().clone();
    let id = InvitationId(cx.new_id());
    let token = token::new_token(cx.deps().random());
    let hash = token::hash(&token);
    let mail = write(change, email, role.title(), &wanted.message, token).await?;
    insert(change.sql(), &cx, Made { id, email, hash, mail }, wanted).await?;
    Ok(Event::new(Ledger::Team, AuditAction::InvitationSend)
        .on("invitation", id, &text::masked(email))
        .with("role", role.said()))
}

/// Posts the letter; its id, where mail is posted at all.
pub(super) async fn write(
    change: &mut Change,
    email: &str,
    role: &str,
    message: &str,
    token: SecretString,
) -> Result<Option<Uuid>> {
    let cx = change.cx().clone();
    let viewer = cx.viewer().ok_or(Error::Unauthenticated)?;
    let letter = Letter::Invitation {
        team: cx.seat()?.name.clone(),
        by: viewer.name.clone(),
        role: role.to_owned(),
        message: message.to_owned(),
        token,
    };
    let to = To { email: email.to_owned(), name: String::new(), owner: MailOwner::Instance };
    mail::post_traced(change, &to, letter).await
}

/// What is different in each of those sent at once.
struct Made<'a> {
    id: InvitationId,
    email: &'a str,
    /// Of the token in the letter.
    hash: [u8; 32],
    mail: Option<Uuid>,
}

async fn insert(sql: &mut PgConnection, cx: &Cx, made: Made<'_>, wanted: &Wanted) -> Result<()> {
    sqlx::query!(
        "insert into invitation (team_id, id, email, role, message, mailed_hash, mail_id, sent_by,
                                 sent_at, expires_at, custom_role)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        cx.seat()?.id.0,
        made.id.0,
        made.email,
        wanted.role.name(),
        wanted.message,
        made.hash.as_slice(),
        made.mail,
        cx.person().map(|person| person.0),
        cx.now(),
        cx.now() + LASTS,
        wanted.role.custom().map(|role| role.0)
    )
    .execute(sql)
    .await
    .map_err(|error| {
        let error = Error::from(error);
        if error.is_constraint("invitation_open") {
            return Error::Conflict(
                "Somebody else invited one of them at the same moment. Look at the list.".into(),
            );
        }
        error
    })?;
    Ok(())
}
