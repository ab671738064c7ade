//! Passkeys: what a page needs to open the browser's own dialog.

use serde::{Deserialize, Serialize};

/// What the dialog is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// To make a passkey.
    Create,
    /// To use one.
    Get,
}

/// A question for the browser, and the id under which its answer is awaited, once and not long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceremony {
    pub id: String,
    /// JSON, as `PublicKeyCredential.parse…OptionsFromJSON` reads it.
    pub options: String,
}
