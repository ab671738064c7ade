//! Text as it is compared: without case, compatible forms made one, spaces made single.
//!
//! Both a keyword and a message go through [`fold`], so that `STRASSE` is `Straße`, `ﬁn` is `fin` and
//! full-width letters are letters (Unicode 3.13, compatibility caseless matching). What nobody sees
//! (soft hyphens, joiners, variation selectors) is left out. Dotted and dotless i stay two letters.
//!
//! **Words.** A boundary is between two characters unless both belong to a word: letters, digits, and
//! the marks on them. Where words are written without spaces (Chinese, Japanese, Thai, Lao, Khmer,
//! Burmese) every character is a word: 東京 is found in 東京都.

use caseless::Caseless;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The text as it is compared.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return single_spaced(&text.to_ascii_lowercase());
    }
    let seen = text.chars().filter(|c| !is_ignorable(*c));
    // Twice: what becomes compatible may have a case again, as ㎏ and 𝐀 have.
    let folded = seen.nfd().default_case_fold().nfkc().default_case_fold().nfkc();
    single_spaced(&folded.collect::<String>())
}

fn single_spaced(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !single.is_empty() {
            single.push(' ');
        }
        single.push_str(word);
    }
    single
}

/// Whether a word may begin or end between these two; nothing is before the first character.
pub(super) fn is_boundary(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return true };
    // A mark belongs to what it stands on, whatever that is.
    if is_combining_mark(after) {
        return before == ' ';
    }
    !(is_word(before) && is_word(after)) || is_unspaced(before) || is_unspaced(after)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Blocks of scripts that put no spaces between words.
const fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties.txt).
const fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_alike_is_alike() {
        for (a, b) in [
            ("Running  SHOES\n", "running shoes"),
            ("STRASSE", "straße"),
            ("STRAẞE", "straße"),
            ("ﬁn", "FIN"),
            ("ＡＢＣ１", "abc1"),
            ("cafe\u{301}", "CAFÉ"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("МОСКВА", "москва"),
            ("㎏", "KG"),
            ("𝐀𝐁", "ab"),
            ("so\u{ad}fa\u{200b}", "sofa"),
            ("❤\u{fe0f}", "❤"),
            ("a\u{a0}b\u{3000}c", "a b c"),
            ("ｶﾞ", "ガ"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
    }

    #[test]
    fn what_reads_otherwise_is_not() {
        for (a, b) in [("ı", "i"), ("İ", "i"), ("é", "e"), ("ö", "oe"), ("а", "a"), ("東", "京")]
        {
            assert_ne!(fold(a), fold(b), "{a} and {b}");
        }
    }

    #[test]
    fn folding_again_changes_nothing() {
        for text in ["İstanbul", "ﬃ Ǆ ㍿ ﷺ", "ẞ ΐ ŉ", "각 \u{1100}\u{1161}\u{11a8}", "🧑‍💻 é̱̈"]
        {
            let once = fold(text);
            assert_eq!(fold(&once), once, "{text}");
        }
    }

    #[test]
    fn words_end_where_people_see_it() {
        let at = |text: &str| {
            let mut chars = text.chars();
            let (a, b) = (chars.next(), chars.next());
            is_boundary(a, b)
        };
        for apart in ["a ", " a", "a-", "a.", "東京", "a東", "ก า", "+a"] {
            assert!(at(apart), "{apart}");
        }
        for together in ["ab", "a1", "яж", "a\u{331}", "+\u{301}", "한국"] {
            assert!(!at(together), "{together}");
        }
        assert!(is_boundary(None, Some('a')) && is_boundary(Some('a'), None));
    }
}
