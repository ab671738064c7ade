//! Statements with a signature over their exact text.

use crate::hex::{hex, unhex};
use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::{fmt, marker::PhantomData, str::FromStr};

/// Something that is signed.
pub trait Statement: Serialize + DeserializeOwned {
    /// What it is, and the version of its form. It is a part of what is signed, so that no statement
    /// can pass for one of another kind.
    const TITLE: &'static str;
}

/// The key that a statement is checked with: Ed25519 (RFC 8032), written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey(pub [u8; 32]);

/// Why a statement is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSigned {
    /// It is a statement of something else.
    OtherTitle,
    /// The signature is not one of this text by this key.
    Forged,
    /// It is signed, and a newer program's: its fields are not known.
    Unknown,
}

/// A statement as text, and the signature of the title, a line feed and this very text.
///
/// `openssl pkeyutl -verify -rawin` agrees; `docs/verify.md` shows how.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Signed<T> {
    title: String,
    statement: Box<RawValue>,
    key: PublicKey,
    signature: String,
    #[serde(skip)]
    of: PhantomData<fn() -> T>,
}

impl<T: Statement> Signed<T> {
    /// Signs a statement: `sign` is given the text, and answers as the holder of `key`.
    pub fn new(statement: &T, key: PublicKey, sign: impl FnOnce(&[u8]) -> [u8; 64]) -> Self {
        let text = serde_json::to_string(statement).expect("a statement is plain JSON");
        let signature = hex(&sign(&message(T::TITLE, &text)));
        let statement = RawValue::from_string(text).expect("this is JSON: it was just written");
        Self { title: T::TITLE.to_owned(), statement, key, signature, of: PhantomData }
    }

    /// What it says, if its signature is one by [`Signed::key`].
    ///
    /// # Errors
    /// When it is not.
    pub fn open(&self) -> Result<T, NotSigned> {
        if self.title != T::TITLE {
            return Err(NotSigned::OtherTitle);
        }
        self.is_signed().ok_or(NotSigned::Forged)?;
        serde_json::from_str(self.statement.get()).map_err(|_| NotSigned::Unknown)
    }

    /// Who signed it, if it is signed at all.
    pub const fn key(&self) -> PublicKey {
        self.key
    }

    /// One line of JSON.
    pub fn line(&self) -> String {
        serde_json::to_string(self).expect("a statement is plain JSON")
    }

    fn is_signed(&self) -> Option<()> {
        let key = VerifyingKey::from_bytes(&self.key.0).ok()?;
        let signature = Signature::from_slice(&unhex(&self.signature)?).ok()?;
        // Strict: a signature has one form, and no key of small order signs everything.
        key.verify_strict(&message(&self.title, self.statement.get()), &signature).ok()
    }
}

fn message(title: &str, text: &str) -> Vec<u8> {
    format!("{title}\n{text}").into_bytes()
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PublicKey {
    type Err = crate::id::NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = unhex(text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(crate::id::NotAnId)
    }
}

as_text!(PublicKey);
