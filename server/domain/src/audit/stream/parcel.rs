//! What is carried to a stream's place, and what comes of it.

use base64::{Engine, prelude::BASE64_STANDARD};
use model::{StreamId, TeamId};
use secrecy::SecretString;
use std::time::Duration;
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// Where a stream goes.
#[derive(Clone)]
pub enum Destination {
    /// Posted to this address, which may be a secret.
    Https(SecretString),
    S3(Bucket),
    /// Below the folder that the operator chose.
    Folder,
}

/// A bucket, and who writes to it.
#[derive(Clone)]
pub struct Bucket {
    /// The server, without bucket.
    pub endpoint: String,
    pub region: String,
    pub name: String,
    /// What the names of objects begin with; no slash at its ends.
    pub prefix: String,
    pub access_key: String,
    pub secret_key: SecretString,
}

/// What deliveries are signed with.
#[derive(Clone)]
pub struct SigningKey(pub(super) Zeroizing<[u8; 32]>);

impl SigningKey {
    /// The bytes of it, for signing and for nothing else.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// As Standard Webhooks writes it, to be shown once.
    pub(super) fn written(&self) -> String {
        format!("whsec_{}", BASE64_STANDARD.encode(self.0.as_slice()))
    }
}

/// One delivery. Tried again, it is the same but for its time.
pub struct Parcel {
    pub team: TeamId,
    pub stream: StreamId,
    pub to: Destination,
    /// Signed with each; none where nothing is signed.
    pub keys: Vec<SigningKey>,
    /// Now.
    pub at: OffsetDateTime,
    pub content: Content,
}

/// What is in it.
pub enum Content {
    /// Records that follow each other; at least one.
    Records(Vec<Line>),
    /// Nothing of the log: only whether it arrives.
    Test,
}

/// A record as it stands in an export, without the end of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub seq: i64,
    pub at: OffsetDateTime,
    pub text: String,
}

/// A delivery that was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried {
    /// The status of an HTTP answer, if there was one.
    pub status: Option<u16>,
}

/// A delivery that was not, or of which nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct NotCarried {
    /// What went wrong, in a sentence of ours: nothing of what was read over there.
    pub said: String,
    pub status: Option<u16>,
    /// How long the other side wants to be left alone.
    pub retry_after: Option<Duration>,
}

impl NotCarried {
    /// Without an answer.
    pub fn because(said: impl Into<String>) -> Self {
        Self { said: said.into(), status: None, retry_after: None }
    }
}
