//! Numbers in digits and letters, without a character that is lost in a double click.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `bytes` as one big-endian number in base 62, padded to `length` digits.
///
/// 32 bytes need 43 digits, 4 bytes need 6.
pub(super) fn encode(bytes: &[u8], length: usize) -> String {
    let mut number = bytes.to_vec();
    let mut digits = vec![0; length];
    for digit in digits.iter_mut().rev() {
        let mut rest = 0_u32;
        for byte in &mut number {
            let value = rest << 8 | u32::from(*byte);
            *byte = u8::try_from(value / 62).expect("a remainder below 62 keeps this in a byte");
            rest = value % 62;
        }
        *digit = DIGITS[rest as usize];
    }
    zeroize::Zeroize::zeroize(&mut number);
    digits.into_iter().map(char::from).collect()
}

/// The number that [`encode`] writes like this; none for what it never writes.
pub(super) fn value(text: &str) -> Option<u32> {
    text.bytes().try_fold(0_u32, |number, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'a'..=b'z' => byte - b'a' + 36,
            _ => return None,
        };
        number.checked_mul(62)?.checked_add(digit.into())
    })
}

/// Whether all of `text` are digits of base 62.
pub(super) fn is_base62(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_like_numbers() {
        assert_eq!(encode(&[0], 2), "00");
        assert_eq!(encode(&[61], 2), "0z");
        assert_eq!(encode(&[62], 2), "10");
        assert_eq!(encode(&[255; 4], 6), "4gfFC3");
        assert_eq!(encode(&[255; 32], 43).len(), 43);
        assert_ne!(&encode(&[255; 32], 43)[..1], "0", "43 digits are just enough");
    }

    #[test]
    fn what_was_written_is_read_again_and_nothing_else() {
        for number in [0, 9, 61, 62, 1_234_567, u32::MAX] {
            assert_eq!(value(&encode(&number.to_be_bytes(), 6)), Some(number));
        }
        for wrong in ["4gfFC4", "zzzzzz", "00000-", "0000é"] {
            assert_eq!(value(wrong), None, "{wrong}");
        }
    }
}
