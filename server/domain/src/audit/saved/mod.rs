//! Searches of the log, kept under a name: a person's own, and the team's.
//!
//! Who may: everybody keeps their own and nobody else sees them. Those of the team are seen by who sees
//! the whole log (`audit.view`) and kept by who also holds `team.update`. A line is read when it is
//! saved: one that is not understood is not kept. At most 50 of each.

mod edit;
mod list;
mod remove;
mod save;

pub use edit::edit;
pub use list::list;
pub use remove::remove;
pub use save::save;

use crate::{
    Cx, Error, Result,
    change::Change,
    event::{Event, Ledger},
    member, text,
};
use model::{
    AuditAction, Permission, SearchId,
    audit::{QUERY_LONGEST, SAVED_MOST, SAVED_NAME, Search, Whose},
};
use uuid::Uuid;

/// What the database raises for a search too many.
const TOO_MANY: &str = "PB013";

/// Name and line, if they can be kept.
fn read(name: &str, line: &str) -> Result<(String, String)> {
    let mut check = text::Check::default();
    let name = check.field("name", text::name(name, "the search", SAVED_NAME));
    let line = check.field("search", read_line(line));
    check.done()?;
    name.zip(line).ok_or(Error::Inconsistent("a checked form lacks a field"))
}

fn read_line(typed: &str) -> std::result::Result<String, String> {
    let line = typed.trim();
    if line.is_empty() {
        return Err("Say what to look for: everything needs no search.".to_owned());
    }
    if line.chars().count() > QUERY_LONGEST || line.contains('\0') {
        return Err(format!("Use at most {QUERY_LONGEST} characters, none of them zero."));
    }
    Search::parse(line).map(|_| line.to_owned())
}

/// Whose a form says that it is.
fn whose(word: &str) -> Result<Whose> {
    Whose::from_name(word)
        .ok_or_else(|| Error::field("whose", "Choose whether it is yours or the team's."))
}

/// A change of the team's searches.
async fn of_team(cx: &Cx) -> Result<Change> {
    cx.require(Permission::AuditView)?;
    let mut change = cx.change(Permission::TeamUpdate).await?;
    member::hold(change.sql(), cx).await?;
    Ok(change)
}

/// Whose the searches are that one keeps for oneself. A key has none.
fn own(cx: &Cx) -> Result<Uuid> {
    Ok(cx.person().ok_or(Error::Unauthenticated)?.0)
}

fn event(action: AuditAction, id: SearchId, name: &str) -> Event {
    Event::new(Ledger::Team, action).on("search", id, name)
}

/// Why nobody is told of a change of one's own.
const OWN: &str = "a search that somebody keeps for themself touches nobody else";

/// What was refused by the database, in sentences.
fn refused(error: sqlx::Error) -> Error {
    let error = Error::from(error);
    if error.is_code(TOO_MANY) {
        let said =
            format!("{SAVED_MOST} searches are saved, and no more can be. Remove one first.");
        return Error::Conflict(said);
    }
    if error.is_constraint("own_search_name") || error.is_constraint("team_search_name") {
        return Error::field("name", "A search of this name is saved already. Choose another.");
    }
    error
}
