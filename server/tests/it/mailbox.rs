//! The folder in which mail lies that does not leave.

use crate::program::{Home, wait_for};
use std::fs;

/// The token of the link with this path, in the latest letter to `email` that has one.
pub(crate) fn token(home: &Home, email: &str, path: &str) -> String {
    wait_for("the letter", || {
        let letters = letters(home);
        let theirs = letters.iter().rev().filter(|letter| letter.contains(email));
        let (_, rest) = theirs.filter_map(|letter| letter.split_once(path)).next()?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')?;
        Some(rest[..end].to_owned())
    })
}

/// Every letter, the latest last, with long lines put together again.
pub(crate) fn letters(home: &Home) -> Vec<String> {
    let Ok(folder) = fs::read_dir(home.folder.join("outbox")) else { return Vec::new() };
    let mut files: Vec<_> = folder.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let letters = files.iter().filter(|file| file.extension().is_some_and(|end| end == "eml"));
    letters.flat_map(fs::read_to_string).map(|text| text.replace("=\r\n", "")).collect()
}
