//! How people write dates.

use serde::{Deserialize, Serialize};

/// The language and order of the dates that a person reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateStyle {
    #[default]
    British,
    American,
    Iso,
    German,
    French,
    Spanish,
}

impl DateStyle {
    /// In the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::British, Self::American, Self::Iso, Self::German, Self::French, Self::Spanish];

    /// The word stored in the database and sent by forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::British => "british",
            Self::American => "american",
            Self::Iso => "iso",
            Self::German => "german",
            Self::French => "french",
            Self::Spanish => "spanish",
        }
    }

    /// What people choose it by: a date in it, and whose it is.
    pub const fn title(self) -> &'static str {
        match self {
            Self::British => "22 November 2026 (British)",
            Self::American => "November 22, 2026 (American)",
            Self::Iso => "2026-11-22 (ISO 8601)",
            Self::German => "22. November 2026 (German)",
            Self::French => "22 novembre 2026 (French)",
            Self::Spanish => "22 de noviembre de 2026 (Spanish)",
        }
    }

    /// Its language (BCP 47), when that is not the page's.
    pub const fn lang(self) -> Option<&'static str> {
        match self {
            Self::British | Self::American | Self::Iso => None,
            Self::German => Some("de"),
            Self::French => Some("fr"),
            Self::Spanish => Some("es"),
        }
    }

    /// Every stored word, in the same order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().map(Self::name)
    }

    /// The style stored as `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_comes_back_by_its_name_and_nothing_else_does() {
        for style in DateStyle::ALL {
            assert_eq!(DateStyle::from_name(style.name()), Some(style));
        }
        assert_eq!(DateStyle::names().count(), DateStyle::ALL.len());
        assert_eq!(DateStyle::from_name("British"), None);
        assert_eq!(DateStyle::default(), DateStyle::British);
    }
}
