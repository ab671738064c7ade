//! Searches of the log that are kept under a name.

use crate::SearchId;
use serde::{Deserialize, Serialize};

/// Of one person in a team, and of a team.
pub const SAVED_MOST: usize = 50;
/// Characters of a name.
pub const SAVED_NAME: usize = 60;

words! {
    /// Who finds a saved search.
    Whose {
        Me = "me", "Only me";
        Team = "team", "Everybody who sees the whole log";
    }
}

/// A search under its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    pub id: SearchId,
    pub whose: Whose,
    pub name: String,
    /// The line that is searched for.
    pub line: String,
}

/// A search to keep.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveSearch {
    /// Slug of the team.
    pub team: String,
    pub name: String,
    pub search: String,
    /// A [`Whose`].
    pub whose: String,
}

/// A saved search as it shall be.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EditSearch {
    /// Slug of the team.
    pub team: String,
    pub saved: String,
    pub whose: String,
    pub name: String,
    pub search: String,
}

/// A saved search that is about to go.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneSearch {
    /// Slug of the team.
    pub team: String,
    pub saved: String,
    pub whose: String,
}
