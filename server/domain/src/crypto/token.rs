//! Secret text: session tokens, one-time tokens and API keys.

use super::base62;
use crate::ports::{Random, random_256};
use model::{Typed, key::Environment};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

/// Digits of 256 random bits.
const BODY: usize = 43;
/// Digits of the checksum.
const CHECK: usize = 6;
/// Bytes of a key.
pub(crate) const KEY: usize = "pby_live_".len() + BODY + CHECK;
/// Characters of a key that may be shown: prefix, environment and eight of 43 digits, which
/// leaves 208 bits unknown.
pub(crate) const START: usize = "pby_live_".len() + 8;

/// A token of 256 random bits.
pub(crate) fn new_token(random: &dyn Random) -> SecretString {
    SecretString::from(base62::encode(random_256(random).as_slice(), BODY))
}

/// What is stored instead of a secret. Plain SHA-256 is enough: there is nothing to guess in 256
/// random bits.
pub fn hash(secret: &SecretString) -> [u8; 32] {
    Sha256::digest(secret.expose_secret().as_bytes()).into()
}

/// The same of a secret that somebody sent.
pub(crate) fn hash_typed(secret: &Typed) -> [u8; 32] {
    Sha256::digest(secret.expose().as_bytes()).into()
}

/// The text of a new API key and the part of it that may be shown.
pub(crate) fn new_key(random: &dyn Random, environment: Environment) -> (SecretString, String) {
    let body = base62::encode(random_256(random).as_slice(), BODY);
    let mut text = format!("pby_{}_{body}", environment.name());
    text.push_str(&checksum(&text));
    let start = text[..START].to_owned();
    (SecretString::from(text), start)
}

/// The hash of what may be a key of ours; none for what is none.
pub(crate) fn hash_of_key(key: &Typed) -> Option<[u8; 32]> {
    is_key(key.expose()).then(|| hash_typed(key))
}

/// Whether `text` is a key of ours, as far as its form and checksum tell. Saves asking the
/// database about typing errors and other people's keys.
pub fn is_key(text: &str) -> bool {
    let Some((front, check)) = text.split_at_checked(text.len().saturating_sub(CHECK)) else {
        return false;
    };
    let Some(body) = front.strip_prefix("pby_live_").or_else(|| front.strip_prefix("pby_test_"))
    else {
        return false;
    };
    body.len() == BODY && base62::is_base62(body) && base62::value(check) == Some(check_of(front))
}

/// Tells a typing error; it is no secret.
fn checksum(text: &str) -> String {
    base62::encode(&check_of(text).to_be_bytes(), CHECK)
}

/// The first 32 bits of SHA-256 of what stands before the checksum.
fn check_of(text: &str) -> u32 {
    let mut digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let [a, b, c, d, ..] = digest;
    digest.zeroize();
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SystemRandom;

    #[test]
    fn a_key_is_recognised_and_a_typing_error_is_not() {
        let (key, start) = new_key(&SystemRandom, Environment::Live);
        let text = key.expose_secret();
        assert_eq!((text.len(), KEY), (58, 58));
        assert!(text.starts_with(&start) && start.starts_with("pby_live_"));
        assert!(is_key(text));
        for at in 9..text.len() {
            let mut wrong = text.to_owned().into_bytes();
            wrong[at] = if wrong[at] == b'x' { b'y' } else { b'x' };
            let wrong = String::from_utf8(wrong).unwrap();
            assert!(!is_key(&wrong), "a change at {at} went unnoticed");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_without_a_panic() {
        for wrong in ["", "pby_live_", "pby_prod_x", "ключ", "pby_live_ключключключ", "é"]
        {
            assert!(!is_key(wrong), "{wrong}");
        }
    }

    #[test]
    fn two_keys_differ() {
        let one = new_key(&SystemRandom, Environment::Test).0;
        let other = new_key(&SystemRandom, Environment::Test).0;
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert_ne!(hash(&one), hash(&other));
    }
}
