//! What the key forms send, as typed.

use crate::role::Ticked;
use serde::{Deserialize, Serialize};

/// The "create a key" form.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewKey {
    /// Slug of the team.
    pub team: String,
    pub name: String,
    /// `live` or `test`.
    pub environment: String,
    /// Whole days until it ends, 1 to 365; `never`, from an owner, for no end.
    pub days: String,
    /// From where it may be used: networks, IPv4 or IPv6, as CIDR or single addresses; empty for
    /// anywhere.
    pub networks: String,
    /// What it may, in the words of the team's own API.
    pub scopes: String,
    /// Calls in each span of [`Self::rate_per`]; empty for as many as wanted.
    pub rate: String,
    /// `second`, `minute`, `hour` or `day`.
    pub rate_per: String,
    /// Calls in a calendar month; empty for as many as wanted.
    pub quota: String,
    /// A JSON object that verify gives back; empty for none.
    pub metadata: String,
    /// What it may do in Probity's own API.
    #[serde(flatten)]
    pub ticked: Ticked,
}

/// The "change this key" form. Its environment and its end stay as they are, whatever is sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateKey {
    pub key: String,
    #[serde(flatten)]
    pub wanted: NewKey,
}

/// A form about one key with nothing to fill in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyForm {
    /// Slug of the team.
    pub team: String,
    pub key: String,
}

/// The "revoke this key" form.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RevokeKey {
    /// Slug of the team.
    pub team: String,
    pub key: String,
    /// The key's name, typed, if it was used within [`bounds::IN_USE_DAYS`].
    pub name: String,
}

/// The "rotate this key" form.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RotateKey {
    /// Slug of the team.
    pub team: String,
    pub key: String,
    /// Hours that the old secret works on: 0, 1, 24, 168, or `custom`.
    pub overlap: String,
    /// The hours of a custom overlap, up to 720.
    pub hours: String,
}

/// Limits of what may be typed.
pub mod bounds {
    /// Characters of a key's name.
    pub const NAME: usize = 60;
    /// Days a key lives unless said otherwise.
    pub const DAYS: u16 = 90;
    /// Days a key may live at most.
    pub const DAYS_MOST: u16 = 365;
    /// Bytes of a key in a request: anything longer is not one of ours.
    pub const TEXT: usize = 256;
    /// Scopes of one key.
    pub const SCOPES: usize = 32;
    /// Characters of one scope.
    pub const SCOPE: usize = 64;
    /// Calls that a rate may name.
    pub const RATE_MOST: u32 = 1_000_000;
    /// Calls that a quota may name.
    pub const QUOTA_MOST: i64 = 1_000_000_000_000;
    /// Bytes of metadata.
    pub const METADATA: usize = 4096;
    /// Hours that a replaced secret works on at most.
    pub const OVERLAP_HOURS_MOST: u16 = 30 * 24;
    /// Whoever revokes a key that was used within so many days types its name.
    pub const IN_USE_DAYS: i64 = 7;
    /// What one call may cost.
    pub const COST_MOST: u32 = 1_000_000;
}
