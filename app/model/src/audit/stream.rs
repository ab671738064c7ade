//! Streams of a team's audit log to a place of the team's own.

use crate::{StreamId, Typed};
use serde::{Deserialize, Serialize};

words! {
    /// What kind of place a stream goes to.
    StreamKind {
        Https = "https", "HTTPS, signed";
        S3 = "s3", "S3 bucket";
        Folder = "folder", "Folder on this server";
    }
}

words! {
    /// Whether a stream flows.
    StreamState {
        Active = "active", "Active";
        Paused = "paused", "Paused";
    }
}

words! {
    /// Where a stream begins.
    StreamBegin {
        Now = "now", "From now on";
        Beginning = "beginning", "From the beginning of the log";
        Record = "record", "From the record I name";
    }
}

/// What forms about streams keep to.
pub mod bounds {
    /// Streams of one team.
    pub const STREAMS: usize = 5;
    /// Errors that are kept of each.
    pub const ERRORS: usize = 10;
    /// Characters.
    pub const NAME: usize = 100;
    pub const URL: usize = 2_000;
    pub const BUCKET: usize = 63;
    pub const REGION: usize = 60;
    pub const PREFIX: usize = 300;
    pub const CREDENTIAL: usize = 300;
    /// How long a replaced signing secret signs as well.
    pub const OVERLAP_HOURS: i64 = 24;
}

/// The "new stream" form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewStream {
    /// Slug of the team.
    pub team: String,
    /// The name of a [`StreamKind`].
    pub kind: String,
    pub name: String,
    /// The name of a [`StreamBegin`].
    pub begin: String,
    /// The number of the first record, where it is named.
    pub record: String,
    /// Of https: where deliveries are posted to.
    pub url: String,
    /// Of S3: the server, without bucket.
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    /// What the names of objects begin with; may be empty.
    pub prefix: String,
    pub access_key: String,
    pub secret_key: Typed,
}

/// A form about one stream with nothing to fill in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneStream {
    /// Slug of the team.
    pub team: String,
    pub stream: String,
}

/// Lets a stream begin elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RestartStream {
    /// Slug of the team.
    pub team: String,
    pub stream: String,
    /// The name of a [`StreamBegin`].
    pub begin: String,
    pub record: String,
}

/// Where the page of a stream is.
pub fn page(team: &str, stream: StreamId) -> String {
    format!("/t/{team}/audit/streams/{stream}")
}

/// A stream as lists show it. Times are RFC 3339, UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamRow {
    pub id: StreamId,
    pub name: String,
    pub kind: StreamKind,
    /// A host or a bucket: the whole address is sealed.
    pub to: String,
    pub state: StreamState,
    /// Who made it; empty when they left.
    pub by: String,
    pub made_at: String,
    /// The last record that was taken in over there, of so many.
    pub seq: i64,
    pub head: i64,
    /// Records taken in since it was made; some perhaps twice.
    pub delivered: i64,
    pub last_success: Option<String>,
    pub failures: i32,
    pub failing_since: Option<String>,
    /// When it is tried again, where the last try failed.
    pub next_try: Option<String>,
    /// Until when the secret before this one signs as well.
    pub overlaps_until: Option<String>,
    /// The operator suspended the team: nothing flows.
    pub is_suspended: bool,
}

impl StreamRow {
    /// Records that wait to be delivered.
    pub fn behind(&self) -> i64 {
        (self.head - self.seq).max(0)
    }

    /// How it is, in a word.
    pub fn health(&self) -> StreamHealth {
        match (self.state, self.is_suspended, &self.failing_since) {
            (StreamState::Paused, ..) => StreamHealth::Paused,
            (_, true, _) => StreamHealth::Suspended,
            (.., Some(_)) => StreamHealth::Failing,
            _ if self.behind() > 0 => StreamHealth::Behind,
            _ => StreamHealth::Flowing,
        }
    }
}

words! {
    /// How a stream is.
    StreamHealth {
        Flowing = "flowing", "Up to date";
        Behind = "behind", "Delivering";
        Failing = "failing", "Failing";
        Paused = "paused", "Paused";
        Suspended = "suspended", "Team suspended";
    }
}

/// A delivery that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamError {
    /// RFC 3339, UTC.
    pub at: String,
    /// What went wrong, in a sentence of ours.
    pub said: String,
    /// The status of an HTTP answer, if there was one.
    pub status: Option<i32>,
}

/// The streams of a team, and the kinds that this Probity offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamsPage {
    pub rows: Vec<StreamRow>,
    pub kinds: Vec<StreamKind>,
}

/// One stream with the last things that went wrong, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamPage {
    pub row: StreamRow,
    pub errors: Vec<StreamError>,
}

/// Which kind the form for a new stream is about, as the address says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StreamQuery {
    pub kind: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_says_first_what_keeps_it_from_flowing() {
        let mut row = StreamRow {
            id: StreamId(uuid::Uuid::nil()),
            name: "siem".to_owned(),
            kind: StreamKind::Https,
            to: "siem.example.com".to_owned(),
            state: StreamState::Active,
            by: String::new(),
            made_at: String::new(),
            seq: 4,
            head: 7,
            delivered: 4,
            last_success: None,
            failures: 0,
            failing_since: None,
            next_try: None,
            overlaps_until: None,
            is_suspended: false,
        };
        assert_eq!((row.behind(), row.health()), (3, StreamHealth::Behind));
        row.failing_since = Some("2026-11-27T00:00:00Z".to_owned());
        assert_eq!(row.health(), StreamHealth::Failing);
        row.is_suspended = true;
        assert_eq!(row.health(), StreamHealth::Suspended);
        row.state = StreamState::Paused;
        assert_eq!(row.health(), StreamHealth::Paused);
        (row.state, row.is_suspended, row.failing_since) = (StreamState::Active, false, None);
        row.seq = 9;
        assert_eq!((row.behind(), row.health()), (0, StreamHealth::Flowing));
    }
}
