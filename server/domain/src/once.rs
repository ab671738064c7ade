//! Requests that are done once however often they are sent: their sender names them
//! (`Idempotency-Key`), and the answer is kept for a day beside what was done, in one transaction.

use crate::{
    Change, Cx, Deps, Error, Result, View,
    crypto::{Owner, Place},
    policy::Actor,
    task::Task,
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::iter;
use time::Duration;
use uuid::Uuid;

/// How long an answer is kept, at least: then the next sweep removes it.
const KEPT: Duration = Duration::days(1);
/// Of two at once, the second finds this.
const TAKEN: &str = "api_answer_pkey";

/// A request that its sender named.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named {
    name: [u8; 32],
    request: [u8; 32],
}

impl Named {
    /// The name is part of both: what stands in a request, say an affiliate key, cannot be guessed
    /// at by whoever reads the table and does not know the name.
    pub(crate) fn new(name: &str, request: &[&[u8]]) -> Self {
        let mut whole = Sha256::new();
        for part in iter::once(&name.as_bytes()).chain(request) {
            whole.update((part.len() as u64).to_be_bytes());
            whole.update(part);
        }
        Self { name: Sha256::digest(name).into(), request: whole.finalize().into() }
    }
}

/// Does the work, or gives the answer of the time it was done. `T` is what the operation answers
/// with, `()` for one that keeps nothing.
///
/// # Errors
/// A sentence at `Idempotency-Key` when another request had this name; else what the work says.
pub async fn once<T: DeserializeOwned>(
    cx: &Cx,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    if let Some(answer) = find(cx).await? {
        return Ok(answer);
    }
    match work.await {
        Err(error) if error.is_constraint(TAKEN) => {
            find(cx).await?.ok_or(Error::Inconsistent("an answer vanished"))
        }
        other => other,
    }
}

async fn find<T: DeserializeOwned>(cx: &Cx) -> Result<Option<T>> {
    let Some((key, named)) = cx.key().zip(cx.named()) else { return Ok(None) };
    let team = cx.seat()?.id;
    let mut view = View::of_key(cx).await?;
    let found = sqlx::query!(
        "select id, request, sealed from api_answer
         where team_id = $1 and key_id = $2 and named = $3",
        team.0,
        key.id,
        named.name.as_slice()
    )
    .fetch_optional(view.sql())
    .await?;
    drop(view);
    let Some(found) = found else { return Ok(None) };
    if found.request != named.request {
        let said = "Another request came with this Idempotency-Key. Give each its own.";
        return Err(Error::field("Idempotency-Key", said));
    }
    let unreadable = Error::Inconsistent("the answer to a named request cannot be read");
    let Some(owner) = cx.deps().keyring().find(Owner::Team(team)).await? else {
        return Err(unreadable);
    };
    let answer = owner.open(&place(found.id), &found.sealed)?;
    serde_json::from_slice(&answer).map(Some).map_err(|_| unreadable)
}

/// Keeps the answer with the change that it is about, if the request has a name.
pub(crate) async fn keep(change: &mut Change, answer: &impl Serialize) -> Result<()> {
    let cx = change.cx().clone();
    let Some((key, named)) = cx.key().zip(cx.named()) else { return Ok(()) };
    let (team, id) = (cx.seat()?.id, cx.new_id());
    let answer = serde_json::to_vec(answer).expect("answers are plain data");
    let owner = cx.deps().keyring().key_of(Owner::Team(team)).await?;
    let sealed = owner.seal(cx.deps().random(), &place(id), &answer)?;
    sqlx::query!(
        "insert into api_answer (team_id, key_id, named, request, id, answered_at, sealed)
         values ($1, $2, $3, $4, $5, $6, $7)",
        team.0,
        key.id,
        named.name.as_slice(),
        named.request.as_slice(),
        id,
        cx.now(),
        sealed
    )
    .execute(change.sql())
    .await?;
    Ok(())
}

/// Removes answers whose day is over.
///
/// # Errors
/// When the database does not answer; the next sweep removes them then.
pub async fn sweep_answers(deps: &Deps) -> Result<()> {
    let cx = Cx::system(deps);
    let mut change = cx.change_as(Task::AnswerSweep, Actor::default()).await?;
    sqlx::query!("delete from api_answer where answered_at <= $1", cx.now() - KEPT)
        .execute(change.sql())
        .await?;
    change.commit_unaudited("nobody can ask for them any more").await
}

fn place(id: Uuid) -> Place {
    Place { table: "api_answer", column: "sealed", row: id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_request_is_not_told_by_its_hash_without_its_name() {
        let named = |name: &str| Named::new(name, &[b"POST", b"/v1/programs", b"halden-21"]);
        assert_eq!(named("a").request, named("a").request);
        assert_ne!(named("a").request, named("b").request);
    }
}
