//! Deliveries appended to files of a folder: one for each day, below a root that the operator chose. No
//! name in a path is somebody's.

use super::webhook::rfc3339;
use domain::audit::stream::{Carried, Content, Line, NotCarried, Parcel};
use rustix::fs::OFlags;
use serde::Deserialize;
use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use tokio::task::spawn_blocking;

/// Bytes that are looked at in one go for where a file ends.
const WINDOW: u64 = 1 << 20;

/// The root of all folders.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    /// Appends a delivery, and returns when the disk has it.
    pub(super) async fn append(&self, parcel: &Parcel) -> Result<Carried, NotCarried> {
        let folder = self.0.join(parcel.team.to_string()).join(parcel.stream.to_string());
        let stream = parcel.stream;
        let days = match &parcel.content {
            Content::Records(lines) => by_day(lines),
            Content::Test => Vec::new(),
        };
        let test =
            format!("{{\"type\":\"audit.test\",\"timestamp\":\"{}\"}}\n", rfc3339(parcel.at));
        let written = spawn_blocking(move || {
            DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
            if days.is_empty() {
                return whole(&folder.join("test.json"), &test);
            }
            days.iter().try_for_each(|day| append(&folder.join(&day.name), day))
        });
        match written.await {
            Ok(Ok(())) => Ok(Carried { status: None }),
            Ok(Err(error)) => {
                tracing::warn!(%stream, %error, "A stream's folder cannot be written.");
                Err(NotCarried::because(
                    "The folder cannot be written. Whoever runs this Probity can say why.",
                ))
            }
            Err(_) => Err(NotCarried::because("Writing broke off.")),
        }
    }
}

/// Records that go into one file.
struct Day {
    name: String,
    first: i64,
    last: i64,
    text: String,
}

fn by_day(lines: &[Line]) -> Vec<Day> {
    let days = lines.chunk_by(|a, b| a.at.date() == b.at.date());
    let day = |lines: &[Line]| Day {
        name: format!("{}.jsonl", lines[0].at.date()),
        first: lines[0].seq,
        last: lines[lines.len() - 1].seq,
        text: lines.iter().map(|line| line.text.clone() + "\n").collect(),
    };
    days.map(day).collect()
}

fn open(path: &Path) -> io::Result<File> {
    let is_new = !path.exists();
    let follow_no_link = OFlags::NOFOLLOW.bits().cast_signed();
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    let file = options.custom_flags(follow_no_link).open(path)?;
    if let (true, Some(folder)) = (is_new, path.parent()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(file)
}

fn append(path: &Path, day: &Day) -> io::Result<()> {
    let mut file = open(path)?;
    let end = known_end(&mut file, day)?;
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    file.write_all(day.text.as_bytes())?;
    file.sync_all()
}

fn whole(path: &Path, text: &str) -> io::Result<()> {
    let mut file = open(path)?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[derive(Deserialize)]
struct Numbered {
    seq: i64,
}

/// Where what was taken in ends: before half a line, and before lines of this same delivery, which somebody
/// wrote and could not note.
fn known_end(file: &mut File, day: &Day) -> io::Result<u64> {
    let mut end = file.metadata()?.len();
    let mut is_first = true;
    while let Some((begin, line)) = last_line(file, end)? {
        let is_whole = line.ends_with(b"\n");
        let seq = serde_json::from_slice::<Numbered>(&line).ok().map(|line| line.seq);
        let is_ours = seq.is_some_and(|seq| (day.first..=day.last).contains(&seq));
        if !is_ours && (is_whole || !is_first) {
            break;
        }
        (end, is_first) = (begin, false);
    }
    Ok(end)
}

/// The last line before `end`, with where it begins and the end of the line, if it has one.
fn last_line(file: &mut File, end: u64) -> io::Result<Option<(u64, Vec<u8>)>> {
    if end == 0 {
        return Ok(None);
    }
    let mut line = Vec::new();
    let mut begin = end;
    while begin > 0 {
        let from = begin.saturating_sub(WINDOW);
        let length = usize::try_from(begin - from).expect("a window fits into memory");
        let mut piece = vec![0; length];
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(&mut piece)?;
        // The very last byte ends the line itself.
        let looked_at = if line.is_empty() { length - 1 } else { length };
        let before = piece[..looked_at].iter().rposition(|byte| *byte == b'\n');
        let at = before.map_or(0, |at| at + 1);
        line.splice(0..0, piece[at..].iter().copied());
        begin = from + at as u64;
        if before.is_some() {
            break;
        }
    }
    Ok(Some((begin, line)))
}

#[cfg(test)]
mod tests;
