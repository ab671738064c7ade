//! Accounts: what sign-up, sign-in and set-up send, and who is looking.

use crate::{DateStyle, PersonId, Typed, team::TeamCard};
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

/// The "sign out" form: where to go on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignOut {
    /// Same-site path to go to afterwards; empty for the sign-in page.
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
    /// Whether sign-in asks them for more than a password.
    pub second_factor: bool,
    /// Until when they need not prove again that it is them (RFC 3339, UTC).
    pub confirmed_until: Option<String>,
    /// Their teams, by name.
    pub teams: Vec<TeamCard>,
    /// Their time zone, by its IANA name; `UTC` until they choose one.
    pub zone: String,
    /// How they write dates.
    pub dates: DateStyle,
}

/// The second step of signing in, as typed: six digits from an app, or a recovery code.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecondStep {
    pub code: Typed,
    /// `yes` when this browser shall stand for the second factor for 30 days.
    pub remember: String,
    pub next: String,
}

/// What the second step can be taken with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepChoices {
    pub totp: bool,
    pub passkeys: i64,
    /// Recovery codes left.
    pub recovery: i64,
    /// Tries left before signing in begins anew.
    pub tries: i64,
}

/// The link of a sign-up and the password that was typed then.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConfirmSignUp {
    pub token: Typed,
    pub password: Typed,
}

/// Proving again that it is you, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Confirm {
    pub password: Typed,
    /// Six digits from an app, or a recovery code; empty without a second factor.
    pub code: Typed,
    /// The factor that is about to go, when that is what it is for.
    pub without: String,
    /// Same-site path to go to afterwards, where no form waits.
    pub next: String,
}

/// A passkey's answer, with the ceremony it belongs to.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasskeyAnswer {
    pub ceremony: String,
    pub response: Typed,
    /// The name of a new passkey.
    pub name: String,
    pub remember: String,
    pub without: String,
    pub next: String,
}

/// "Forgot your password?", as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Forgot {
    pub email: String,
}

/// A new password by a link.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reset {
    pub token: Typed,
    pub password: Typed,
}

/// Nothing but a link's token.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ByLink {
    pub token: Typed,
}

/// Whom a link from a mail concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkCard {
    /// The account's address.
    pub email: String,
    /// The address that the link confirms; empty for a password.
    pub new_email: String,
    /// Characters that a new password needs.
    pub least: usize,
}

/// Limits of what may be typed.
pub mod bounds {
    /// Characters of a person's name.
    pub const NAME: usize = 120;
    /// Characters of an e-mail address (RFC 5321: 254).
    pub const EMAIL: usize = 254;
    /// Bytes of a time zone's name.
    pub const ZONE: usize = 64;
    /// Characters a password needs without a second factor (NIST SP 800-63B-4).
    pub const PASSWORD_LEAST: usize = 15;
    /// Characters a password needs beside an active second factor (NIST SP 800-63B-4).
    pub const PASSWORD_LEAST_WITH_FACTOR: usize = 8;
    /// Characters a password may have.
    pub const PASSWORD_MOST: usize = 128;
    /// Bytes a password may have.
    pub const PASSWORD_BYTES: usize = 512;
}
