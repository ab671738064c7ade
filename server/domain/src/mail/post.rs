//! Posting a letter: it lies in the outbox when the change that caused it is committed.

use super::{
    Letter,
    open::{Content, place},
    render::{Reader, one_line, render},
};
use crate::{Change, Cx, Result, crypto::Owner, policy::Actor, task::Task};
use model::PersonId;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Who a letter is for.
pub struct To {
    /// The address.
    pub email: String,
    /// The person's name; not used in letters to addresses that nobody has confirmed.
    pub name: String,
    pub owner: MailOwner,
}

/// Whose data key a letter is sealed under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailOwner {
    /// The person's own: erasing them erases it too.
    Person(Uuid),
    /// The instance's: for people who have no account yet, or no longer.
    Instance,
}

impl MailOwner {
    pub(super) fn key(self) -> Owner {
        match self {
            Self::Person(id) => Owner::Person(PersonId(id)),
            Self::Instance => Owner::Instance,
        }
    }

    /// Kind and id, as the table has them.
    const fn columns(self) -> (&'static str, Option<Uuid>) {
        match self {
            Self::Person(id) => ("person", Some(id)),
            Self::Instance => ("instance", None),
        }
    }
}

/// Posts a letter as part of `change`: it is sent if, and only if, the change is committed.
///
/// # Errors
/// When the keyring or the database does not answer; the change must then not be committed.
pub async fn post(change: &mut Change, to: &To, letter: Letter) -> Result<()> {
    write(change, to, letter, None).await.map(drop)
}

/// The same for the team that `change` is in, which then sees what becomes of it: by its id, unless
/// nothing is mailed here.
///
/// # Errors
/// As [`post`].
pub async fn post_traced(change: &mut Change, to: &To, letter: Letter) -> Result<Option<Uuid>> {
    let team = change.team()?;
    write(change, to, letter, Some(team)).await
}

async fn write(
    change: &mut Change,
    to: &To,
    letter: Letter,
    team: Option<Uuid>,
) -> Result<Option<Uuid>> {
    let cx = change.cx().clone();
    if cx.deps().mailer().is_mute() {
        return Ok(None);
    }
    let row = Row::of(&cx, to, &letter).await?;
    insert(change.sql(), &row, team).await?;
    Ok(Some(row.id))
}

/// Posts a letter that no change causes, in a transaction of its own.
///
/// # Errors
/// When the keyring or the database does not answer.
pub async fn post_alone(cx: &Cx, to: &To, letter: Letter) -> Result<()> {
    let mut change = cx.change_as(Task::MailSend, Actor::default()).await?;
    post(&mut change, to, letter).await?;
    change.commit_unaudited("a letter changes nothing by itself").await
}

struct Row {
    id: Uuid,
    owner: MailOwner,
    letter: &'static str,
    sealed: Vec<u8>,
    at: OffsetDateTime,
}

impl Row {
    async fn of(cx: &Cx, to: &To, letter: &Letter) -> Result<Self> {
        let (id, at, deps) = (cx.new_id(), cx.now(), cx.deps());
        let name = if letter.knows_its_reader() { one_line(&to.name) } else { String::new() };
        let reader = Reader { name: &name, public_url: deps.public_url(), at };
        let content = Content::of(&to.email, &name, render(letter, &reader));
        let key = deps.keyring().key_of(to.owner.key()).await?;
        let sealed = key.seal(deps.random(), &place(id), &content.bytes())?;
        Ok(Self { id, owner: to.owner, letter: letter.name(), sealed, at })
    }
}

async fn insert(sql: &mut PgConnection, row: &Row, team: Option<Uuid>) -> Result<()> {
    let (kind, owner) = row.owner.columns();
    sqlx::query!(
        "insert into mail (id, owner_kind, owner_id, letter, sealed, created_at, next_at, for_team)
         values ($1, $2, $3, $4, $5, $6, $6, $7)",
        row.id,
        kind,
        owner,
        row.letter,
        row.sealed,
        row.at,
        team
    )
    .execute(sql)
    .await?;
    Ok(())
}
