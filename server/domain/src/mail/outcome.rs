//! What became of one try to send a letter.

use std::time::Duration;

/// Why a letter did not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct MailError {
    pub kind: MailErrorKind,
    /// What is wrong, without the address and without a word of the letter.
    pub said: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailErrorKind {
    /// May go away: tried again.
    Temporary,
    /// Will be the same next time: given up.
    Permanent,
}

impl MailError {
    pub fn temporary(said: impl Into<String>) -> Self {
        Self { kind: MailErrorKind::Temporary, said: said.into() }
    }

    pub fn permanent(said: impl Into<String>) -> Self {
        Self { kind: MailErrorKind::Permanent, said: said.into() }
    }
}

/// Tries before a letter is given up: about six hours.
const MOST: i32 = 12;

/// What is recorded of a try.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Sent,
    /// Try again after this time.
    Later(Duration, String),
    GivenUp(String),
}

impl Outcome {
    /// The outcome of the `tries`th try.
    pub(super) fn of(answer: Result<(), MailError>, tries: i32) -> Self {
        match answer {
            Ok(()) => Self::Sent,
            Err(MailError { kind: MailErrorKind::Temporary, said }) if tries < MOST => {
                Self::Later(back_off(tries), harmless(&said))
            }
            Err(MailError { said, .. }) => Self::GivenUp(harmless(&said)),
        }
    }
}

/// 30 seconds after the first try, then twice as long each time, at most an hour.
fn back_off(tries: i32) -> Duration {
    let doubled = u32::try_from(tries - 1).unwrap_or(0).min(10);
    Duration::from_secs(60 * 60).min(Duration::from_secs(30) * 2u32.pow(doubled))
}

/// What may be kept: no address, no link, no more than a line. A mailer should not say them; a
/// server that repeats our own words to us must not bring them into a table or a log.
fn harmless(said: &str) -> String {
    let kept = |word: &&str| !word.contains(['@', '/']) && word.chars().count() <= 40;
    let words: Vec<&str> = said.split_whitespace().filter(kept).take(40).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_an_hour_and_the_twelfth_failure_is_the_last() {
        let waits =
            (1..=13).map(|tries| match Outcome::of(Err(MailError::temporary("busy")), tries) {
                Outcome::Later(wait, _) => Some(wait.as_secs()),
                _ => None,
            });
        let hour = Some(3_600);
        let expected = [30, 60, 120, 240, 480, 960, 1_920].map(Some);
        let expected = expected.into_iter().chain([hour, hour, hour, hour, None, None]);
        assert!(waits.eq(expected));
    }

    #[test]
    fn what_a_server_repeats_to_us_is_not_kept() {
        let said = "550 5.1.1 <ada@example.com> unknown, see https://example.com/reset/t0k3n\r\nx";
        let kept = Outcome::of(Err(MailError::permanent(said)), 1);
        assert_eq!(kept, Outcome::GivenUp("550 5.1.1 unknown, see x".into()));
    }
}
