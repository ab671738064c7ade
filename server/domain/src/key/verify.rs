//! Verifying a key: what the API in front of us asks on each of its requests.

use super::{first_use, state};
use crate::{Cx, Error, Result, crypto::token, event::rfc3339};
use model::{
    KeyId, TeamId, Typed,
    key::{Environment, Verdict, VerifyCode},
};
use secrecy::SecretString;
use time::OffsetDateTime;
use uuid::Uuid;

/// Whether this key is to be accepted, and whose it is.
///
/// # Errors
/// When the database does not answer: a key that cannot be looked up is not accepted.
pub async fn verify(cx: &Cx, key: &Typed) -> Result<Verdict> {
    if !token::is_key(key.expose()) {
        return Ok(Verdict::NOT_FOUND);
    }
    let hash = token::hash(&SecretString::from(key.expose()));
    let Some(found) = find(cx, &hash).await? else { return Ok(Verdict::NOT_FOUND) };
    let code = state::of(found.revoked_at, found.expires_at, cx.now()).code();
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
}

impl Found {
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
                  environment as "environment!", expires_at, revoked_at, first_used_at
           from app.key_of($1)"#,
        hash.as_slice()
    )
    .fetch_optional(cx.deps().app().nobody())
    .await?;
    Ok(found)
}
