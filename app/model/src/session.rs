//! Sessions, remembered browsers and the person's own details: what the account pages show and
//! send.

use serde::{Deserialize, Serialize};

/// Where somebody is signed in, and which browsers are remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sessions {
    /// This one first, then the latest seen.
    pub sessions: Vec<SessionRow>,
    pub devices: Vec<DeviceRow>,
}

/// A session as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    pub id: String,
    /// "Firefox 140 on Linux".
    pub agent: String,
    pub ip: String,
    /// "Norway", "unknown place".
    pub place: String,
    /// "password and code from an app".
    pub proof: String,
    pub created_at: String,
    pub last_seen_at: String,
    pub expires_at: String,
    /// The session that asks.
    pub is_this: bool,
}

/// A browser that stands for the second factor for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRow {
    pub id: String,
    pub agent: String,
    pub place: String,
    pub last_seen_at: String,
    pub trusted_until: String,
    /// The browser that asks.
    pub is_this: bool,
}

/// One session.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneSession {
    pub session: String,
}

/// One remembered browser.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneDevice {
    pub device: String,
}

/// The profile form, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    pub name: String,
    pub time_zone: String,
    pub date_style: String,
}

/// The form that deletes an account: the address, typed, so that nobody does it in passing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeleteAccount {
    pub email: String,
}

/// A team that is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    pub name: String,
    /// RFC 3339, UTC.
    pub due: String,
}

/// What deleting an account would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    pub email: String,
    /// Teams that would have no owner: they come first.
    pub last_owner_of: Vec<String>,
    /// Teams that wait to be deleted, and that nobody could keep any more.
    pub ends: Vec<Ending>,
    /// Teams that are left.
    pub leaves: Vec<String>,
    pub sessions: i64,
    pub passkeys: i64,
}
