//! Invitations: what the forms about them send, and what each side sees.

use crate::{InvitationId, Typed};
use serde::{Deserialize, Serialize};

/// Limits of what may be typed and kept.
pub mod bounds {
    /// Addresses invited at once.
    pub const AT_ONCE: usize = 50;
    /// Open invitations of one team.
    pub const OPEN: i64 = 200;
    /// Characters of the words that go along.
    pub const MESSAGE: usize = 500;
    /// Days that an invitation can be accepted.
    pub const DAYS: i64 = 7;
}

/// The "invite people" form, as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Invite {
    pub team: String,
    /// Addresses as people paste them: lines, commas, names around them.
    pub emails: String,
    pub role: String,
    pub message: String,
}

/// What a form does to one invitation of a team.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfInvitation {
    pub team: String,
    pub invitation: String,
}

/// What the invited person answers, signed in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answer {
    pub invitation: String,
}

/// The account that somebody makes with the link that was mailed to them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Join {
    pub token: Typed,
    pub name: String,
    pub password: Typed,
}

/// What became of the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MailState {
    /// Nothing is mailed here, or it was too long ago to be kept.
    Unknown,
    /// In the outbox, not tried yet.
    Waiting,
    /// Tried, and to be tried again; why it did not leave.
    Delayed(String),
    Sent,
    /// Given up; why.
    Failed(String),
}

/// The team's open invitations, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitations {
    pub rows: Vec<InvitationRow>,
    /// Whether mail leaves this machine; otherwise it lies in a folder of the operator's.
    pub mail_leaves: bool,
}

/// One open invitation, as the team sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationRow {
    pub id: InvitationId,
    pub email: String,
    /// As people read it.
    pub role: String,
    pub sent_by: String,
    /// RFC 3339, UTC.
    pub sent_at: String,
    pub expires_at: String,
    /// Whether it can no longer be accepted.
    pub is_over: bool,
    /// Whether the invited person has asked for a new one.
    pub asks: bool,
    pub mail: MailState,
}

/// An invitation, as the invited person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationCard {
    pub id: InvitationId,
    /// The slug of its team, for somebody who is in it already.
    pub slug: String,
    pub team: String,
    pub sent_by: String,
    /// As people read it.
    pub role: String,
    pub message: String,
    /// Whose it is; nobody else can accept it.
    pub email: String,
    /// RFC 3339, UTC.
    pub expires_at: String,
    pub state: Stage,
}

/// What whoever opened the link can do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Signed in with the right address.
    Answer,
    /// Signed in with another.
    OtherAccount,
    /// In the team already.
    Inside,
    /// Has an account, and is not signed in.
    SignIn,
    /// May make an account with the link itself: it came by mail.
    Join,
    /// Holds a copied link, which proves nothing.
    Unproven,
    /// Too late; may ask for a new one.
    Over,
    /// Too late, and a new one was asked for.
    Asked,
}
