//! API keys: made, listed, rotated, switched off, revoked; verified and counted.

mod admit;
mod cache;
mod create;
mod first_use;
mod issue;
mod known;
mod list;
mod listen;
mod look_up;
mod meter;
mod remind;
mod revoke;
mod rotate;
pub mod scan;
mod state;
mod switch;
mod terms;
mod update;
mod usage;
mod verify;
mod wanted;

pub use admit::admit;
pub use create::create;
pub use issue::{ISSUE_MOST, Issue, issue};
pub use known::{Ask, Known};
pub use list::{find, list};
pub use listen::listen;
pub(crate) use listen::tell_team;
pub use meter::Left;
pub use remind::{remind_ends, remind_quotas};
pub use revoke::revoke;
pub use rotate::{end_overlap, rotate};
pub use switch::{disable, enable};
pub use update::update;
pub use usage::{Journal, flush_usage, sweep_usage};
pub use verify::{Verdict, verify, verify_all};

pub(crate) use cache::Cache;
pub(crate) use usage::Usage;

use crate::{Cx, Deps, Error, Result, limit};
use model::{KeyId, Limit, TeamId};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What every program that verifies keys forgets of one that was altered; called before whoever
/// altered it is answered.
fn forget(deps: &Deps, key: KeyId) {
    deps.keys().forget_key(key);
}

/// The same of all keys of a team whose policy was altered.
pub(crate) fn forget_team(deps: &Deps, team: TeamId) {
    deps.keys().forget_team(team);
}

/// Counts a new secret that a person asks for; what keys ask for was counted when they came in.
///
/// Before the transaction: a limit needs a connection of its own, and whoever waits for a second
/// one while holding a first can wait for ever.
async fn take_turn(cx: &Cx) -> Result<()> {
    if cx.key().is_some() {
        return Ok(());
    }
    limit::take(cx, Limit::KeyCreate, &cx.seat()?.id.to_string()).await
}

/// Refuses a key that would change itself: it could not tell of it any more.
fn refuse_itself(cx: &Cx, id: KeyId) -> Result<()> {
    match cx.key().filter(|key| key.id == id.0) {
        Some(_) => Err(Error::Conflict("No key changes itself. Use another one.".into())),
        None => Ok(()),
    }
}

/// Returns what this program has taken of quotas and not spent. At the end.
///
/// # Errors
/// The first failure; the others were still tried.
pub async fn return_quotas(deps: &Deps) -> Result<()> {
    let mut first_failure = Ok(());
    for (team, key, meter) in deps.keys().meters() {
        let (month, left) = meter.empty();
        if left > 0 {
            let returned = meter::give_back(deps, (team, key), month, left).await;
            first_failure = first_failure.and(returned);
        }
    }
    first_failure
}

/// The lock, also after a panic: what these hold is true between any two statements.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
