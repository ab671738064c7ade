//! Handing a team over: what the forms send, and what each side sees.

use crate::PersonId;
use serde::{Deserialize, Serialize};

/// Limits of what is kept.
pub mod bounds {
    /// Days that an offer can be accepted.
    pub const DAYS: i64 = 7;
}

/// The "offer ownership" form, as posted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfferTo {
    pub team: String,
    pub person: String,
}

/// An answer to the team's open offer, or its end.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfTeam {
    pub team: String,
}

/// The team's open offer, as its owners and whoever it is made to see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub by: String,
    pub to: String,
    pub to_person: PersonId,
    /// Whether it is made to the one who looks.
    pub is_to_you: bool,
    /// RFC 3339, UTC.
    pub expires_at: String,
}
