//! One owner of a data folder at a time: a lock that the kernel lets go when the owner dies.

use super::{Result, error::At};
use rustix::fs::{FlockOperation, flock};
use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};

/// Ownership of a data folder, until it is dropped or the process ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Who owns the data folder now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub pid: u32,
    /// Its command, e.g. `serve`.
    pub command: String,
}

impl Lock {
    /// Takes the lock for `command`, or says who holds it.
    pub fn take(path: &Path, command: &str) -> Result<Result<Self, Holder>> {
        let mut open = OpenOptions::new();
        let mut file = open
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .at(path, "opened")?;
        if let Err(taken) = flock(&file, FlockOperation::NonBlockingLockExclusive) {
            if taken != rustix::io::Errno::WOULDBLOCK {
                return Err(taken.into()).at(path, "locked");
            }
            return Ok(Err(read_holder(&mut file)));
        }
        let note = format!("{} {command}\n", std::process::id());
        file.set_len(0).and_then(|()| file.rewind()).at(path, "written")?;
        file.write_all(note.as_bytes()).at(path, "written")?;
        Ok(Ok(Self { _file: file }))
    }

    /// Takes the lock, waiting up to `patience` for an operator's command to end. A running
    /// `serve` is not waited for.
    pub async fn wait(
        path: &Path,
        command: &str,
        patience: Duration,
    ) -> Result<Result<Self, Holder>> {
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            match Self::take(path, command)? {
                Err(holder) if !holder.serves() && tokio::time::Instant::now() < deadline => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                outcome => return Ok(outcome),
            }
        }
    }
}

impl Holder {
    /// Whether the owner is a `serve`, whose cluster others may use.
    pub fn serves(&self) -> bool {
        self.command == "serve"
    }
}

/// The note may be missing for the instant between locking and writing it.
fn read_holder(file: &mut File) -> Holder {
    let mut note = String::new();
    drop(file.read_to_string(&mut note));
    let (pid, command) = note.trim_end().split_once(' ').unwrap_or(("0", "that just started"));
    Holder { pid: pid.parse().unwrap_or(0), command: command.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_taker_learns_who_holds_the_lock_and_gets_it_afterwards() {
        let path = std::env::temp_dir().join(format!("probity-lock-{}", std::process::id()));
        let first = Lock::take(&path, "serve").expect("readable").expect("free");
        let holder = Lock::take(&path, "migrate").expect("readable").expect_err("taken");
        let me = Holder { pid: std::process::id(), command: "serve".into() };
        assert_eq!(holder, me);
        assert!(holder.serves());
        drop(first);
        Lock::take(&path, "migrate").expect("readable").expect("free again");
        std::fs::remove_file(&path).expect("removed");
    }
}
