//! Which keys a list shows.

use crate::page::PageSize;
use serde::{Deserialize, Serialize};

/// Which keys are looked for, as the URL says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyQuery {
    /// Part of a name, or how a key begins.
    pub q: String,
    /// `live`, `test`, or empty for both.
    pub environment: String,
    /// The name of a [`super::KeyState`]; empty for all.
    pub state: String,
    /// A [`KeyOrder`]; empty for the first.
    pub sort: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// None for the usual one; pages in the browser do not choose.
    #[serde(skip)]
    pub size: Option<PageSize>,
}

/// In which order keys are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeyOrder {
    /// The newest first.
    #[default]
    Made,
    Name,
    /// The latest first.
    Used,
    /// The next first.
    Ends,
}

impl KeyOrder {
    pub const ALL: [Self; 4] = [Self::Made, Self::Name, Self::Used, Self::Ends];

    /// The word in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Name => "name",
            Self::Used => "used",
            Self::Ends => "ends",
        }
    }

    /// The word shown to people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Made => "Newest first",
            Self::Name => "By name",
            Self::Used => "Last used first",
            Self::Ends => "Next to end first",
        }
    }

    /// Whether what is small comes first.
    pub const fn is_ascending(self) -> bool {
        matches!(self, Self::Name | Self::Ends)
    }

    /// The order called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }
}
