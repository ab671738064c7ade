//! What slows down whoever guesses, and not whoever knows.
//!
//! * **Per account**: five tries are free, then each waits twice as long as the one before, at
//!   most 15 minutes. A browser that the person has signed in with before has a curve of its own,
//!   and a passkey needs none: an attacker cannot keep the owner out.
//! * **Per address**: two limits, one over a quarter of an hour and one over a day; only failures
//!   count in the end.
//!
//! Every try counts as failed before its password is looked at, and is given back when it was
//! right: many at once gain nothing.

use super::super::{device::Known, mailbox};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    limit,
    mail::{self, Letter},
    policy::Actor,
    task::Task,
};
use model::{AuditAction, Limit, PersonId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The ladder of one network address.
const LADDER: [Limit; 2] = [Limit::SignInAddress, Limit::SignInAddressDay];

/// A try that was counted as failed for now.
pub(super) struct Try {
    subject: [u8; 32],
}

/// Whether a try may go on.
pub(super) enum Pace {
    Go(Try),
    Wait { seconds: u32 },
}

/// Counts a try at the account of `email`.
///
/// # Errors
/// [`Error::TooMany`] when this network address has failed too often, whichever account it was.
pub(super) async fn begin(cx: &Cx, email: &str, device: Option<&Known>) -> Result<Pace> {
    for rung in LADDER {
        limit::take_by_address(cx, rung).await?;
    }
    let tried = device.map_or_else(|| Try::at_account(email), Try::in_browser);
    match take(cx, &tried.subject).await? {
        0 => Ok(Pace::Go(tried)),
        seconds => Ok(Pace::Wait { seconds }),
    }
}

/// Counts a wrong second factor on the same curve: who knows the password does not guess faster.
pub(super) async fn count(cx: &Cx, email: &str) -> Result<()> {
    take(cx, &Try::at_account(email).subject).await.map(drop)
}

/// What begins without an account being named: it only climbs the ladder.
pub(in crate::account) async fn climb(cx: &Cx) -> Result<()> {
    for rung in LADDER {
        limit::take_by_address(cx, rung).await?;
    }
    Ok(())
}

impl Try {
    /// In a browser that is not known.
    pub(super) fn at_account(email: &str) -> Self {
        Self { subject: subject("account", &email.to_lowercase()) }
    }

    /// In one that is.
    pub(super) fn in_browser(known: &Known) -> Self {
        Self { subject: subject("device", &known.id.to_string()) }
    }

    /// It was right: its curve begins anew.
    pub(super) async fn forgive(self, cx: &Cx) -> Result<()> {
        sqlx::query!("select app.clear_curve($1)", self.subject.as_slice())
            .execute(cx.deps().app().nobody())
            .await?;
        Ok(())
    }
}

/// The address gets its try back.
pub(in crate::account) async fn descend(cx: &Cx) -> Result<()> {
    for rung in LADDER {
        limit::give_back_by_address(cx, rung).await?;
    }
    Ok(())
}

/// Tells the owner of an account, once an hour, that sign-ins to it are slowed down; an address
/// without an account leaves a record too.
pub(super) async fn tell_once(cx: &Cx, email: &str, person: Option<Uuid>) -> Result<()> {
    match limit::take(cx, Limit::SignInBlocked, email).await {
        Ok(()) => {}
        Err(Error::TooMany { .. }) => return Ok(()),
        Err(other) => return Err(other),
    }
    let about = Actor { person, ..Actor::default() };
    let mut change = cx.change_as(Task::SignInRefuse, about).await?;
    let Some(person) = person else {
        let event = Event::new(Ledger::Instance, AuditAction::SessionBlock).refused();
        return change.commit(event).await.map(drop);
    };
    let to = mailbox::own(&mut change).await?;
    mail::post(&mut change, &to, Letter::SignInBlocked { at: cx.now() }).await?;
    let event = Event::new(Ledger::Person, AuditAction::SessionBlock)
        .on("person", PersonId(person), "")
        .refused();
    change.commit_in_teams(event).await
}

/// Seconds to wait; 0 when the try may go on.
async fn take(cx: &Cx, subject: &[u8; 32]) -> Result<u32> {
    let wait = sqlx::query_scalar!(
        r#"select app.take_curve($1, $2) as "wait!""#,
        subject.as_slice(),
        cx.now()
    )
    .fetch_one(cx.deps().app().nobody())
    .await?;
    u32::try_from(wait).map_err(|_| Error::Inconsistent("a negative wait"))
}

/// A hash, so that the table holds no address.
fn subject(kind: &str, name: &str) -> [u8; 32] {
    Sha256::new_with_prefix(kind).chain_update("|").chain_update(name).finalize().into()
}
