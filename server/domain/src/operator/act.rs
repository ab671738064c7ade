//! One act of the operator: about whom, why, and its record in every ledger that it concerns.

use crate::{
    Cx, Deps, Error, Result,
    change::Change,
    event::{Event, Ledger},
    mail::{MailOwner, To},
    policy::Actor,
    task::Task,
    text,
};
use model::{AuditAction, PersonId};
use std::str::FromStr;
use uuid::Uuid;

/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 3..=200;

/// Whom it is about: an id or an e-mail address, as the operator typed it.
#[derive(Debug, Clone)]
pub struct Whom(pub String);

/// An act under way.
pub(crate) struct Act {
    pub(crate) change: Change,
    pub(super) to: To,
    person: Uuid,
    reason: String,
}

impl Act {
    /// Opens the change, if there is such a person and a reason.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown person; a sentence at `reason`.
    pub(crate) async fn begin(deps: &Deps, whom: &Whom, reason: &str) -> Result<Self> {
        let reason = read_reason(reason)?;
        let cx = Cx::system(deps);
        let (person, to) = find(&cx, whom).await?.ok_or(Error::NotFound)?;
        let about = Actor { person: Some(person), ..Actor::default() };
        let change = cx.change_as(Task::Operator, about).await?;
        Ok(Self { change, to, person, reason })
    }

    /// Ends every session of the person, and forgets their browsers; says how many sessions.
    pub(super) async fn sign_out(&mut self) -> Result<u64> {
        let (now, person) = (self.change.cx().now(), self.person);
        let ended = sqlx::query!(
            "update session set ended_at = $1 where person_id = $2 and ended_at is null",
            now,
            person
        )
        .execute(self.change.sql())
        .await?
        .rows_affected();
        sqlx::query!(
            "update device set trusted_until = null
             where person_id = $1 and trusted_until is not null",
            person
        )
        .execute(self.change.sql())
        .await?;
        Ok(ended)
    }

    /// Records it with its reason, and commits.
    pub(crate) async fn done(mut self, action: AuditAction) -> Result<()> {
        let event = Event::new(Ledger::Person, action)
            .on("person", PersonId(self.person), "")
            .with("reason", self.reason.as_str());
        self.change.record(event.clone().moved_to(Ledger::Instance)).await?;
        self.change.commit_in_teams(event).await
    }
}

/// Whom the operator means.
async fn find(cx: &Cx, whom: &Whom) -> Result<Option<(Uuid, To)>> {
    let typed = whom.0.trim();
    let id = PersonId::from_str(typed).map_or(Uuid::nil(), |id| id.0);
    let mut change = cx.change_as(Task::Operator, Actor::default()).await?;
    let found = sqlx::query!(
        "select id, name, email from person
         where (id = $1 or lower(email) = lower($2)) and deleted_at is null",
        id,
        typed
    )
    .fetch_optional(change.sql())
    .await?;
    change.commit_unaudited("looking changes nothing").await?;
    Ok(found.map(|row| {
        let to = To { email: row.email, name: row.name, owner: MailOwner::Person(row.id) };
        (row.id, to)
    }))
}

pub(crate) fn read_reason(typed: &str) -> Result<String> {
    let said = |message: String| Error::field("reason", message);
    let reason = text::name(typed, "it a reason, not", *REASON.end()).map_err(|_| {
        said("Give a reason of 3 to 200 characters: it stands in the record.".into())
    })?;
    if !REASON.contains(&reason.chars().count()) {
        return Err(said("Give a reason of 3 to 200 characters: it stands in the record.".into()));
    }
    Ok(reason)
}

#[cfg(test)]
mod tests {
    use super::read_reason;

    #[test]
    fn a_reason_is_said_in_words() {
        assert_eq!(read_reason("  lost   phone ").unwrap(), "lost phone");
        for wrong in ["", "  ", "x", "a\u{7}b\u{202e}", &"x".repeat(201)] {
            assert!(read_reason(wrong).is_err(), "{wrong:?}");
        }
    }
}
