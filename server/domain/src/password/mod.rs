//! Passwords that people choose: long enough, never cut, not common, not made of their own words.
//!
//! [`check`] is the rule: one sentence for what is wrong. [`strength`] is the meter beside the
//! field, and [`measure`] its door's operation. The list of common passwords is `common.txt`,
//! from Django (`public/licences/Django-BSD.txt`), lower case and sorted by bytes.
//!
//! Hashing is not here: see [`crate::crypto::Hasher`].

mod common;
mod guess;
mod measure;
mod own;

pub use guess::strength;
pub use measure::measure;

use model::{Typed, account::bounds, password::Guess};

/// What protects the account besides the password, and so how long the password must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Least {
    /// Nothing.
    Alone,
    /// A second factor that is active.
    WithSecondFactor,
}

impl Least {
    /// Characters that a password needs.
    pub const fn characters(self) -> usize {
        match self {
            Self::Alone => bounds::PASSWORD_LEAST,
            Self::WithSecondFactor => bounds::PASSWORD_LEAST_WITH_FACTOR,
        }
    }
}

/// Whether a new password will do. `own_words` are the person's name and e-mail address and the
/// names of their teams, as they are written; the product's is added here.
///
/// # Errors
/// One sentence that says what is wrong and what to do.
pub fn check(typed: &Typed, least: Least, own_words: &[&str]) -> Result<(), String> {
    let password = typed.expose();
    let length = password.chars().count();
    if length < least.characters() {
        return Err(format!(
            "Use at least {} characters; this has {length}. Four random words do well.",
            least.characters()
        ));
    }
    if is_too_long(password) {
        return Err(too_long());
    }
    if is_one_character(password) {
        return Err(
            "One character repeated is guessed at once. Four random words do well.".to_owned()
        );
    }
    if common::is_common(password) {
        return Err(
            "This is among the passwords that are tried first, also with digits after it. \
                    Four random words do well."
                .to_owned(),
        );
    }
    if own::is_made_of(password, own_words) {
        return Err("Your own name, address or team, or the name of this program, is guessed at \
                    once. Use something else."
            .to_owned());
    }
    if guess::effort(password, own_words) <= Guess::Hours {
        return Err(
            "Guessable in hours: it follows a pattern. Four random words do well.".to_owned()
        );
    }
    Ok(())
}

fn is_too_long(password: &str) -> bool {
    password.chars().count() > bounds::PASSWORD_MOST || password.len() > bounds::PASSWORD_BYTES
}

fn too_long() -> String {
    format!("Use at most {} characters.", bounds::PASSWORD_MOST)
}

fn is_one_character(password: &str) -> bool {
    let first = password.chars().next();
    password.chars().all(|c| Some(c) == first)
}

/// What people put between and behind words so that a rule is content. Not signs of other
/// scripts: those are a choice.
fn is_filler(c: char) -> bool {
    c.is_ascii_digit() || c.is_ascii_punctuation() || c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: [&str; 3] = ["Ada Lindqvist", "ada.l@example.com", "Halden Freight"];

    fn said(text: &str) -> String {
        check(&Typed::new(text), Least::Alone, &OWN).err().unwrap_or_default()
    }

    #[test]
    fn a_password_is_counted_in_characters_and_never_cut() {
        assert_eq!(said("correct horse b"), "");
        let short = "Use at least 15 characters; this has 14. Four random words do well.";
        assert_eq!(said("correct horse "), short);
        assert_eq!(said("öäüßéèçñøåœæþð"), short);
        assert_eq!(said("öäüßéèçñøåœæþðż"), "");
        let random = "kéx7Qwö2pLm9Zr4vTb6Nd8Fs3Hj5Gk1a".repeat(4);
        assert_eq!(random.chars().count(), 128);
        assert_eq!(said(&random), "");
        assert_eq!(said(&format!("{random}b")), "Use at most 128 characters.");
    }

    #[test]
    fn eight_characters_do_beside_a_second_factor() {
        let check = |text: &str, least| check(&Typed::new(text), least, &OWN);
        assert_eq!(check("kx7Qw2pL", Least::WithSecondFactor), Ok(()));
        let said = check("kx7Qw2p", Least::WithSecondFactor).unwrap_err();
        assert_eq!(said, "Use at least 8 characters; this has 7. Four random words do well.");
        assert!(check("kx7Qw2pL", Least::Alone).is_err());
    }

    #[test]
    fn one_character_repeated_will_not_do() {
        let wrong = "One character repeated is guessed at once. Four random words do well.";
        assert_eq!(said(&"a".repeat(20)), wrong);
        assert_eq!(said(&"日".repeat(20)), wrong);
    }

    #[test]
    fn what_is_tried_first_will_not_do_whatever_is_put_behind_it() {
        for common in [
            "passwordpassword",
            "PasswordPassword",
            "password1234567890",
            "iloveyou!!!!!!!!",
            "qwertyqwertyqwerty99",
        ] {
            assert!(said(common).starts_with("This is among the passwords"), "{common}");
        }
    }

    #[test]
    fn the_persons_own_words_will_not_do_however_joined() {
        for own in [
            "Probity-Probity-2026",
            "ada.l@example.com",
            "LindqvistAda1990!",
            "Halden Freight 2026",
            "adahaldenprobity",
            "example.example.com",
        ] {
            assert!(said(own).starts_with("Your own name, address or team"), "{own}");
        }
        assert_eq!(said("Ada rides a quiet tram"), "");
    }

    #[test]
    fn what_follows_a_pattern_will_not_do() {
        for pattern in
            ["qwertyuiopasdfgh", "abcdefghijklmnop", "öäüöäüöäüöäüöäü", "20240101202401011"]
        {
            assert!(
                said(pattern).starts_with("Guessable in hours"),
                "{pattern}: {}",
                said(pattern)
            );
        }
    }
}
