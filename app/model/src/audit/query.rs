//! What the audit log is searched for: a line of words, of which those like `action:key.*` say where
//! to look.

use super::{AuditAction, Net, Outcome, days, read};
use crate::{page::PageSize, place::Country};
use serde::{Deserialize, Serialize};

/// Characters of a search.
pub const QUERY_LONGEST: usize = 500;

/// What is asked of the log. In the address of its page, so that it can be kept and passed on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// The line as it was typed.
    pub q: String,
    /// The line as the form showed it: what was chosen beside it meant the same then.
    pub was: String,
    /// A [`super::Category`]; empty for all.
    pub category: String,
    /// An [`Outcome`]; empty for both.
    pub outcome: String,
    /// A [`super::Severity`]; empty for all.
    pub severity: String,
    /// What the fields of these names shall say; empty for nothing.
    pub action: String,
    pub actor: String,
    pub target: String,
    pub ip: String,
    pub country: String,
    /// The first and the last day, like `2026-01-31`; empty for any.
    pub since: String,
    pub until: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// None for the usual one; pages in the browser do not choose.
    #[serde(skip)]
    pub size: Option<PageSize>,
}

impl AuditQuery {
    /// One line that says all of it: a choice that was altered takes the place of the words that say
    /// something else, and a line that was altered stands.
    pub fn line(&self) -> String {
        let mut line = self.q.trim().to_owned();
        for (field, chosen) in
            [("category", &self.category), ("outcome", &self.outcome), ("severity", &self.severity)]
        {
            if *chosen != read::chosen(&self.was, field) {
                line = read::replaced(&line, field, chosen);
            }
        }
        let written = [
            ("action", &self.action),
            ("actor", &self.actor),
            ("target", &self.target),
            ("ip", &self.ip),
            ("country", &self.country),
        ];
        for (field, written) in written {
            if written.trim() != read::said(&self.was, field) {
                line = read::replaced(&line, field, &read::quoted(written.trim()));
            }
        }
        let (since, until) = days::chosen(&self.was);
        if (self.since.trim(), self.until.trim()) != (&since, &until) {
            let word = days::word((self.since.trim(), self.until.trim()));
            line = read::replaced(&line, "created", &word);
        }
        line
    }

    /// The first and the last day that a line says, if they can be chosen beside it; else nothing.
    pub fn days(line: &str) -> (String, String) {
        days::chosen(line)
    }

    /// A line with these days instead of those that it says.
    pub fn on_days(line: &str, first: &str, last: &str) -> String {
        read::replaced(line, "created", &days::word((first, last)))
    }

    /// What a line says of category, outcome or severity, if it can be chosen beside it; else nothing.
    pub fn chosen(line: &str, field: &str) -> &'static str {
        read::chosen(line, field)
    }

    /// What a line says of a field whose values are written, if it can be written beside it; else nothing.
    pub fn said(line: &str, field: &str) -> String {
        read::said(line, field)
    }
}

/// A search that was understood. Of several values of one field any will do; all fields must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// None for all actions, also those that this program does not know.
    pub actions: Option<Vec<AuditAction>>,
    pub not_actions: Vec<AuditAction>,
    /// Actions of the customer's own: `app.invoice.paid`, or `app.invoice.` and a star for all that begin
    /// so.
    pub own_actions: Vec<String>,
    pub not_own_actions: Vec<String>,
    pub outcome: Option<Outcome>,
    pub actors: Vec<SoughtActor>,
    pub not_actors: Vec<SoughtActor>,
    /// Ids, as records write them.
    pub targets: Vec<String>,
    pub not_targets: Vec<String>,
    /// Where from.
    pub nets: Vec<Net>,
    pub not_nets: Vec<Net>,
    pub countries: Vec<Country>,
    pub not_countries: Vec<Country>,
    /// `req_…`
    pub requests: Vec<String>,
    pub not_requests: Vec<String>,
    /// From the latest of these on …
    pub since: Vec<Day>,
    /// … until the earliest of these.
    pub until: Vec<Day>,
    /// Each stands somewhere in what the record says, in the name of who did it or in the heading of the
    /// action, whatever the case of its letters; or it is an id, as a whole.
    pub words: Vec<String>,
    pub not_words: Vec<String>,
}

/// What can act.
pub const ACTOR_KINDS: [&str; 3] = ["person", "key", "system"];

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SoughtActor {
    /// Whoever asks.
    Me,
    /// `person`, `key` or `system`.
    Kind(&'static str),
    /// `person_…` or `key_…`.
    Id(String),
    /// Part of a name.
    Name(String),
}

/// The beginning of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// `2026-01-31`
    pub day: String,
    /// Of the day after it.
    pub next: bool,
}

impl Search {
    /// Reads a line.
    ///
    /// # Errors
    /// A sentence that names the word which is not understood.
    pub fn parse(line: &str) -> Result<Self, String> {
        read::search(line)
    }

    /// Whether everything is wanted.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}
