//! Making an API key. Its text leaves this file once, in the answer, and is not stored.

use super::{terms, wanted::Wanted};
use crate::{
    Cx, Error, Result,
    crypto::token,
    event::{Event, Ledger, rfc3339},
    security,
};
use model::{AuditAction, KeyId, Permission, key::NewKey, reveal::RevealedKey};
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
    terms::refuse_more(cx, &wanted.terms.scopes)?;
    super::take_turn(cx).await?;
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
    let event = created(&key);
    let revealed = |record| RevealedKey {
        id: key.id,
        name: key.wanted.terms.name,
        environment: key.wanted.environment,
        secret: secret.expose_secret().to_owned(),
        expires_at: key.expires_at.map(rfc3339),
        record,
        replaces: None,
    };
    change.commit_answering(event, revealed).await
}

struct Row {
    id: KeyId,
    start: String,
    secret_hash: [u8; 32],
    expires_at: Option<OffsetDateTime>,
    wanted: Wanted,
}

async fn insert(sql: &mut PgConnection, cx: &Cx, key: &Row) -> Result<()> {
    let terms = &key.wanted.terms;
    let (limit, seconds) = terms.rate_columns();
    sqlx::query!(
        "insert into api_key (team_id, id, name, environment, start, secret_hash,
                              created_at, created_by, created_with, expires_at, networks, scopes,
                              rate_limit, rate_seconds, quota, metadata)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        cx.seat()?.id.0,
        key.id.0,
        terms.name,
        key.wanted.environment.name(),
        key.start,
        key.secret_hash.as_slice(),
        cx.now(),
        cx.person().map(|person| person.0),
        cx.key().map(|key| key.id),
        key.expires_at,
        terms.networks,
        terms.scopes,
        limit,
        seconds,
        terms.quota,
        terms.metadata
    )
    .execute(sql)
    .await?;
    Ok(())
}

fn created(key: &Row) -> Event {
    let event = Event::new(Ledger::Team, AuditAction::KeyCreate)
        .on("key", key.id, &key.wanted.terms.name)
        .with("environment", key.wanted.environment.name())
        .with("start", key.start.as_str())
        .with("expires_at", key.expires_at.map(rfc3339));
    key.wanted.terms.recorded(event)
}
