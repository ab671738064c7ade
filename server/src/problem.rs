//! Why a command ended: a sentence for the operator.

use crate::{config, postgres};
use sqlx::migrate::MigrateError::{VersionMismatch, VersionMissing};
use std::io;

/// What went wrong, in words that say what to do.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error(transparent)]
    Settings(#[from] config::Wrong),

    #[error(transparent)]
    Cluster(#[from] postgres::Error),

    #[error(
        "The database was made by another version of Probity ({0}). Run that version, or a newer \
         one; the data is untouched."
    )]
    OtherVersion(sqlx::migrate::MigrateError),

    #[error("{0}")]
    Domain(domain::Error),

    #[error("The database does not answer as it should: {0}.")]
    Database(#[from] sqlx::Error),

    #[error("The log or the terminal cannot be written: {0}.")]
    Output(#[from] io::Error),

    #[error("{0}")]
    Sentence(String),
}

impl From<domain::Error> for Problem {
    fn from(error: domain::Error) -> Self {
        match error {
            domain::Error::Migrate(error @ (VersionMissing(_) | VersionMismatch(_))) => {
                Self::OtherVersion(error)
            }
            error => Self::Domain(error),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_another_version_is_told_apart_from_a_broken_one() {
        let problem = Problem::from(domain::Error::Migrate(VersionMissing(9)));
        assert_eq!(
            problem.to_string(),
            "The database was made by another version of Probity (migration 9 was previously \
             applied but is missing in the resolved migrations). Run that version, or a newer \
             one; the data is untouched."
        );
    }
}
