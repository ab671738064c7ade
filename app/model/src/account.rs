//! Accounts: what sign-up, sign-in and set-up send, and who is looking.

use crate::{PersonId, Typed, team::TeamCard};
use serde::{Deserialize, Serialize};

/// The sign-in form, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignIn {
    pub email: String,
    pub password: Typed,
    /// Same-site path to go to afterwards.
    pub next: String,
}

/// The sign-up form, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignUp {
    pub name: String,
    pub email: String,
    pub password: Typed,
}

/// The set-up form of the first owner, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SetUp {
    /// The token of the one-time link.
    pub token: Typed,
    pub name: String,
    pub email: String,
    pub password: Typed,
    /// Name of the first team.
    pub team: String,
}

/// The person who is signed in, as every page needs them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    /// Their teams, by name.
    pub teams: Vec<TeamCard>,
}

/// Limits of what may be typed.
pub mod bounds {
    /// Characters of a person's name.
    pub const NAME: usize = 120;
    /// Characters of an e-mail address (RFC 5321: 254).
    pub const EMAIL: usize = 254;
    /// Characters a password needs without a second factor (NIST SP 800-63B-4).
    pub const PASSWORD_LEAST: usize = 15;
    /// Characters a password needs beside an active second factor (NIST SP 800-63B-4).
    pub const PASSWORD_LEAST_WITH_FACTOR: usize = 8;
    /// Characters a password may have.
    pub const PASSWORD_MOST: usize = 128;
    /// Bytes a password may have.
    pub const PASSWORD_BYTES: usize = 512;
}
