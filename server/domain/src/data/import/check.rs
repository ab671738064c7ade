//! Looking at an export: its list, who signed it, and every byte of it. Needs nothing but the file.

use super::file::{File, open, refused, short};
use crate::Result;
use model::{
    audit::manifest_name,
    data::{Bundle, KINDS, MANIFEST, SCHEMA},
    ledger::{Evidence, NotSigned, PublicKey, Report, Signed, Verifier},
};
use std::{collections::BTreeSet, path::Path};

/// Bytes of a list at most.
const LIST: u64 = 4 << 20;
/// Files at most; ours have some dozens.
const FILES: usize = 2_000;
/// Bytes of everything at most, unpacked.
const BYTES: u64 = 1 << 40;

/// Bytes of what proves the log at most.
const PROOF: u64 = 1 << 30;

/// An export that is as its list says.
#[derive(Debug)]
pub struct Checked {
    pub bundle: Bundle,
    /// The key that signed it.
    pub key: PublicKey,
    /// What the check of the audit log in it found.
    pub log: Report,
    /// Its list as it was signed.
    pub(super) list: String,
}

/// Looks at all of it.
///
/// # Errors
/// [`crate::Error::Conflict`] with a sentence that says what is wrong.
pub fn check(path: &Path) -> Result<Checked> {
    let (bundle, key, list) = list(path)?;
    let mut file = File::open(path, &bundle)?;
    for kind in KINDS.iter().filter(|kind| kind.name != "audit") {
        let name = format!("{}.jsonl", kind.name);
        let (mut lines, mut rows) = (file.lines(&name)?, 0);
        while lines.row(kind)?.is_some() {
            rows += 1;
        }
        drop(lines);
        if file.entry(&name)?.rows != Some(rows) {
            return Err(refused(format!("{name} has {rows} rows, and its list says otherwise.")));
        }
    }
    let log = log(&mut file, key)?;
    let read: BTreeSet<String> = KINDS.iter().map(|kind| format!("{}.jsonl", kind.name)).collect();
    for name in file.names().iter().filter(|name| !read.contains(*name)) {
        whole(&mut file, name, |_| {})?;
    }
    Ok(Checked { bundle, key, log, list })
}

/// The list, whose signature is one, of the files that are there.
fn list(path: &Path) -> Result<(Bundle, PublicKey, String)> {
    let mut zip = open(path)?;
    if zip.len() > FILES {
        return Err(refused("It has more files than an export has. It is none of ours."));
    }
    let text = short(&mut zip, MANIFEST, LIST).ok_or_else(|| {
        refused("It has no manifest.json that can be read. It is no export of a team.")
    })?;
    let signed: Signed<Bundle> = serde_json::from_str(&text)
        .map_err(|_| refused("Its manifest.json is none. It is no export of a team."))?;
    let bundle = signed.open().map_err(|why| {
        refused(match why {
            NotSigned::OtherTitle => "Its manifest.json is one of something else.",
            NotSigned::Forged => "Its manifest.json was altered: the signature does not fit it.",
            NotSigned::Unknown => "A newer Probity made it. Import it with one as new as that.",
        })
    })?;
    if bundle.schema != SCHEMA {
        return Err(refused(format!(
            "Its files have version {}, and this Probity reads version {SCHEMA}. Use one that reads it.",
            bundle.schema
        )));
    }
    let listed: BTreeSet<&str> = bundle.files.iter().map(|file| file.name.as_str()).collect();
    let there: BTreeSet<&str> = zip.file_names().filter(|name| *name != MANIFEST).collect();
    if let Some(name) = there.difference(&listed).next() {
        return Err(refused(format!("{} is in it, and nobody signed for it.", shown(name))));
    }
    if let Some(name) = listed.difference(&there).next() {
        return Err(refused(format!("{} is missing in it. Fetch the export again.", shown(name))));
    }
    if listed.len() != bundle.files.len() || zip.len() != bundle.files.len() + 1 {
        return Err(refused("A file is in it twice. It is no export of ours."));
    }
    if let Some(name) = listed.iter().find(|name| !is_plain(name)) {
        return Err(refused(format!("{} is no name of a file of ours.", shown(name))));
    }
    let bytes = bundle.files.iter().try_fold(0_u64, |sum, file| sum.checked_add(file.bytes));
    if bytes.is_none_or(|bytes| bytes > BYTES) {
        return Err(refused("It unpacks to more than a tebibyte. It is no export of ours."));
    }
    Ok((bundle, signed.key(), text))
}

/// Below where it is unpacked, and nowhere else.
fn is_plain(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'/');
    name.len() <= 200
        && name.bytes().all(fits)
        && name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
}

/// A name from outside, as it may be shown.
fn shown(name: &str) -> String {
    name.chars().take(80).filter(|letter| !letter.is_control()).collect()
}

/// The log, as `probity audit verify` checks it.
fn log(file: &mut File, key: PublicKey) -> Result<Report> {
    let (name, mut text) = ("audit.jsonl", Vec::new());
    if file.entry(&manifest_name(name))?.bytes > PROOF {
        return Err(refused(
            "The proof of its audit log is larger than a gibibyte. It is none of ours.",
        ));
    }
    whole(file, &manifest_name(name), |piece| text.extend_from_slice(piece))?;
    let mut evidence = Evidence::new(Some(key));
    evidence.read(&String::from_utf8_lossy(&text));
    let mut verifier = Verifier::new(evidence);
    whole(file, name, |piece| verifier.read(piece))?;
    Ok(verifier.finish())
}

/// Reads a file to its end.
fn whole(file: &mut File, name: &str, mut take: impl FnMut(&[u8])) -> Result<()> {
    let (mut reading, mut piece) = (file.read(name)?, vec![0; 1 << 18]);
    loop {
        match reading.fill(&mut piece)? {
            0 => return Ok(()),
            length => take(&piece[..length]),
        }
    }
}
