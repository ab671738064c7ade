//! Finding all keywords of a team in a message, in one pass over it (Aho and Corasick, 1975).
//!
//! Boundaries of words are put into the text as a byte that no UTF-8 has, in keywords as in messages:
//! what the automaton finds then begins and ends where words do, and nothing needs a second look.

mod build;
mod find;

pub(super) use build::{MatchProgram, MatchRule, Source};
pub(super) use find::{Sought, Tag};

use aho_corasick::AhoCorasick;
use std::collections::HashMap;

/// Between two words.
const BOUNDARY: u8 = 0xff;

/// The rules of a team, ready to be asked. It holds its affiliate keys, and shows itself nowhere.
pub(super) struct Matcher {
    /// The best first: an offer's place is its number here.
    rules: Vec<MatchRule>,
    programs: Vec<MatchProgram>,
    /// Rules by the whole of a message.
    exact: HashMap<Box<str>, Vec<u32>>,
    /// Finds what stands in a message …
    patterns: AhoCorasick,
    /// … and whose it is.
    of_pattern: Vec<Vec<u32>>,
    /// Where days begin.
    zone: Box<str>,
}

#[cfg(test)]
mod tests;
