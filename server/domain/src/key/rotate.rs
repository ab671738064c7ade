//! Giving a key another secret. The old one works on until the overlap ends, so that whoever uses
//! it has time to change.

use super::terms::refuse_more;
use crate::{
    Cx, Error, Result,
    crypto::token,
    event::{Event, Ledger, rfc3339},
};
use model::{
    AuditAction, KeyId, Permission,
    key::{Environment, KeyRow, RotateKey, bounds},
    reveal::{Replaced, RevealedKey},
};
use secrecy::ExposeSecret;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// Gives the key a new secret and shows it. Everything else of it stays, its end too; the old
/// secret ends with the overlap, or with the key.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.manage`; [`Error::Unconfirmed`] without step-up;
/// [`Error::NotFound`] for another team's key; [`Error::Conflict`] for a key that was revoked, has
/// ended, or whose last overlap lasts: of two who rotate at once, one does.
pub async fn rotate(cx: &Cx, id: KeyId, form: &RotateKey) -> Result<RevealedKey> {
    let overlap = overlap(form)?;
    super::refuse_itself(cx, id)?;
    cx.require(Permission::KeysManage)?;
    super::take_turn(cx).await?;
    let mut change = cx.change_confirmed(Permission::KeysManage).await?;
    let key = held(change.sql(), cx, id).await?.ok_or(Error::NotFound)?;
    key.refuse(cx.now())?;
    refuse_more(cx, &key.scopes)?;
    let old_ends_at = key.expires_at.map_or(cx.now() + overlap, |end| end.min(cx.now() + overlap));
    let environment =
        Environment::from_name(&key.environment).ok_or(Error::Inconsistent("an environment"))?;
    let (secret, start) = token::new_key(cx.deps().random(), environment);
    let hash = token::hash(&secret);
    sqlx::query!(
        // What was there before is kept by `app.keep_key`: nobody may read it.
        "update api_key set previous_ends_at = $1, secret_hash = $2, start = $3, rotated_at = $4
         where team_id = $5 and id = $6",
        old_ends_at,
        hash.as_slice(),
        start,
        cx.now(),
        cx.seat()?.id.0,
        id.0
    )
    .execute(change.sql())
    .await?;
    let event = Event::new(Ledger::Team, AuditAction::KeyRotate)
        .on("key", id, &key.name)
        .with("start", start.as_str())
        .with("old_start", key.start.as_str())
        .with("old_ends_at", rfc3339(old_ends_at));
    let revealed = |record| RevealedKey {
        id,
        name: key.name,
        environment,
        secret: secret.expose_secret().to_owned(),
        expires_at: key.expires_at.map(rfc3339),
        record,
        replaces: Some(Replaced { start: key.start, ends_at: rfc3339(old_ends_at) }),
    };
    let revealed = change.commit_answering(event, revealed).await?;
    super::forget(cx.deps(), id);
    Ok(revealed)
}

/// Ends the old secret now. When this returns, it is refused.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.manage`; [`Error::NotFound`] for another team's key;
/// [`Error::Conflict`] when no overlap lasts.
pub async fn end_overlap(cx: &Cx, id: KeyId) -> Result<KeyRow> {
    super::refuse_itself(cx, id)?;
    let mut change = cx.change(Permission::KeysManage).await?;
    let ended = sqlx::query!(
        r#"update api_key set previous_ends_at = $1
           where team_id = $2 and id = $3 and previous_ends_at > $1
           returning name, previous_start as "start!""#,
        cx.now(),
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(change.sql())
    .await?;
    let Some(ended) = ended else {
        drop(change);
        let key = super::find(cx, id).await?.ok_or(Error::NotFound)?;
        return Err(Error::Conflict(format!("{} has one secret only.", key.name)));
    };
    let event = Event::new(Ledger::Team, AuditAction::KeyEndOverlap)
        .on("key", id, &ended.name)
        .with("old_start", ended.start);
    change.commit(event).await?;
    super::forget(cx.deps(), id);
    super::find(cx, id).await?.ok_or(Error::Inconsistent("a rotated key vanished"))
}

/// How long the old secret works on.
fn overlap(form: &RotateKey) -> Result<Duration> {
    let most = bounds::OVERLAP_HOURS_MOST;
    let (field, typed) = match form.overlap.as_str() {
        "custom" => ("hours", form.hours.trim()),
        chosen => ("overlap", chosen),
    };
    let hours: Option<u16> = typed.parse().ok().filter(|hours| *hours <= most);
    let said = || Error::field(field, format!("Enter whole hours from 0 to {most}."));
    Ok(Duration::hours(hours.ok_or_else(said)?.into()))
}

/// The key as it is, held until the change is done.
struct Held {
    name: String,
    environment: String,
    start: String,
    scopes: String,
    expires_at: Option<OffsetDateTime>,
    revoked_at: Option<OffsetDateTime>,
    previous_ends_at: Option<OffsetDateTime>,
}

impl Held {
    fn refuse(&self, now: OffsetDateTime) -> Result<()> {
        let name = &self.name;
        let why = if self.revoked_at.is_some() {
            format!("{name} was revoked. Create another key.")
        } else if self.expires_at.is_some_and(|end| end <= now) {
            format!("{name} has ended, and a new secret would end with it. Create another key.")
        } else if self.previous_ends_at.is_some_and(|end| end > now) {
            format!("{name} has two secrets already. End the old one first.")
        } else {
            return Ok(());
        };
        Err(Error::Conflict(why))
    }
}

async fn held(sql: &mut PgConnection, cx: &Cx, id: KeyId) -> Result<Option<Held>> {
    let held = sqlx::query_as!(
        Held,
        "select k.name, k.environment, k.start, k.scopes, k.revoked_at, k.previous_ends_at,
                app.key_end(k.created_at, k.expires_at, p.key_days) as expires_at
         from api_key k left join team_policy p on p.team_id = k.team_id
         where k.team_id = $1 and k.id = $2 for update of k",
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(sql)
    .await?;
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlap_is_chosen_or_typed_in_hours() {
        let said = |overlap: &str, hours: &str| {
            let form = RotateKey {
                overlap: overlap.to_owned(),
                hours: hours.to_owned(),
                ..RotateKey::default()
            };
            super::overlap(&form).ok().map(Duration::whole_hours)
        };
        assert_eq!((said("0", ""), said("168", "9")), (Some(0), Some(168)));
        assert_eq!((said("custom", " 36 "), said("custom", "720")), (Some(36), Some(720)));
        for (overlap, hours) in [("", ""), ("721", ""), ("custom", ""), ("custom", "-1")] {
            assert_eq!(said(overlap, hours), None, "{overlap} {hours}");
        }
    }
}
