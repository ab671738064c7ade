//! Which rows each actor may touch: the one table behind `policies.sql`.
//!
//! `policies.sql` is generated from [`tables`] and `model::Permission` by [`sql`] and committed;
//! `./dev generate` writes it anew and a test holds it current. The expressions repeat what the
//! guard in `cx.rs` has checked: either alone is enough, and tests take away the other.

mod sql;
mod tables;

pub use sql::{digest, sql};
pub use tables::tables;

use crate::{crypto::hex, task::Task, tx::Access};
use model::Permission;
use sqlx::AssertSqlSafe;
use std::{fmt::Display, net::IpAddr};
use time::OffsetDateTime;
use uuid::Uuid;

/// A table and who may do what to its rows.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    /// Which ledger must hear of an alteration.
    pub guard: Option<Guard>,
    pub policies: &'static [Policy],
    /// What the lookups of migration 0006, which run as the owner, do with it.
    pub internal: &'static [Command],
}

/// Alterations of this table are refused without an event in this ledger.
#[derive(Debug)]
pub struct Guard {
    /// `team` or `person`.
    pub ledger: &'static str,
    /// The column that names the team or person.
    pub column: &'static str,
    /// The alterations that count, in the words of `create trigger`.
    pub on: &'static str,
}

/// One thing that one role may do.
#[derive(Debug)]
pub struct Policy {
    pub command: Command,
    /// Columns it is granted for; empty means all.
    pub columns: &'static str,
    pub rule: Rule,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Select,
    Insert,
    Update,
    Delete,
}

impl Command {
    const fn word(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// Which rows.
#[derive(Debug)]
pub enum Rule {
    /// Rows of the current team, for whoever holds the permission.
    May(Permission),
    /// The same, and this must hold too.
    MayAnd(Permission, &'static str),
    /// Rows whose column names the person who acts.
    Own(&'static str),
    /// Said in SQL, where no word above fits.
    Sql(&'static str),
    /// Rows of the current team, for this background task.
    Task(Task),
    /// Rows of all teams, for this background task, as far as the SQL says.
    TaskSql(Task, &'static str),
    /// For whichever background task, as far as the SQL says.
    AnyTask(&'static str),
}

/// Opens a transaction in which the database knows who acts and when, in one round trip. The
/// values are ids, hashes, times and our own words, never text from outside.
///
/// A change made in a session or with a key holds it: it fails if that has ended, and who ends it
/// waits until the change is done.
pub(crate) fn open(access: Access, actor: &Actor, at: OffsetDateTime) -> AssertSqlSafe<String> {
    let mut text = String::from(match access {
        Access::Read => "begin read only",
        Access::Still => "begin isolation level repeatable read, read only",
        Access::Write | Access::Alone => "begin",
    });
    let mut set = |name: &str, value: &dyn Display| {
        text.push_str(&format!("; set local app.{name} = '{value}'"));
    };
    set("at", &crate::event::rfc3339(at));
    let ids = [("team", actor.team), ("person", actor.person)];
    ids.into_iter().filter_map(|(name, id)| Some((name, id?))).for_each(|(n, id)| set(n, &id));
    if let Some(task) = actor.task {
        set("task", &task.name());
    }
    if let Some(ip) = actor.ip {
        set("ip", &ip);
    }
    if let Some(session) = actor.session {
        set("session", &hex(&session));
    }
    if let Some(key) = actor.key {
        set("key", &hex(&key.hash));
    }
    AssertSqlSafe(text)
}

/// What keeps the session or the key of a transaction that writes from ending before it does.
pub(crate) fn hold(access: Access, actor: &Actor) -> Option<&'static str> {
    match (access, actor.session, actor.key) {
        (Access::Read | Access::Still, ..) | (_, None, None) => None,
        (_, _, Some(_)) => Some("select app.hold_key()"),
        (Access::Write, Some(_), None) => Some("select app.hold_session(false)"),
        (Access::Alone, Some(_), None) => Some("select app.hold_session(true)"),
    }
}

/// Who acts, in the database's words.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Actor {
    pub(crate) team: Option<Uuid>,
    pub(crate) person: Option<Uuid>,
    pub(crate) task: Option<Task>,
    /// The hash of the session that the person acts in.
    pub(crate) session: Option<[u8; 32]>,
    /// The API key that acts; then no person does.
    pub(crate) key: Option<ActingKey>,
    /// Where the request comes from.
    pub(crate) ip: Option<IpAddr>,
}

/// An API key that acts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ActingKey {
    pub(crate) id: Uuid,
    /// Of its text.
    pub(crate) hash: [u8; 32],
}
