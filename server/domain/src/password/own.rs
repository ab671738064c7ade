//! Words that are guessed first because they are the person's own.

use super::is_filler;
use std::collections::BTreeSet;

/// The product's name is nobody's secret either.
const PRODUCT: &str = "probity";

/// Whether the password is one of the person's own words or several joined, whatever digits and
/// signs stand around and between them.
pub(super) fn is_made_of(password: &str, own_words: &[&str]) -> bool {
    let bare = bare(password);
    !bare.is_empty() && is_joined(&bare, &parts(own_words))
}

/// The words themselves and the words in them: first and last name, both sides of an address.
pub(super) fn parts(own_words: &[&str]) -> BTreeSet<String> {
    let whole = own_words.iter().copied().chain([PRODUCT]);
    let split = own_words.iter().flat_map(|word| word.split(is_filler));
    // A single letter is an initial, not a word.
    whole.chain(split).map(bare).filter(|part| part.chars().count() > 1).collect()
}

fn bare(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| !is_filler(*c)).collect()
}

/// Whether `text` is nothing but `parts`, one after the other.
fn is_joined(text: &str, parts: &BTreeSet<String>) -> bool {
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for at in 0..text.len() {
        if reached[at] {
            for part in parts.iter().filter(|part| text[at..].starts_with(part.as_str())) {
                reached[at + part.len()] = true;
            }
        }
    }
    reached[text.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_local_part_and_a_domain() {
        let parts = parts(&["ada.l@example.com"]);
        let parts: Vec<_> = parts.iter().map(String::as_str).collect();
        assert_eq!(parts, ["ada", "adalexamplecom", "com", "example", "probity"]);
    }

    #[test]
    fn words_are_found_joined_and_between_digits_but_not_inside_others() {
        let own = ["Ada Lindqvist", "Ørsted Kraft"];
        for made in ["ada", "1Ada2", "ada_lindqvist", "LINDQVIST-ADA-1990", "ørstedkraftada"] {
            assert!(is_made_of(made, &own), "{made}");
        }
        for other in ["", "1990", "adam", "ada rides", "🎈ada🎈"] {
            assert!(!is_made_of(other, &own), "{other}");
        }
    }
}
