//! Making an API key. Its text leaves this file once, in the answer, and is not stored.

use super::wanted::Wanted;
use crate::{
    Cx, Error, Result,
    crypto::token,
    event::{Event, Ledger, rfc3339},
    limit, security,
};
use model::{
    AuditAction, KeyId, Limit, Permission,
    key::{NewKey, Rate},
    reveal::RevealedKey,
};
use secrecy::ExposeSecret;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// Makes a key for the team of `cx`.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.manage`, and for a key without an end from anybody but an
/// owner; [`Error::Invalid`] names every wrong field.
pub async fn create(cx: &Cx, form: NewKey) -> Result<RevealedKey> {
    let wanted = Wanted::read(&form)?;
    cx.require(Permission::KeysManage)?;
    if wanted.days.is_none() && cx.require(Permission::SecurityManage).is_err() {
        return Err(Error::field("days", "Only an owner makes keys that never end. Enter days."));
    }
    // Before the transaction: a limit needs a connection of its own, and whoever waits for a
    // second one while holding a first can wait for ever.
    limit::take(cx, Limit::KeyCreate, &cx.seat()?.id.to_string()).await?;
    let mut change = cx.change_confirmed(Permission::KeysManage).await?;
    security::refuse_key(change.sql(), cx, &wanted.kind()).await?;
    let (secret, start) = token::new_key(cx.deps().random(), wanted.environment);
    let key = Row {
        id: KeyId(cx.new_id()),
        secret_hash: token::hash(&secret),
        expires_at: wanted.days.map(|days| cx.now() + Duration::days(days.into())),
        start,
        wanted,
    };
    insert(change.sql(), cx, &key).await?;
    let record = change.commit(created(&key)).await?;
    Ok(RevealedKey {
        id: key.id,
        name: key.wanted.name,
        environment: key.wanted.environment,
        secret: secret.expose_secret().to_owned(),
        expires_at: key.expires_at.map(rfc3339),
        record,
        replaces: None,
    })
}

struct Row {
    id: KeyId,
    start: String,
    secret_hash: [u8; 32],
    expires_at: Option<OffsetDateTime>,
    wanted: Wanted,
}

async fn insert(sql: &mut PgConnection, cx: &Cx, key: &Row) -> Result<()> {
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    let (limit, seconds) = rate_columns(key.wanted.rate);
    sqlx::query!(
        "insert into api_key (team_id, id, name, environment, start, secret_hash,
                              created_at, created_by, expires_at, networks, scopes,
                              rate_limit, rate_seconds, quota, metadata)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        cx.seat()?.id.0,
        key.id.0,
        key.wanted.name,
        key.wanted.environment.name(),
        key.start,
        key.secret_hash.as_slice(),
        cx.now(),
        person.0,
        key.expires_at,
        key.wanted.networks,
        key.wanted.scopes,
        limit,
        seconds,
        key.wanted.quota,
        key.wanted.metadata
    )
    .execute(sql)
    .await?;
    Ok(())
}

/// A rate as the database keeps it: calls and seconds.
fn rate_columns(rate: Option<Rate>) -> (Option<i32>, Option<i32>) {
    let column = |number: u32| i32::try_from(number).ok();
    (rate.and_then(|rate| column(rate.limit)), rate.and_then(|rate| column(rate.per.seconds())))
}

fn created(key: &Row) -> Event {
    let rate = key.wanted.rate.map(|rate| format!("{} a {}", rate.limit, rate.per.name()));
    Event::new(Ledger::Team, AuditAction::KeyCreate)
        .on("key", key.id, &key.wanted.name)
        .with("environment", key.wanted.environment.name())
        .with("start", key.start.as_str())
        .with("expires_at", key.expires_at.map(rfc3339))
        .with("networks", key.wanted.networks.as_str())
        .with("scopes", key.wanted.scopes.as_str())
        .with("rate", rate)
        .with("quota", key.wanted.quota)
}
