//! Issuing many keys at once, by the operator: for whoever moves here with customers, and for
//! measuring.

use crate::{Deps, Error, Result, crypto::token, event::rfc3339, operator::TeamAct};
use model::{
    AuditAction,
    key::{Environment, bounds},
};
use secrecy::SecretString;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Keys of one call at most.
pub const ISSUE_MOST: u32 = 1_000_000;
/// Rows that are written at once.
const CHUNK: usize = 10_000;

/// What is to be issued.
#[derive(Debug, Clone)]
pub struct Issue {
    /// The team's slug.
    pub team: String,
    pub count: u32,
    /// Each is called so, with its number.
    pub name: String,
    pub environment: Environment,
    /// Days that they last; none for no end.
    pub days: Option<u16>,
    /// Why; it stands in the record.
    pub reason: String,
}

/// Makes the keys, all or none, with one record, and gives their texts.
///
/// # Errors
/// [`Error::NotFound`] for an unknown team; a sentence at `count`, `days`, `name` or `reason`.
pub async fn issue(deps: &Deps, wanted: &Issue) -> Result<Vec<SecretString>> {
    if !(1..=ISSUE_MOST).contains(&wanted.count) {
        return Err(Error::field("count", format!("Issue 1 to {ISSUE_MOST} keys at once.")));
    }
    if wanted.days.is_some_and(|days| !(1..=bounds::DAYS_MOST).contains(&days)) {
        return Err(Error::field("days", format!("Keys last 1 to {} days.", bounds::DAYS_MOST)));
    }
    let name = wanted.name.trim();
    if name.is_empty() || name.chars().count() > bounds::NAME - 8 {
        return Err(Error::field("name", "Name the keys in 1 to 52 characters."));
    }
    let mut act = TeamAct::begin(deps, &wanted.team, &wanted.reason).await?;
    let now = act.change.cx().now();
    let ends = wanted.days.map(|days| now + Duration::days(days.into()));
    let mut secrets = Vec::new();
    for number in 1..=wanted.count {
        secrets.push((number, token::new_key(deps.random(), wanted.environment)));
    }
    for chunk in secrets.chunks(CHUNK) {
        let rows = Rows::of(&act, name, chunk);
        rows.insert(&mut act, wanted.environment, (now, ends)).await?;
    }
    act.done(AuditAction::KeyIssue, |event| {
        event
            .with("count", wanted.count)
            .with("name", name)
            .with("environment", wanted.environment.name())
            .with("expires_at", ends.map(rfc3339))
    })
    .await?;
    Ok(secrets.into_iter().map(|(_, (secret, _))| secret).collect())
}

/// A chunk, by columns.
struct Rows {
    ids: Vec<Uuid>,
    names: Vec<String>,
    starts: Vec<String>,
    hashes: Vec<Vec<u8>>,
}

impl Rows {
    fn of(act: &TeamAct, name: &str, chunk: &[(u32, (SecretString, String))]) -> Self {
        let cx = act.change.cx();
        Self {
            ids: chunk.iter().map(|_| cx.new_id()).collect(),
            names: chunk.iter().map(|(number, _)| format!("{name} {number}")).collect(),
            starts: chunk.iter().map(|(_, (_, start))| start.clone()).collect(),
            hashes: chunk.iter().map(|(_, (secret, _))| token::hash(secret).to_vec()).collect(),
        }
    }

    async fn insert(
        self,
        act: &mut TeamAct,
        environment: Environment,
        (made, ends): (OffsetDateTime, Option<OffsetDateTime>),
    ) -> Result<()> {
        let team = act.id;
        sqlx::query!(
            "insert into api_key (team_id, id, name, environment, start, secret_hash, created_at,
                                  expires_at)
             select $1, id, name, $2, start, hash, $3, $4
             from unnest($5::uuid[], $6::text[], $7::text[], $8::bytea[])
                 as made (id, name, start, hash)",
            team,
            environment.name(),
            made,
            ends,
            &self.ids,
            &self.names,
            &self.starts,
            &self.hashes
        )
        .execute(act.change.sql())
        .await?;
        Ok(())
    }
}
