//! Transactions of somebody who may: one that reads, and one that ends with its audit event.

use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    once,
    policy::Actor,
    tx::Access,
};
use serde::Serialize;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

/// A transaction that only reads, of somebody who may.
pub struct View {
    transaction: Transaction<'static, Postgres>,
}

impl View {
    pub(crate) async fn open(cx: &Cx, actor: Actor) -> Result<Self> {
        Ok(Self { transaction: cx.deps().app().open(Access::Read, actor, cx.now()).await? })
    }

    /// All of it as it is at one moment.
    pub(crate) async fn still(cx: &Cx, actor: Actor) -> Result<Self> {
        Ok(Self { transaction: cx.deps().app().open(Access::Still, actor, cx.now()).await? })
    }

    /// The same for a task.
    pub(crate) async fn open_still(cx: &Cx, actor: Actor) -> Result<Self> {
        Ok(Self { transaction: cx.deps().job().open(Access::Still, actor, cx.now()).await? })
    }

    /// As the key that acts, for what is its own.
    pub(crate) async fn of_key(cx: &Cx) -> Result<Self> {
        Self::open(cx, cx.key_actor().ok_or(Error::Unauthenticated)?).await
    }

    /// Where to run a query.
    pub(crate) fn sql(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }
}

/// A transaction that alters something and ends with an audit event. Dropped without one, it
/// changes nothing.
#[must_use = "a change that is not committed did not happen"]
pub struct Change {
    transaction: Transaction<'static, Postgres>,
    actor: Actor,
    cx: Cx,
}

impl Change {
    pub(crate) async fn open(cx: &Cx, access: Access, actor: Actor) -> Result<Self> {
        let db = if actor.task.is_some() { cx.deps().job() } else { cx.deps().app() };
        let transaction = db.open(access, actor, cx.now()).await?;
        Ok(Self { transaction, actor, cx: cx.clone() })
    }

    /// Where to run a statement.
    pub(crate) fn sql(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// The request that this is part of.
    pub(crate) fn cx(&self) -> &Cx {
        &self.cx
    }

    /// The person who acts, or about whom a task acts.
    pub(crate) fn person(&self) -> Result<Uuid> {
        self.actor.person.ok_or(Error::Inconsistent("no person"))
    }

    /// The team that it is in.
    pub(crate) fn team(&self) -> Result<Uuid> {
        self.actor.team.ok_or(Error::Inconsistent("no team"))
    }

    /// Records one more event; the last one goes to [`Change::commit`].
    pub(crate) async fn record(&mut self, event: Event) -> Result<i64> {
        let ledger = match event.ledger() {
            Ledger::Team => self.actor.team.ok_or(Error::Inconsistent("no team to record in"))?,
            Ledger::Person => self.actor.person.ok_or(Error::Inconsistent("no person"))?,
            Ledger::Instance => Uuid::nil(),
        };
        event.append(&mut self.transaction, &self.cx, self.actor, ledger).await
    }

    /// Records the same event in every team that the person is in, always in the same order, so
    /// that two people who share teams cannot wait for each other.
    pub(crate) async fn record_in_teams(&mut self, event: &Event) -> Result<()> {
        let person = self.actor.person.ok_or(Error::Inconsistent("no person"))?;
        let teams = sqlx::query_scalar!(
            "select team_id from member where person_id = $1 order by team_id",
            person
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        for team in teams {
            let event = event.clone().moved_to(Ledger::Team);
            event.append(&mut self.transaction, &self.cx, self.actor, team).await?;
        }
        Ok(())
    }

    /// Records the event in the person's own ledger and in those of their teams, and commits.
    pub(crate) async fn commit_in_teams(mut self, event: Event) -> Result<()> {
        self.record_in_teams(&event).await?;
        self.commit(event).await.map(drop)
    }

    /// Records the event and commits both; returns the event's number in its ledger.
    pub(crate) async fn commit(mut self, event: Event) -> Result<i64> {
        let seq = self.record(event).await?;
        once::keep(&mut self, &()).await?;
        self.transaction.commit().await?;
        Ok(seq)
    }

    /// The same for what is answered with more than that it was done: given the event's number.
    pub(crate) async fn commit_answering<T: Serialize>(
        mut self,
        event: Event,
        answer: impl FnOnce(i64) -> T,
    ) -> Result<T> {
        let answer = answer(self.record(event).await?);
        once::keep(&mut self, &answer).await?;
        self.transaction.commit().await?;
        Ok(answer)
    }

    /// Commits without a record. For counters and the like, which no ledger guards.
    pub(crate) async fn commit_unaudited(self, reason: &'static str) -> Result<()> {
        tracing::trace!(reason, "committed without an audit event");
        Ok(self.transaction.commit().await?)
    }
}
