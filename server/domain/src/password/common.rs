//! The passwords that are tried first.

use super::is_filler;
use std::sync::OnceLock;

/// Lower case, one in a line, sorted by bytes.
const LIST: &str = include_str!("common.txt");

/// Whether this is a common password: also in capitals, with digits and signs behind it, and
/// written several times over.
pub(super) fn is_common(password: &str) -> bool {
    let folded = password.to_lowercase();
    let bare = folded.trim_end_matches(is_filler);
    [folded.as_str(), bare].into_iter().any(|word| is_listed(word) || is_listed(unit(word)))
}

fn is_listed(word: &str) -> bool {
    static LINES: OnceLock<Vec<&str>> = OnceLock::new();
    LINES.get_or_init(|| LIST.lines().collect()).binary_search(&word).is_ok()
}

/// What `word` repeats: its shortest part that makes it when written several times.
fn unit(word: &str) -> &str {
    let repeats = |end: &usize| {
        let part = &word[..*end];
        word.len().is_multiple_of(*end) && word.split(part).all(str::is_empty)
    };
    let mut ends = word.char_indices().map(|(at, _)| at).filter(|at| *at > 0);
    ends.find(repeats).map_or(word, |end| &word[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_long_lower_case_and_sorted() {
        let lines: Vec<_> = LIST.lines().collect();
        assert!(lines.len() >= 10_000, "{}", lines.len());
        assert!(lines.is_sorted());
        assert!(lines.iter().all(|line| !line.is_empty() && *line == line.to_lowercase()));
    }

    #[test]
    fn a_word_is_found_in_capitals_repeated_and_with_digits_behind_it() {
        for common in
            ["password", "PassWord", "passwordpassword", "password!2026", "пароль", "123456"]
        {
            assert!(is_common(common), "{common}");
        }
        for rare in ["", "?§?", "kx7qw2pl", "passwort-und-mehr"] {
            assert!(!is_common(rare), "{rare}");
        }
    }

    #[test]
    fn the_unit_of_a_word_is_its_shortest_repeated_part() {
        assert_eq!(unit("abcabcabc"), "abc");
        assert_eq!(unit("aaaa"), "a");
        assert_eq!(unit("яяяя"), "я");
        assert_eq!(unit("abcab"), "abcab");
        assert_eq!(unit(""), "");
    }
}
