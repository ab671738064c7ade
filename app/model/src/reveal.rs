//! The only types through which a secret reaches a person: shown once, never logged.

use crate::{KeyId, key::Environment};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A new API key with its secret. It exists in the answer to the form that made it, nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevealedKey {
    pub id: KeyId,
    pub name: String,
    pub environment: Environment,
    /// The whole key, `pby_live_…`.
    pub secret: String,
    /// RFC 3339, UTC.
    pub expires_at: Option<String>,
    /// Its number in the team's ledger.
    pub record: i64,
}

impl fmt::Debug for RevealedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevealedKey({}, …)", self.id)
    }
}
