//! Sending what is due: claimed in one short transaction, sent outside of any, recorded in another.

use super::{Mail, MailError, open::open, outcome::Outcome};
use crate::{Cx, Deps, Result, policy::Actor, task::Task};
use futures::{StreamExt, stream};
use std::time::Duration;
use time::OffsetDateTime;
use tokio::time::timeout;
use uuid::Uuid;

/// Letters claimed at once.
const CLAIM: i64 = 20;
/// Letters on their way at the same time.
const AT_ONCE: usize = 4;
/// How long a server may take over one letter.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a claim keeps others away: longer than all of it can take. After a crash, it is tried
/// again when this is over.
const LEASE: Duration = Duration::from_secs(5 * 60);

/// Sends what is due, at least once: a letter whose sending was not recorded is sent again, under
/// the same id.
///
/// # Errors
/// When the database or the keyring does not answer. A mail server that does not is no error here:
/// its letters are tried again later.
pub async fn send_due(deps: &Deps) -> Result<()> {
    let claims = claim(deps).await?;
    let done = stream::iter(claims)
        .map(|claim| deliver(deps.clone(), claim))
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    done.into_iter().collect()
}

/// A letter that nobody else sends now.
pub(super) struct Claim {
    pub(super) id: Uuid,
    pub(super) owner_kind: String,
    pub(super) owner_id: Option<Uuid>,
    pub(super) sealed: Vec<u8>,
    pub(super) created_at: OffsetDateTime,
    letter: String,
    /// Which try this is, from 1.
    tries: i32,
}

/// Rows that another process is claiming are passed over; those it has claimed are not due.
async fn claim(deps: &Deps) -> Result<Vec<Claim>> {
    let mut change = Cx::system(deps).change_as(Task::MailSend, Actor::default()).await?;
    let now = deps.clock().now();
    let claims = sqlx::query_as!(
        Claim,
        r#"with due as materialized (
               select id from mail
               where sent_at is null and failed_at is null and next_at <= $1
               order by next_at limit $2 for update skip locked
           )
           update mail m set tries = m.tries + 1, next_at = $3 from due where m.id = due.id
           returning m.id, m.owner_kind, m.owner_id, m.sealed as "sealed!", m.created_at,
                     m.letter, m.tries"#,
        now,
        CLAIM,
        now + LEASE
    )
    .fetch_all(change.sql())
    .await?;
    change.commit_unaudited("what caused a letter was recorded then").await?;
    Ok(claims)
}

async fn deliver(deps: Deps, claim: Claim) -> Result<()> {
    let outcome = match open(&deps, &claim).await? {
        Some(mail) => Outcome::of(attempt(&deps, &mail).await, claim.tries),
        None => Outcome::GivenUp("The letter can no longer be opened: its person is gone.".into()),
    };
    log(&claim, &outcome);
    record(&deps, &claim, outcome).await
}

async fn attempt(deps: &Deps, mail: &Mail) -> std::result::Result<(), MailError> {
    let sent = timeout(PATIENCE, deps.mailer().send(mail)).await;
    sent.unwrap_or_else(|_| Err(MailError::temporary("The mail server did not answer in time.")))
}

fn log(claim: &Claim, outcome: &Outcome) {
    let Claim { id, letter, tries, .. } = claim;
    match outcome {
        Outcome::Sent => tracing::debug!(%id, letter, tries, "A mail was sent."),
        Outcome::Later(wait, cause) => {
            let wait = wait.as_secs();
            tracing::warn!(%id, letter, tries, cause, wait, "A mail was not sent: tried again.");
        }
        Outcome::GivenUp(cause) => {
            tracing::warn!(%id, letter, tries, cause, "A mail was not sent and is given up.");
        }
    }
}

/// Only while the claim is still ours: `tries` tells.
async fn record(deps: &Deps, claim: &Claim, outcome: Outcome) -> Result<()> {
    let now = deps.clock().now();
    let (sent_at, failed_at, next_at, error) = match outcome {
        Outcome::Sent => (Some(now), None, None, None),
        Outcome::Later(wait, said) => (None, None, Some(now + wait), Some(said)),
        Outcome::GivenUp(said) => (None, Some(now), None, Some(said)),
    };
    let mut change = Cx::system(deps).change_as(Task::MailSend, Actor::default()).await?;
    sqlx::query!(
        "update mail set sent_at = $3, failed_at = $4, next_at = coalesce($5, next_at),
             last_error = $6,
             sealed = case when $3::timestamptz is null and $4::timestamptz is null then sealed end
         where id = $1 and tries = $2 and sent_at is null and failed_at is null",
        claim.id,
        claim.tries,
        sent_at,
        failed_at,
        next_at,
        error
    )
    .execute(change.sql())
    .await?;
    change.commit_unaudited("what caused a letter was recorded then").await
}
