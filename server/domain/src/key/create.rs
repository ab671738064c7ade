//! Making an API key. Its text leaves this file once, in the answer, and is not stored.

use crate::{
    Cx, Error, Result,
    crypto::token,
    event::{Event, Ledger, rfc3339},
    limit,
    security::{self, KeyKind},
    text,
};
use model::{
    AuditAction, KeyId, Limit, Permission,
    key::{Environment, NewKey, bounds},
    reveal::RevealedKey,
};
use secrecy::ExposeSecret;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// Makes a key for the team of `cx`.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.manage`; [`Error::Invalid`] names every wrong field.
pub async fn create(cx: &Cx, form: NewKey) -> Result<RevealedKey> {
    let wanted = Wanted::read(&form)?;
    cx.require(Permission::KeysManage)?;
    // Before the transaction: a limit needs a connection of its own, and whoever waits for a
    // second one while holding a first can wait for ever.
    limit::take(cx, Limit::KeyCreate, &cx.seat()?.id.to_string()).await?;
    let mut change = cx.change_confirmed(Permission::KeysManage).await?;
    security::refuse_key(change.sql(), cx, &wanted.kind()).await?;
    let (secret, start) = token::new_key(cx.deps().random(), wanted.environment);
    let key = Row {
        id: KeyId(cx.new_id()),
        secret_hash: token::hash(&secret),
        expires_at: cx.now() + Duration::days(wanted.days.into()),
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
        expires_at: Some(rfc3339(key.expires_at)),
        record,
    })
}

struct Wanted {
    name: String,
    environment: Environment,
    days: u16,
    /// From where it may be used, as the database keeps it.
    networks: String,
}

impl Wanted {
    const fn kind(&self) -> KeyKind {
        let (environment, days) = (self.environment, self.days);
        KeyKind { environment, days, is_open: self.networks.is_empty() }
    }

    fn read(form: &NewKey) -> Result<Self> {
        let mut check = text::Check::default();
        let name = check.field("name", text::name(&form.name, "the key", bounds::NAME));
        let environment = check.field(
            "environment",
            Environment::from_name(&form.environment)
                .ok_or_else(|| "Choose live or test.".to_owned()),
        );
        let days = check.field("days", days(&form.days));
        let networks = check.field("networks", security::parse_networks(&form.networks));
        check.done()?;
        match (name, environment, days, networks) {
            (Some(name), Some(environment), Some(days), Some(networks)) => {
                let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
                Ok(Self { name, environment, days, networks: networks.join(" ") })
            }
            _ => Err(Error::Inconsistent("a checked form lacks a field")),
        }
    }
}

fn days(typed: &str) -> std::result::Result<u16, String> {
    typed
        .trim()
        .parse()
        .ok()
        .filter(|days| (1..=bounds::DAYS_MOST).contains(days))
        .ok_or_else(|| format!("Enter a whole number of days from 1 to {}.", bounds::DAYS_MOST))
}

struct Row {
    id: KeyId,
    start: String,
    secret_hash: [u8; 32],
    expires_at: OffsetDateTime,
    wanted: Wanted,
}

async fn insert(sql: &mut PgConnection, cx: &Cx, key: &Row) -> Result<()> {
    let person = cx.person().ok_or(Error::Unauthenticated)?;
    sqlx::query!(
        "insert into api_key (team_id, id, name, environment, start, secret_hash,
                              created_at, created_by, expires_at, networks)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        cx.seat()?.id.0,
        key.id.0,
        key.wanted.name,
        key.wanted.environment.name(),
        key.start,
        key.secret_hash.as_slice(),
        cx.now(),
        person.0,
        key.expires_at,
        key.wanted.networks
    )
    .execute(sql)
    .await?;
    Ok(())
}

fn created(key: &Row) -> Event {
    Event::new(Ledger::Team, AuditAction::KeyCreate)
        .on("key", key.id, &key.wanted.name)
        .with("environment", key.wanted.environment.name())
        .with("start", key.start.as_str())
        .with("expires_at", rfc3339(key.expires_at))
        .with("networks", key.wanted.networks.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_few() {
        assert_eq!(days(" 90 "), Ok(90));
        for wrong in ["", "0", "366", "-1", "1.5", "ninety", "99999999999"] {
            let said = days(wrong).unwrap_err();
            assert_eq!(said, "Enter a whole number of days from 1 to 365.");
        }
    }
}
