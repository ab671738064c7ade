//! Recovery codes: 80 random bits each, in digits that are hard to misread.

use crate::ports::Random;
use model::factor::bounds::RECOVERY_CODES;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Crockford's base 32: no I, L, O or U.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Digits of a code: 16 times five bits.
const LENGTH: usize = 16;

/// A set of new codes, as people type them: `7HQ2-VK9M-DB8R-NM3X`.
pub(crate) fn new_codes(random: &dyn Random) -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| new_code(random)).collect()
}

fn new_code(random: &dyn Random) -> String {
    let mut bytes = Zeroizing::new([0; LENGTH]);
    random.fill(bytes.as_mut());
    let digits: Vec<char> =
        bytes.iter().map(|byte| char::from(DIGITS[usize::from(byte % 32)])).collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What was typed, without spaces and hyphens and with look-alikes set right; nothing when it
/// cannot be a code of ours.
pub(crate) fn read(typed: &str) -> Option<Zeroizing<String>> {
    let mut code = Zeroizing::new(String::with_capacity(LENGTH));
    for c in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let digit = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if code.len() == LENGTH || !digit.is_ascii() || !DIGITS.contains(&(digit as u8)) {
            return None;
        }
        code.push(digit);
    }
    (code.len() == LENGTH).then_some(code)
}

/// What is stored: SHA-256 of the person and the code. There is nothing to guess in 80 random
/// bits, and the same code of two people has two hashes.
pub(crate) fn hash(person: Uuid, code: &str) -> [u8; 32] {
    Sha256::new_with_prefix(person.as_bytes()).chain_update(code.as_bytes()).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SystemRandom;

    #[test]
    fn ten_codes_of_eighty_bits_differ() {
        let codes = new_codes(&SystemRandom);
        assert_eq!(codes.len(), 10);
        for code in &codes {
            assert_eq!(code.len(), 19, "{code}");
            assert_eq!(codes.iter().filter(|other| *other == code).count(), 1);
            assert_eq!(read(code).unwrap().as_str(), code.replace('-', ""));
        }
    }

    #[test]
    fn two_peoples_same_code_is_stored_differently() {
        let of = |person: u128| hash(Uuid::from_u128(person), "7HQ2VK9MDB8RNM3X");
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn what_is_misread_is_set_right_and_what_is_none_is_none() {
        assert_eq!(read(" o1l2-vk9m db8r-nm3x ").unwrap().as_str(), "0112VK9MDB8RNM3X");
        for wrong in
            ["", "123456", "7HQ2-VK9M-DB8R-NM3", "7HQ2-VK9M-DB8R-NM3X0", "7HQ2-VK9M-DB8R-NMÜ"]
        {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
