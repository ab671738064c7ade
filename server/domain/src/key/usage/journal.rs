//! Notes in files, so that what was counted outlives the program when it is killed.
//!
//! A note is in the file when the system call returns: the kernel keeps it whatever becomes of the
//! program. (It is not forced to the disk: when the machine loses power, the last seconds are lost.)
//! Each file is locked by the program that writes it; a file that nobody locks was left behind.

use super::{
    super::held,
    Batch, Counts,
    note::{LENGTH, Note},
};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read},
    os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use uuid::Uuid;

/// Bytes of one file at most: four million calls. When it is full before it is taken, memory counts the
/// rest.
const MOST: u64 = 256 << 20;

/// Where verifications are noted.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    current: RwLock<Segment>,
    /// Left behind by a program that was killed, or taken and not yet added.
    left: Mutex<Vec<(Segment, Uuid)>>,
    in_trouble: AtomicBool,
}

/// A file of notes.
#[derive(Debug)]
struct Segment {
    file: File,
    path: PathBuf,
    id: Uuid,
    end: AtomicU64,
}

impl Journal {
    /// Opens the journal in a folder, which is made if need be, and finds what was left there.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn open(folder: &Path) -> io::Result<Self> {
        if !folder.exists() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let left = Mutex::new(left_behind(folder)?);
        let current = RwLock::new(Segment::create(folder)?);
        Ok(Self { folder: folder.to_owned(), current, left, in_trouble: AtomicBool::new(false) })
    }

    /// Whether the notes are in the file.
    pub(super) fn write(&self, notes: &[[u8; LENGTH]]) -> bool {
        let bytes = notes.as_flattened();
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let at = current.end.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        if at >= MOST {
            return false;
        }
        let written = current.file.write_all_at(bytes, at);
        self.tell(written.as_ref().err());
        written.is_ok()
    }

    /// Begins a new file, and gives what is in the ones before it.
    pub(super) fn take(&self) -> Vec<Batch> {
        let mut left = held(&self.left);
        let is_empty = {
            let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
            current.end.load(Ordering::Acquire) == 0
        };
        if !is_empty {
            match Segment::create(&self.folder) {
                Ok(next) => {
                    let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
                    let full = std::mem::replace(&mut *current, next);
                    let id = full.id;
                    left.push((full, id));
                }
                Err(error) => self.tell(Some(&error)),
            }
        }
        let mut batches = Vec::new();
        left.retain_mut(|(segment, id)| match segment.read() {
            Ok(counts) => {
                let file = Some(segment.path.clone());
                batches.push(Batch { id: *id, counts, file });
                false
            }
            Err(error) => {
                self.tell(Some(&error));
                true
            }
        });
        batches
    }

    /// Says it in the log when trouble begins, and when it is over.
    fn tell(&self, trouble: Option<&io::Error>) {
        let was = match trouble {
            None if !self.in_trouble.load(Ordering::Relaxed) => return,
            _ => self.in_trouble.swap(trouble.is_some(), Ordering::Relaxed),
        };
        match trouble {
            Some(error) if !was => tracing::error!(
                cause = %error,
                "The journal of usage cannot be written: a kill now would lose counts."
            ),
            None if was => tracing::info!("The journal of usage can be written again."),
            _ => {}
        }
    }
}

impl Segment {
    fn create(folder: &Path) -> io::Result<Self> {
        let id = Uuid::from_bytes(random()?);
        let path = folder.join(format!("{id}.calls"));
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        file.lock()?;
        Ok(Self { file, path, id, end: AtomicU64::new(0) })
    }

    fn read(&mut self) -> io::Result<Counts> {
        let mut counts = Counts::default();
        let mut file = io::BufReader::with_capacity(1 << 16, File::open(&self.path)?);
        let mut note = [0; LENGTH];
        loop {
            match file.read_exact(&mut note) {
                Ok(()) => counts.add(&Note(note)),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(counts),
                Err(error) => return Err(error),
            }
        }
    }
}

/// Files that nobody writes any more.
fn left_behind(folder: &Path) -> io::Result<Vec<(Segment, Uuid)>> {
    let mut left = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(id) = name.strip_suffix(".calls").and_then(|id| id.parse().ok()) else { continue };
        let file = OpenOptions::new().read(true).write(true).open(&path)?;
        if file.try_lock().is_ok() {
            left.push((Segment { file, path, id, end: AtomicU64::new(MOST) }, id));
        }
    }
    Ok(left)
}

fn random() -> io::Result<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
