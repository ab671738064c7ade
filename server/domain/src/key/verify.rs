//! Verifying a key: what the API in front of us asks on each of its requests.

use super::{first_use, state};
use crate::{Cx, Error, Result, crypto::token, event::rfc3339};
use ipnet::IpNet;
use model::{
    KeyId, TeamId, Typed,
    key::{Environment, Verdict, VerifyCode},
};
use secrecy::SecretString;
use std::net::IpAddr;
use time::OffsetDateTime;
use uuid::Uuid;

/// Whether this key is to be accepted, and whose it is. `ip`: where its bearer's request came from;
/// a key that names networks is accepted from these only, and never from an unknown one.
///
/// # Errors
/// When the database does not answer: a key that cannot be looked up is not accepted.
pub async fn verify(cx: &Cx, key: &Typed, ip: Option<IpAddr>) -> Result<Verdict> {
    if !token::is_key(key.expose()) {
        return Ok(Verdict::NOT_FOUND);
    }
    let hash = token::hash(&SecretString::from(key.expose()));
    let Some(found) = find(cx, &hash).await? else { return Ok(Verdict::NOT_FOUND) };
    let code = found.code(ip, cx.now())?;
    if code == VerifyCode::Valid && found.first_used_at.is_none() {
        first_use::record(cx, TeamId(found.team_id), KeyId(found.id)).await?;
    }
    cx.deps().usage().count(found.team_id, found.id, cx.now(), code == VerifyCode::Valid);
    found.verdict(code)
}

struct Found {
    team_id: Uuid,
    id: Uuid,
    name: String,
    environment: String,
    expires_at: Option<OffsetDateTime>,
    revoked_at: Option<OffsetDateTime>,
    first_used_at: Option<OffsetDateTime>,
    /// Apart by spaces; empty for anywhere.
    networks: String,
}

impl Found {
    /// Reasons in their fixed order, the first that holds is told.
    fn code(&self, ip: Option<IpAddr>, now: OffsetDateTime) -> Result<VerifyCode> {
        let code = state::of(self.revoked_at, self.expires_at, now).code();
        if code != VerifyCode::Valid || self.networks.is_empty() {
            return Ok(code);
        }
        let ip = ip.map(|ip| ip.to_canonical());
        for network in self.networks.split(' ') {
            let network: IpNet =
                network.parse().map_err(|_| Error::Inconsistent("a key's network"))?;
            if ip.is_some_and(|ip| network.contains(&ip)) {
                return Ok(VerifyCode::Valid);
            }
        }
        Ok(VerifyCode::ForbiddenIp)
    }

    /// What the caller is told. Of a key that is not found, nothing.
    fn verdict(self, code: VerifyCode) -> Result<Verdict> {
        if code == VerifyCode::NotFound {
            return Ok(Verdict::NOT_FOUND);
        }
        let environment = Environment::from_name(&self.environment)
            .ok_or(Error::Inconsistent("an unknown environment"))?;
        Ok(Verdict {
            valid: code == VerifyCode::Valid,
            code,
            key_id: Some(KeyId(self.id)),
            team_id: Some(TeamId(self.team_id)),
            name: Some(self.name),
            environment: Some(environment),
            expires_at: self.expires_at.map(rfc3339),
        })
    }
}

async fn find(cx: &Cx, hash: &[u8; 32]) -> Result<Option<Found>> {
    let found = sqlx::query_as!(
        Found,
        r#"select team_id as "team_id!", id as "id!", name as "name!",
                  environment as "environment!", expires_at, revoked_at, first_used_at,
                  networks as "networks!"
           from app.key_of($1)"#,
        hash.as_slice()
    )
    .fetch_optional(cx.deps().app().nobody())
    .await?;
    Ok(found)
}
