//! The only types through which a secret reaches a person: shown once, never logged.

use crate::{KeyId, StreamId, key::Environment};
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
    /// The secret that it takes the place of; none for a new key.
    pub replaces: Option<Replaced>,
}

/// A secret that a new one takes the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Its first characters.
    pub start: String,
    /// Until when it works; RFC 3339, UTC.
    pub ends_at: String,
}

impl fmt::Debug for RevealedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevealedKey({}, …)", self.id)
    }
}

/// New recovery codes. They exist in the answer to the form that made them, nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevealedCodes {
    /// As people type them: groups of four with hyphens between.
    pub codes: Vec<String>,
    /// What was set up, in a sentence, when the codes came with it.
    pub after: String,
}

impl fmt::Debug for RevealedCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevealedCodes({}, …)", self.codes.len())
    }
}

/// A link to an invitation, to be passed on by hand. It exists in the answer to the form that made
/// it, nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevealedLink {
    pub url: String,
    /// Who can accept with it.
    pub email: String,
    /// RFC 3339, UTC.
    pub expires_at: String,
}

impl fmt::Debug for RevealedLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RevealedLink(…)")
    }
}

/// What the deliveries of a stream are signed with. It exists in the answer to the form that made it,
/// nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevealedHook {
    pub id: StreamId,
    /// What the stream is called.
    pub name: String,
    /// As Standard Webhooks writes it: `whsec_` and 32 bytes in base64.
    pub secret: String,
    /// Until when the secret before this one signs as well; RFC 3339, UTC. None for a new stream.
    pub overlaps_until: Option<String>,
}

impl fmt::Debug for RevealedHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevealedHook({}, …)", self.id)
    }
}

/// The secret of an authenticator app that is being set up, until its first code is accepted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotpOffer {
    /// Base32 in groups of four, for people without a camera.
    pub secret: String,
    /// The square's modules on a side.
    pub size: usize,
    /// The dark modules, as the `d` of an SVG path.
    pub path: String,
}

impl fmt::Debug for TotpOffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpOffer(…)")
    }
}
