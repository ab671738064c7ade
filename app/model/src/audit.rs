//! The audit log: what is written to it, how it is searched, and how it is shown.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal, $title:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $(#[doc = $title] $variant,)*
        }

        impl $name {
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$variant,)*];

            /// As searches and programs write it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// As people read it.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What is called `name`.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.name() == name)
            }
        }
    };
}

mod action;
mod days;
mod export;
mod net;
mod own;
mod query;
mod read;
mod saved;
mod stream;
mod word;

use crate::place::Country;
pub use action::AuditAction;
pub use export::{
    ExportLink, ExportPage, ExportQuery, ExportRow, ExportState, ExportsPage, OneExport,
    StartExport, manifest_name,
};
pub use net::{Net, NoNet};
pub use own::{DETAIL_LONGEST, EVENTS_MOST, OWN, OwnEvent, PART_LONGEST, is_action};
pub use query::{ACTOR_KINDS, AuditQuery, Day, QUERY_LONGEST, Search, SoughtActor};
pub use saved::{EditSearch, OneSearch, SAVED_MOST, SAVED_NAME, SaveSearch, SavedSearch, Whose};
use serde::{Deserialize, Serialize};
pub use stream::{
    NewStream, OneStream, RestartStream, StreamBegin, StreamError, StreamHealth, StreamKind,
    StreamPage, StreamQuery, StreamRow, StreamState, StreamsPage, bounds as stream_bounds,
    page as stream_page,
};

words! {
    /// What an action is about.
    Category {
        Members = "members", "Members";
        Roles = "roles", "Roles";
        Keys = "keys", "Keys";
        Data = "data", "Data";
        Security = "security", "Security";
        Settings = "settings", "Settings";
        SignIn = "sign-in", "Sign-in";
    }
}

words! {
    /// How much an action matters to whoever looks after security.
    Severity {
        Info = "info", "Everyday";
        Notice = "notice", "Worth a look";
        Warning = "warning", "Wants attention";
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Ok,
    Refused,
}

impl Outcome {
    pub const ALL: [Self; 2] = [Self::Ok, Self::Refused];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
        }
    }
}

words! {
    /// What is known of where a record came from, which is sealed.
    Origin {
        Known = "known", "known";
        Unknown = "unknown", "not known";
        Erased = "erased", "erased with the account";
        Altered = "altered", "cannot be read: it was altered, or its data key was exchanged";
    }
}

words! {
    /// What does not fit in a ledger.
    Flaw {
        Altered = "altered", "it was altered";
        Unlinked = "unlinked", "it does not follow the one before";
        Missing = "missing", "it is missing";
        Cut = "cut", "it is missing, and so is all behind it";
        Rebuilt = "rebuilt", "it is not the one that was signed for: the chain was rebuilt";
    }
}

/// What is known of a ledger's chain: what the walk of it found, which goes on all the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerMark {
    pub state: MarkState,
    /// Every record up to this one was found to follow the one before; 0 if none was.
    pub proven_to: i64,
    /// When: RFC 3339, UTC; empty if never.
    pub proven_at: String,
    /// The number of the last record.
    pub head: i64,
    /// Records up to this one were removed because they were old; 0 if none were.
    pub removed_to: i64,
    /// The first record that does not fit, and why.
    pub flaw: Option<(i64, Flaw)>,
}

words! {
    /// What a proof mark says.
    MarkState {
        Proven = "proven", "proven";
        Stale = "stale", "proven, too long ago";
        Broken = "broken", "broken";
        Unknown = "unknown", "not proven yet";
    }
}

/// One record of a ledger, as the audit log shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its number in the ledger, from 1 without gaps.
    pub seq: i64,
    /// RFC 3339, UTC, with milliseconds.
    pub at: String,
    /// `person`, `key` or `system`.
    pub actor_kind: String,
    /// Who did it, as they are called today.
    pub actor: String,
    /// `person_…` or `key_…`; empty for Probity itself.
    pub actor_id: String,
    pub action: String,
    /// The action's heading, or its name if this program is older than the record.
    pub title: String,
    /// What it was done to: a key's name, for instance.
    pub target: String,
    /// The id of it, as records write it; empty when it has none.
    pub target_id: String,
    pub outcome: Outcome,
    /// `req_…`, or empty for background work.
    pub request: String,
    /// What changed, as JSON text with secrets masked; `{}` when there is nothing to say.
    pub detail: String,
    /// Where from, and browser or program; empty unless `origin` says that they are known.
    pub ip: String,
    /// Of the address, when it is known.
    pub country: Option<Country>,
    pub agent: String,
    pub origin: Origin,
    /// Hashes of the previous record and of this one, hexadecimal.
    pub previous_hash: String,
    pub hash: String,
}

/// What a check of a ledger's chain found, done in this request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainProof {
    /// Records from the first to the last one checked.
    pub from: i64,
    pub to: i64,
    /// The first record that does not fit; none when all do.
    pub broken_at: Option<i64>,
    /// RFC 3339, UTC.
    pub checked_at: String,
}

/// A page of the audit log and what a check of just these records found. There is no proof when
/// the viewer sees only their own records: a chain with gaps proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    pub page: crate::page::Page<AuditRow>,
    /// Whether the viewer sees everybody's records or only their own.
    pub whole: bool,
    pub proof: Option<ChainProof>,
    pub mark: LedgerMark,
}

/// How much was recorded on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityDay {
    /// `2026-01-31`, where the viewer's clocks are.
    pub day: String,
    pub records: i64,
}

/// Records that came after those that a page shows, as HTML: times and names are worded by the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRecords {
    /// How many.
    pub count: usize,
    /// The number after which to ask next.
    pub after: i64,
    /// Whether there are more already.
    pub more: bool,
    /// The bodies of a table, the newest day first.
    pub rows: String,
    /// What is known of the whole ledger now.
    pub mark: String,
}

/// One record with the check of its own hash, done in this request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub row: AuditRow,
    pub proof: ChainProof,
    pub mark: LedgerMark,
}
