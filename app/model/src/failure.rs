//! What a caller can be told: nine failures, or where to go next.

use crate::{
    Permission, RequestId,
    explorer::Called,
    reveal::{RevealedCodes, RevealedHook, RevealedKey, RevealedLink},
    security::Bar,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a request was not done. `domain::Error` is richer and stays inside.
///
/// Another team's thing is [`Failure::NotFound`], in the same words as an unknown one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// No valid session or key.
    Unauthenticated,
    /// Signed in, but the role does not hold this permission.
    Forbidden(Permission),
    /// In the team, but it asks for something first.
    Barred(Bar),
    /// Signed in, but this needs a fresh proof that it is them (step-up); not by the factor named,
    /// if one is: it is about to go.
    Unconfirmed { without: Option<String> },
    /// There is no such thing for this caller.
    NotFound,
    /// The input is at fault: at least one sentence, each with the field it is about.
    Invalid(Vec<FieldError>),
    /// The thing has changed meanwhile; the sentence says how.
    Conflict(String),
    /// Too often; seconds until it may be tried again.
    TooMany { retry_after: u32 },
    /// Our fault. The id finds it in the log.
    Unavailable(RequestId),
}

/// What is wrong with one field and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Name of the field as sent, or empty when it is about the whole form.
    pub field: String,
    /// One sentence for people: what is wrong, then what to do.
    pub message: String,
}

impl FieldError {
    /// A sentence about one field.
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), message: message.into() }
    }
}

impl Failure {
    /// One wrong field.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// The HTTP status that says the same.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::Forbidden(_) | Self::Barred(_) | Self::Unconfirmed { .. } => 403,
            Self::NotFound => 404,
            Self::Invalid(_) => 422,
            Self::Conflict(_) => 409,
            Self::TooMany { .. } => 429,
            Self::Unavailable(_) => 503,
        }
    }
}

/// The sentence for people.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthenticated => f.write_str("You are signed out. Sign in and try again."),
            Self::Forbidden(permission) => write!(
                f,
                "This needs the role {} or above. Ask an owner of the team for it.",
                permission.least().title()
            ),
            Self::Barred(bar) => f.write_str(bar.says()),
            Self::Unconfirmed { without: None } => {
                f.write_str("Confirm that it is you, then do this again.")
            }
            Self::Unconfirmed { without: Some(_) } => f.write_str(
                "Confirm with another factor than the one that goes, then do this again.",
            ),
            Self::NotFound => f.write_str("There is nothing here, or you may not see it."),
            Self::Invalid(errors) => match errors.as_slice() {
                [one] => f.write_str(&one.message),
                many => write!(f, "{} fields need another look.", many.len()),
            },
            Self::Conflict(sentence) => f.write_str(sentence),
            Self::TooMany { retry_after } => {
                write!(f, "Too many tries. Wait {} and try again.", waiting_time(*retry_after))
            }
            Self::Unavailable(request) => write!(
                f,
                "Probity could not do this just now, and nothing was changed. \
                 Try again; if it stays so, tell your operator this id: {request}."
            ),
        }
    }
}

impl std::error::Error for Failure {}

/// `90` as "2 minutes": rounded up, so that nobody comes back too early.
fn waiting_time(seconds: u32) -> String {
    match seconds {
        0..=1 => "1 second".to_owned(),
        2..=59 => format!("{seconds} seconds"),
        60 => "1 minute".to_owned(),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// A short message that survives one redirect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// One sentence, in the past tense: "Key billing-sync was revoked."
    pub message: String,
}

/// Where a form leads when it was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Next {
    /// Go to this path of ours, perhaps with a message.
    Go { to: String, flash: Option<Flash> },
    /// Show a new key, this one time.
    Reveal(RevealedKey),
    /// Show new recovery codes, this one time.
    RevealCodes(RevealedCodes),
    /// Show a new link, this one time.
    RevealLink(RevealedLink),
    /// Show what a stream is signed with, this one time.
    RevealHook(RevealedHook),
    /// Show what the API answered, beside the form that asked.
    Called(Called),
    /// Confirmed: back to the form that asked for it, still filled.
    Resume,
}

impl Next {
    /// Go to `to` without a message.
    pub fn go(to: impl Into<String>) -> Self {
        Self::Go { to: to.into(), flash: None }
    }

    /// Go to `to` and say `message` there.
    pub fn say(to: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Go { to: to.into(), flash: Some(Flash { message: message.into() }) }
    }
}

#[cfg(feature = "server-fn")]
mod server_fn_error {
    use super::{Failure, FieldError};
    use crate::RequestId;
    use server_fn::{
        codec::JsonEncoding,
        error::{FromServerFnError, ServerFnErrorErr},
    };
    use uuid::Uuid;

    impl FromServerFnError for Failure {
        type Encoder = JsonEncoding;

        fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
            match error {
                ServerFnErrorErr::Args(message)
                | ServerFnErrorErr::MissingArg(message)
                | ServerFnErrorErr::Deserialization(message) => about_the_form(&message),
                _ => Self::Unavailable(RequestId(Uuid::nil())),
            }
        }
    }

    /// serde names the field between backticks: "unknown field `x`, expected …".
    fn about_the_form(message: &str) -> Failure {
        let field = message.split('`').nth(1).unwrap_or_default();
        if message.contains("unknown field") {
            // About the whole form: a page has no place beside a field that it does not have.
            return Failure::field(
                "",
                format!("The form has no field called {field}. Leave it out."),
            );
        }
        let sentence = if field.is_empty() {
            "The form could not be read. Send it as UTF-8 text, each field once.".to_owned()
        } else {
            format!("The field {field} could not be read. Send it once, as text.")
        };
        Failure::Invalid(vec![FieldError::new(field, sentence)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn each_failure_is_a_sentence_that_says_what_to_do() {
        let said = |failure: Failure| failure.to_string();
        assert_eq!(said(Failure::Unauthenticated), "You are signed out. Sign in and try again.");
        assert_eq!(
            said(Failure::Forbidden(Permission::KeysManage)),
            "This needs the role Admin or above. Ask an owner of the team for it."
        );
        assert_eq!(said(Failure::NotFound), "There is nothing here, or you may not see it.");
        assert_eq!(
            said(Failure::TooMany { retry_after: 61 }),
            "Too many tries. Wait 2 minutes and try again."
        );
        assert_eq!(said(Failure::field("name", "Give the key a name.")), "Give the key a name.");
        assert!(said(Failure::Unavailable(RequestId(Uuid::nil()))).contains("req_0000"));
    }
}
