//! The colour of a team's crest, by which people tell their teams apart.

use serde::{Deserialize, Serialize};

/// One of a few colours, none of which means anything: green, ochre and vermilion are left to what
/// is proven, late and broken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Crest {
    #[default]
    Ink,
    Slate,
    Plum,
    Rose,
    Sand,
    Sky,
}

impl Crest {
    pub const ALL: [Self; 6] =
        [Self::Ink, Self::Slate, Self::Plum, Self::Rose, Self::Sand, Self::Sky];

    /// The word in the database and in the style.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ink => "ink",
            Self::Slate => "slate",
            Self::Plum => "plum",
            Self::Rose => "rose",
            Self::Sand => "sand",
            Self::Sky => "sky",
        }
    }

    /// The word for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ink => "Ink",
            Self::Slate => "Slate",
            Self::Plum => "Plum",
            Self::Rose => "Rose",
            Self::Sand => "Sand",
            Self::Sky => "Sky",
        }
    }

    /// The crest stored as `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|crest| crest.name() == name)
    }
}
