//! PostgreSQL's log: a file in the data folder that starts over before it grows large.

use std::{
    collections::VecDeque,
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// The file is renamed to `….1` beyond this: two of them are kept.
const LARGEST: u64 = 5_000_000;
/// Lines remembered to explain why PostgreSQL stopped.
const REMEMBERED: usize = 20;

/// The last lines PostgreSQL said.
#[derive(Debug, Clone, Default)]
pub(super) struct Tail(Arc<Mutex<VecDeque<String>>>);

impl Tail {
    /// Copies all that `from` says into the file at `path`, until PostgreSQL has ended.
    pub(super) async fn follow(self, from: impl AsyncRead + Unpin, path: PathBuf) {
        let mut lines = BufReader::new(from).split(b'\n');
        let mut log = Rotating { path, file: None, size: 0 };
        while let Ok(Some(line)) = lines.next_segment().await {
            let line = String::from_utf8_lossy(&line).into_owned();
            log.write(&line);
            let mut last = self.0.lock().expect("nobody panics while holding the tail");
            last.push_back(line);
            if last.len() > REMEMBERED {
                last.pop_front();
            }
        }
    }

    /// The line that tells why it stopped, as the end of a sentence.
    pub(super) fn reason(&self) -> String {
        let last = self.0.lock().expect("nobody panics while holding the tail");
        let gravest_first = ["PANIC:  ", "FATAL:  ", "ERROR:  ", "LOG:  "];
        let found = gravest_first.iter().find_map(|mark| {
            let line = last.iter().rev().find(|line| line.contains(mark))?;
            line.split_once(mark).map(|(_, said)| said.to_owned())
        });
        let line = found.unwrap_or_else(|| "it said nothing".into());
        format!("{}.", line.trim_end_matches('.'))
    }
}

struct Rotating {
    path: PathBuf,
    file: Option<File>,
    size: u64,
}

impl Rotating {
    /// A line that cannot be written is let go: a full disk must not stop the database's own work.
    fn write(&mut self, line: &str) {
        if self.size > LARGEST {
            self.file = None;
            drop(fs::rename(&self.path, older(&self.path)));
        }
        if self.file.is_none() {
            let mut open = OpenOptions::new();
            self.file = open.append(true).create(true).mode(0o600).open(&self.path).ok();
            self.size = fs::metadata(&self.path).map_or(0, |it| it.len());
        }
        if let Some(file) = &mut self.file {
            drop(writeln!(file, "{line}"));
            self.size += line.len() as u64 + 1;
        }
    }
}

fn older(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".1");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_reason_is_the_gravest_line_without_its_prefix() {
        let path = std::env::temp_dir().join(format!("probity-log-{}", std::process::id()));
        let said = "2026 [7] LOG:  starting\n2026 [7] FATAL:  no space left\n2026 [7] LOG:  bye\n";
        let tail = Tail::default();
        tail.clone().follow(said.as_bytes(), path.clone()).await;
        assert_eq!(tail.reason(), "no space left.");
        assert_eq!(fs::read_to_string(&path).expect("written"), said);
        fs::remove_file(&path).expect("removed");
    }

    #[test]
    fn a_large_log_starts_over_and_keeps_one_older_file() {
        let path = std::env::temp_dir().join(format!("probity-rotate-{}", std::process::id()));
        let mut log = Rotating { path: path.clone(), file: None, size: LARGEST + 1 };
        fs::write(&path, "old\n").expect("written");
        log.write("new");
        assert_eq!(fs::read_to_string(older(&path)).expect("kept"), "old\n");
        assert_eq!(fs::read_to_string(&path).expect("started over"), "new\n");
        fs::remove_file(older(&path)).expect("removed");
        fs::remove_file(&path).expect("removed");
    }
}
