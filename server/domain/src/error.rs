//! What can go wrong inside, and the little of it that a caller is told.

use model::{Failure, FieldError, Permission, RequestId, security::Bar};

/// Everything an operation can fail with. Rich, for the log; see [`Error::failure`] for callers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("nobody is signed in")]
    Unauthenticated,
    #[error("the role does not hold {}", .0.name())]
    Forbidden(Permission),
    #[error("the team asks for something first: {}", .0.name())]
    Barred(Bar),
    /// The person has to prove again that it is them; not with the factor named, if one is.
    #[error("not confirmed within the last minutes")]
    Unconfirmed { without: Option<String> },
    #[error("no such thing for this caller")]
    NotFound,
    #[error("{} wrong field(s)", .0.len())]
    Invalid(Vec<FieldError>),
    #[error("{0}")]
    Conflict(String),
    #[error("over the limit, wait {retry_after} s")]
    TooMany { retry_after: u32 },
    #[error("busy: {0}")]
    Busy(&'static str),
    #[error("{0}")]
    UnsafeRole(String),
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("migrations: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("keyring: {0}")]
    Keyring(#[from] object_store::Error),
    #[error("files: {0}")]
    Files(#[from] std::io::Error),
    #[error("sealing: {0}")]
    Seal(&'static str),
    /// What it sealed is gone, and nothing more is sealed under it.
    #[error("the data key was destroyed for good")]
    Destroyed,
    #[error("broken inside: {0}")]
    Inconsistent(&'static str),
}

/// SQLSTATE of a missing privilege, and of a row that a policy does not let in.
const REFUSED: &str = "42501";
/// What our own functions raise for whoever may not do what they do.
const MAY_NOT: &str = "PB003";

/// What the database raises when somebody changes a team that waits to be deleted.
const WAITS: &str = "PB014";
/// And the sentence for it.
pub(crate) const CLOSING: &str = "This team waits to be deleted, and nothing in it can be changed. An owner can \
                                  undo that under Settings, on the page “Delete this team”.";

/// What operations return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// One wrong field.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// What the caller is told. Our own faults are logged here with their cause; the caller
    /// learns only the id that finds them.
    pub fn failure(self, request: RequestId) -> Failure {
        match self {
            Self::Unauthenticated => Failure::Unauthenticated,
            Self::Forbidden(permission) => Failure::Forbidden(permission),
            Self::Barred(bar) => Failure::Barred(bar),
            Self::Unconfirmed { without } => Failure::Unconfirmed { without },
            Self::NotFound => Failure::NotFound,
            Self::Invalid(errors) => Failure::Invalid(errors),
            Self::Conflict(sentence) => Failure::Conflict(sentence),
            Self::TooMany { retry_after } => Failure::TooMany { retry_after },
            waits if waits.is_code(WAITS) => Failure::Conflict(CLOSING.to_owned()),
            // The guard let them through and the database did not: somebody changed their role while
            // they asked, or a guard is missing. Nothing was done either way.
            refused if refused.is_refused_row() || refused.is_code(MAY_NOT) => {
                tracing::warn!(%request, cause = %refused, "The database refused what was let in.");
                Failure::Conflict(
                    "What you may do here has changed meanwhile. Load the page again.".to_owned(),
                )
            }
            ours => {
                tracing::error!(%request, cause = %ours, "a request failed inside");
                Failure::Unavailable(request)
            }
        }
    }

    /// Whether the database refused with this SQLSTATE, e.g. one that our own functions raise.
    pub(crate) fn is_code(&self, code: &str) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        error.code().as_deref() == Some(code)
    }

    /// Whether a row would point at one that is gone.
    pub(crate) fn is_dangling(&self) -> bool {
        self.is_code("23503")
    }

    /// Whether the database was not there to say anything.
    pub(crate) fn is_silence(&self) -> bool {
        matches!(self, Self::Database(error) if error.as_database_error().is_none())
    }

    /// Whether a policy did not let a row in; a missing privilege, which has the same SQLSTATE, is
    /// our own fault.
    fn is_refused_row(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        self.is_code(REFUSED) && error.message().contains("row-level security policy")
    }

    /// Whether the database refused because of this constraint.
    pub(crate) fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(e)) if e.constraint() == Some(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_never_reads_what_broke_inside() {
        let request = RequestId(uuid::Uuid::from_u128(1));
        let inside = Error::Inconsistent("table person has two rows for ada@example.com");
        let said = inside.failure(request).to_string();
        assert!(!said.contains("ada@example.com"), "{said}");
        assert!(said.contains(&request.to_string()), "{said}");
    }
}
