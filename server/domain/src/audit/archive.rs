//! Checkpoints in files, outside the database: what a ledger was, whatever becomes of the database.
//!
//! A file for each day, a signed checkpoint on each line. Each file begins with the latest checkpoint of
//! every ledger, so that the newest file alone tells all that is needed.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use time::Date;

/// The folder of checkpoints.
#[derive(Debug, Clone)]
pub struct Archive {
    folder: PathBuf,
}

impl Archive {
    /// In this folder, which is made if need be.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        if !folder.exists() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// The lines of the newest file; empty if there is none yet.
    pub(super) fn newest(&self) -> io::Result<String> {
        let files = self.files()?;
        files.last().map_or_else(|| Ok(String::new()), fs::read_to_string)
    }

    /// Adds these to the file of the day, which begins with `all` if it is new. When this returns, they
    /// are on the disk.
    pub(super) fn add(&self, day: Date, new: &[String], all: &[String]) -> io::Result<()> {
        let _alone = self.lock()?;
        let path = self.folder.join(format!("{day}.jsonl"));
        if path.exists() {
            return append(&path, new);
        }
        let unfinished = path.with_extension("new");
        let mut file =
            open(OpenOptions::new().write(true).create(true).truncate(true), &unfinished)?;
        file.write_all(lines(all).as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)?;
        File::open(&self.folder)?.sync_all()
    }

    /// Held by one program at a time.
    fn lock(&self) -> io::Result<File> {
        let path = self.folder.join("lock");
        let file = open(OpenOptions::new().write(true).create(true).truncate(false), &path)?;
        file.lock()?;
        Ok(file)
    }

    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "jsonl") {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }
}

/// Behind what is there; a line that was cut when the machine lost its power stays a line of its own.
fn append(path: &Path, new: &[String]) -> io::Result<()> {
    let mut file = open(OpenOptions::new().read(true).append(true), path)?;
    let mut last = [b'\n'];
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    let end = if last == [b'\n'] { "" } else { "\n" };
    file.write_all(format!("{end}{}", lines(new)).as_bytes())?;
    file.sync_all()
}

fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    options.mode(0o600).open(path)
}

fn lines(all: &[String]) -> String {
    all.iter().flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_line_that_was_cut_takes_no_other_with_it() {
        let folder = std::env::temp_dir().join(format!("probity-archive-{}", std::process::id()));
        let archive = Archive::open(&folder).unwrap();
        let line = |text: &str| text.to_owned();
        assert_eq!(archive.newest().unwrap(), "");
        archive.add(date!(2026 - 11 - 26), &[line("a")], &[line("all"), line("a")]).unwrap();
        let file = folder.join("2026-11-26.jsonl");
        fs::write(&file, "all\na\ncu").unwrap();
        archive.add(date!(2026 - 11 - 26), &[line("b")], &[line("all"), line("b")]).unwrap();
        assert_eq!(archive.newest().unwrap(), "all\na\ncu\nb\n");
        archive.add(date!(2026 - 11 - 27), &[line("c")], &[line("all"), line("c")]).unwrap();
        assert_eq!(archive.newest().unwrap(), "all\nc\n");
        fs::remove_dir_all(&folder).unwrap();
    }
}
