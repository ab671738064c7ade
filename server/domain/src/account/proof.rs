//! What proves who somebody is, and spending it: each code works once.

use super::{recovery, totp};
use crate::{Result, change::Change};
use model::{Typed, factor::bounds};
use uuid::Uuid;

/// What a password is called where factors are told apart.
pub(super) const PASSWORD: &str = "password";

/// What came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    Password,
    Passkey,
}

/// A second factor that was proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Factor {
    Totp,
    Recovery,
    Passkey(Uuid),
    /// This browser, which the person asked to be remembered after a second factor.
    Device,
}

impl Factor {
    /// The word in the database.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Recovery => "recovery",
            Self::Passkey(_) => "passkey",
            Self::Device => "device",
        }
    }

    /// Which one it was: passkeys are told apart.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Passkey(id) => passkey_name(*id),
            other => other.kind().to_owned(),
        }
    }
}

/// What a passkey is called where factors are told apart.
pub(super) fn passkey_name(id: Uuid) -> String {
    format!("passkey:{id}")
}

/// Everything that was proven on the way to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proof {
    pub(super) first: First,
    pub(super) second: Option<Factor>,
    /// The passkey that was the whole proof.
    pub(super) passkey: Option<Uuid>,
}

impl Proof {
    /// A password, and this factor if there is one.
    pub(super) const fn password(second: Option<Factor>) -> Self {
        Self { first: First::Password, second, passkey: None }
    }

    /// A passkey alone: it has checked its person by itself.
    pub(super) const fn passkey(id: Uuid) -> Self {
        Self { first: First::Passkey, second: None, passkey: Some(id) }
    }

    /// Whether it is as good as a step-up: a remembered browser proves nothing about who sits
    /// at it.
    pub(super) fn confirms(&self) -> bool {
        self.second != Some(Factor::Device)
    }

    /// The factor that counts.
    pub(super) fn factor(&self) -> String {
        match (&self.passkey, &self.second) {
            (Some(id), _) => passkey_name(*id),
            (None, Some(second)) => second.name(),
            (None, None) => PASSWORD.to_owned(),
        }
    }

    /// In words, for the record.
    pub(super) fn words(&self) -> &'static str {
        words(self.first == First::Passkey, self.second.as_ref().map(Factor::kind))
    }
}

/// How a session was begun, in words.
pub(super) fn words(by_passkey: bool, second: Option<&str>) -> &'static str {
    match (by_passkey, second) {
        (true, _) => "passkey",
        (false, None) => "password",
        (false, Some("totp")) => "password and code from an app",
        (false, Some("passkey")) => "password and passkey",
        (false, Some("recovery")) => "password and recovery code",
        (false, Some(_)) => "password in a remembered browser",
    }
}

/// Spends a code, within `change`, as one of the person's factors; none when it is not right.
///
/// Six digits are from an app, everything else is a recovery code.
pub(super) async fn spend_code(change: &mut Change, typed: &Typed) -> Result<Option<Factor>> {
    if typed.expose().len() > bounds::CODE {
        return Ok(None);
    }
    let code: String = typed.expose().chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        let right = totp::spend(change, &code).await?;
        return Ok(right.then_some(Factor::Totp));
    }
    let right = recovery::spend(change, &code).await?;
    Ok(right.then_some(Factor::Recovery))
}
