//! Codes from an authenticator app.

use super::{
    factors, mailbox, recovery,
    session::{self, NewSession},
};
use crate::{
    Cx, Error, Result,
    change::Change,
    crypto::{Place, totp::Totp},
    event::{Event, Ledger, person_owner},
    mail::{self, Letter},
};
use model::{AuditAction, Next, factor::FirstCode, reveal::TotpOffer};
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;
use zeroize::Zeroizing;

/// How long a secret that was shown can be confirmed.
const OFFERED: Duration = Duration::hours(1);

/// Offers a new secret: nothing changes until its first code is accepted. The offer before, if
/// there is one, is worth nothing.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up.
pub async fn begin(cx: &Cx) -> Result<()> {
    cx.require_confirmed()?;
    let mut change = cx.change_self(None).await?;
    let person = change.person()?;
    let secret = Totp::new_secret(cx.deps().random());
    let key = cx.deps().keyring().key_of(person_owner(person)).await?;
    let sealed = key.seal(cx.deps().random(), &place("totp_offer", person), secret.as_slice())?;
    sqlx::query!(
        "insert into totp_offer (person_id, secret, offered_at) values ($1, $2, $3)
         on conflict (person_id) do update set secret = $2, offered_at = $3",
        person,
        sealed,
        cx.now()
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("an offer changes nothing until it is confirmed").await
}

/// What the app needs to know, while an offer is open.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up: a secret is shown.
pub async fn offer(cx: &Cx) -> Result<Option<TotpOffer>> {
    cx.require_confirmed()?;
    let person = cx.person().ok_or(Error::Unauthenticated)?.0;
    let mut view = cx.view_self().await?;
    let Some(secret) = offered(view.sql(), cx, person).await? else { return Ok(None) };
    let email = sqlx::query_scalar!("select email from person where id = $1", person)
        .fetch_one(view.sql())
        .await?;
    Totp::of(&secret, &email)?.offer().map(Some)
}

/// Turns the offer into a factor by its first code, which also confirms the session.
///
/// # Errors
/// A sentence at `code` when it is not right; [`Error::Conflict`] when no offer is open.
pub async fn confirm(cx: &Cx, form: FirstCode) -> Result<(NewSession, Next)> {
    cx.require_confirmed()?;
    let mut change = cx.change_session().await?;
    let person = change.person()?;
    let Some(secret) = offered(change.sql(), cx, person).await? else {
        return Err(Error::Conflict(
            "This square is no longer good. Begin again, and scan the new one.".to_owned(),
        ));
    };
    let code: String = form.code.expose().chars().filter(|c| !c.is_whitespace()).collect();
    let Some(step) = Totp::of(&secret, "-")?.step_of(&code, cx.now()) else {
        return Err(Error::field(
            "code",
            "This is not the code of the new secret. Wait for the next one and type that; if it \
             is refused too, check the clock of your phone.",
        ));
    };
    let key = cx.deps().keyring().key_of(person_owner(person)).await?;
    let sealed = key.seal(cx.deps().random(), &place("totp", person), &secret)?;
    sqlx::query!("select app.set_totp($1, $2)", sealed, step).execute(change.sql()).await?;
    let session = session::rotate(&mut change, "totp").await?;
    let to = mailbox::own(&mut change).await?;
    let what = "an authenticator app".to_owned();
    mail::post(&mut change, &to, Letter::FactorAdded { what }).await?;
    let codes = recovery::first_set(&mut change).await?;
    change.commit_in_teams(Event::new(Ledger::Person, AuditAction::TotpEnable)).await?;
    Ok((session, factors::done(codes, "Codes from your app are asked for from now on.")))
}

/// Stops asking for codes from the app.
///
/// # Errors
/// [`Error::Unconfirmed`] without step-up by another factor; [`Error::Conflict`] while a team
/// requires a second factor and this is the last.
pub async fn remove(cx: &Cx) -> Result<()> {
    cx.require_confirmed_without(Some("totp"))?;
    let mut change = cx.change_self(None).await?;
    let person = change.person()?;
    let done = sqlx::query!("delete from totp where person_id = $1", person)
        .execute(change.sql())
        .await
        .map_err(factors::required)?;
    if done.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    factors::removed(&mut change, "the authenticator app").await?;
    change.commit_in_teams(Event::new(Ledger::Person, AuditAction::TotpDisable)).await
}

/// Spends a code of the person of `change`: true when it is right and was never accepted before.
pub(super) async fn spend(change: &mut Change, code: &str) -> Result<bool> {
    let cx = change.cx().clone();
    let person = change.person()?;
    let row = sqlx::query!("select secret from totp where person_id = $1", person)
        .fetch_optional(change.sql())
        .await?;
    let Some(row) = row else { return Ok(false) };
    let secret = open(&cx, person, "totp", &row.secret).await?;
    let Some(step) = Totp::of(&secret, "-")?.step_of(code, cx.now()) else { return Ok(false) };
    let spent = sqlx::query!(
        "update totp set last_step = $1 where person_id = $2 and last_step < $1",
        step,
        person
    )
    .execute(change.sql())
    .await?;
    Ok(spent.rows_affected() == 1)
}

/// The secret that was offered, while it can be confirmed.
async fn offered(
    sql: &mut PgConnection,
    cx: &Cx,
    person: Uuid,
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let row = sqlx::query!(
        "select secret from totp_offer where person_id = $1 and offered_at > $2",
        person,
        cx.now() - OFFERED
    )
    .fetch_optional(sql)
    .await?;
    match row {
        Some(row) => open(cx, person, "totp_offer", &row.secret).await.map(Some),
        None => Ok(None),
    }
}

async fn open(
    cx: &Cx,
    person: Uuid,
    table: &'static str,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    let key = cx.deps().keyring().find(person_owner(person)).await?;
    let key = key.ok_or(Error::Seal("a person's data key is gone"))?;
    key.open(&place(table, person), sealed)
}

const fn place(table: &'static str, person: Uuid) -> Place {
    Place { table, column: "secret", row: person }
}
