//! Finding our keys in any text: by their form and their checksum, which lets no look-alike through.

use crate::{Error, Result, crypto::token, key::cache::Hash};
use secrecy::SecretString;
use std::collections::{HashMap, hash_map::Entry};
use zeroize::Zeroizing;

/// How each of our keys begins.
const BEGINS: &[u8] = b"pby_";
/// Lines that are told of one key.
const LINES: usize = 20;

/// Looks for keys in bytes that come piece by piece. What it keeps of a key is its hash and what may
/// be shown; of the text, less than a key's length.
pub struct Finder {
    /// The end of what came, in which a key may have begun.
    rest: Zeroizing<Vec<u8>>,
    /// The line on which the rest begins, from 1.
    line: u64,
    places: HashMap<Hash, usize>,
    keys: Vec<Sighting>,
    /// Different keys that are looked for.
    most: usize,
}

/// A key that stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sighting {
    pub(super) hash: Hash,
    /// As much of it as may be shown.
    pub(super) start: String,
    /// Where it stands, each line once, the first [`LINES`] of them.
    pub(super) lines: Vec<u64>,
}

impl Finder {
    /// Finds at most so many different keys.
    pub fn new(most: usize) -> Self {
        Self { rest: Zeroizing::default(), line: 1, places: HashMap::new(), keys: Vec::new(), most }
    }

    /// Looks through the next piece, of any bytes.
    ///
    /// # Errors
    /// A sentence at `text` when there are more different keys than it finds.
    pub fn read(&mut self, piece: &[u8]) -> Result<()> {
        let mut text = std::mem::take(&mut self.rest);
        text.extend_from_slice(piece);
        let mut counted = 0;
        for (at, key) in text.windows(token::KEY).enumerate() {
            // Nothing is hashed before it has the whole form, so that no text takes long.
            let Some(key) =
                key.starts_with(BEGINS).then(|| std::str::from_utf8(key).ok()).flatten()
            else {
                continue;
            };
            if token::is_key(key) {
                self.line += lines(&text[counted..at]);
                counted = at;
                self.saw(key)?;
            }
        }
        let rest = text.len().saturating_sub(token::KEY - 1);
        self.line += lines(&text[counted.min(rest)..rest]);
        self.rest = Zeroizing::new(text[rest..].to_vec());
        Ok(())
    }

    fn saw(&mut self, key: &str) -> Result<()> {
        let hash = token::hash(&SecretString::from(key));
        match self.places.entry(hash) {
            Entry::Occupied(place) => {
                let lines = &mut self.keys[*place.get()].lines;
                if lines.last() != Some(&self.line) && lines.len() < LINES {
                    lines.push(self.line);
                }
            }
            Entry::Vacant(_) if self.keys.len() == self.most => {
                let said = format!("There are more than {} different keys in it.", self.most);
                return Err(Error::field("text", said + " Send it in parts."));
            }
            Entry::Vacant(place) => {
                place.insert(self.keys.len());
                let start = key[..token::START].to_owned();
                self.keys.push(Sighting { hash, start, lines: vec![self.line] });
            }
        }
        Ok(())
    }

    /// Every key, in the order in which they were first seen.
    pub(super) fn keys(self) -> Vec<Sighting> {
        self.keys
    }
}

fn lines(text: &[u8]) -> u64 {
    text.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

#[cfg(test)]
mod tests;
