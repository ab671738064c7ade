//! Passwords: what the meter says.

use serde::{Deserialize, Serialize};

/// How soon a password is guessed, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guess {
    Common,
    Hours,
    Weeks,
    Years,
    Good,
}

impl Guess {
    /// From 0, tried first, to 4.
    pub const fn score(self) -> u8 {
        self as u8
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Common => "Common",
            Self::Hours => "Guessable in hours",
            Self::Weeks => "Guessable in weeks",
            Self::Years => "Guessable in years",
            Self::Good => "Good",
        }
    }
}

/// What the meter beside a new password shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strength {
    /// Steps of the bar, 0 to 4.
    pub score: u8,
    /// How soon it is guessed, and how much is missing; empty while nothing was typed.
    pub words: String,
}
