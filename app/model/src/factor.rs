//! Second factors and what else proves who somebody is: what the security page shows and sends.

use crate::Typed;
use serde::{Deserialize, Serialize};

/// Everything that proves who somebody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Security {
    pub email: String,
    /// When the password was set (RFC 3339, UTC).
    pub password_changed_at: String,
    /// Since when codes from an app are asked for; none when they are not.
    pub totp_since: Option<String>,
    pub passkeys: Vec<PasskeyRow>,
    pub recovery: Recovery,
    /// Teams that require a second factor: the last one cannot be removed.
    pub required_by: Vec<String>,
}

/// A passkey as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyRow {
    pub id: String,
    pub name: String,
    pub created_at: String,
    pub last_used_at: Option<String>,
}

/// How many recovery codes are left of how many, and when they were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    pub left: i64,
    pub made: i64,
    pub made_at: Option<String>,
}

/// The first code of an app that is being set up, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FirstCode {
    pub code: Typed,
}

/// One passkey, perhaps with a new name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OnePasskey {
    pub passkey: String,
    pub name: String,
}

/// Another password, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangePassword {
    pub password: Typed,
}

/// Another e-mail address, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangeEmail {
    pub email: String,
}

/// Limits of what may be typed.
pub mod bounds {
    /// Characters of a passkey's name.
    pub const PASSKEY_NAME: usize = 60;
    /// Passkeys of one person.
    pub const PASSKEYS: i64 = 20;
    /// Recovery codes in a set.
    pub const RECOVERY_CODES: usize = 10;
    /// Characters of a code that is looked at: anything longer is none of ours.
    pub const CODE: usize = 64;
}
