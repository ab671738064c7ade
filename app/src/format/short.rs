//! What is too long to be shown whole.

/// A hash in groups of four, shortened: "9f3c 21ab … 70e4".
pub fn short_hash(hash: &str) -> String {
    match (hash.get(..4), hash.get(4..8), hash.get(hash.len().saturating_sub(4)..)) {
        (Some(first), Some(second), Some(last)) if hash.len() > 12 => {
            format!("{first} {second} … {last}")
        }
        _ => hash.to_owned(),
    }
}

/// What a record is about: an id is shortened to its kind and its last digits, which differ most.
pub fn target(text: &str) -> String {
    match text.split_once('_') {
        Some((kind, digits))
            if digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()) =>
        {
            format!("{kind}_…{}", &digits[26..])
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_shortened_and_a_name_is_not() {
        assert_eq!(target("person_01a202dda60876adad37bcd86a2ee0e3"), "person_…2ee0e3");
        assert_eq!(target("billing_sync"), "billing_sync");
    }

    #[test]
    fn a_hash_is_shortened_and_short_text_is_left_alone() {
        assert_eq!(short_hash("9f3c21ab00000000000070e4"), "9f3c 21ab … 70e4");
        assert_eq!(short_hash("abcd"), "abcd");
        assert_eq!(short_hash("aéééééé"), "aéééééé");
    }
}
