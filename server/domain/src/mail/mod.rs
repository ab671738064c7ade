//! Mail: what is written to people, and how it leaves.
//!
//! [`post`] writes a [`Letter`] into the outbox in the transaction that caused it: what is rolled
//! back sends nothing, and what is committed is sent, at least once, by [`send_due`]. Address and
//! text lie there sealed, and are emptied when the letter has left or was given up.
//!
//! **To add a letter**: a variant of [`Letter`] with its name, and its words in `words.rs`.

mod letter;
mod open;
mod outcome;
mod post;
mod render;
mod send;
mod sweep;
mod words;

pub use letter::{KeyEnd, Letter, Remedy};
pub use outcome::{MailError, MailErrorKind};
pub use post::{MailOwner, To, post, post_alone, post_traced};
pub use send::send_due;
pub use sweep::sweep;

use secrecy::SecretString;
use time::OffsetDateTime;
use uuid::Uuid;

/// A letter as it leaves. It may hold a token, so there is no way to print it.
#[derive(Clone)]
pub struct Mail {
    /// The same for every try, so that a server may notice a letter it has already.
    pub id: Uuid,
    /// When it was written.
    pub at: OffsetDateTime,
    /// The address.
    pub to: String,
    /// Whose address it is; empty for somebody who has not confirmed it.
    pub to_name: String,
    /// One line.
    pub subject: String,
    /// As plain text, in lines of at most 76 characters but for links.
    pub text: SecretString,
    /// The same as HTML.
    pub html: SecretString,
}
