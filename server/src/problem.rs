//! Why a command ended: a sentence for the operator.

use crate::{config, postgres};
use std::io;

/// What went wrong, in words that say what to do.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error(transparent)]
    Settings(#[from] config::Wrong),

    #[error(transparent)]
    Cluster(#[from] postgres::Error),

    #[error("{0}")]
    Domain(#[from] domain::Error),

    #[error("The database does not answer as it should: {0}.")]
    Database(#[from] sqlx::Error),

    #[error("The log or the terminal cannot be written: {0}.")]
    Output(#[from] io::Error),

    #[error("{0}")]
    Sentence(String),
}

impl Problem {
    /// A sentence made where it happened.
    pub fn say(sentence: impl Into<String>) -> Self {
        Self::Sentence(sentence.into())
    }

    /// The process's exit code: 2 when what was asked for is wrong, 1 when it could not be done.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Settings(_) => 2,
            _ => 1,
        }
    }
}
