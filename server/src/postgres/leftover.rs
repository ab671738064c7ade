//! What an earlier owner, killed before it could clean up, left behind: running processes and
//! stale files. Stops the former, then removes the latter; only the owner of the lock may do so.

use super::{Error, Place, Result, error::At};
use rustix::process::{Pid, Signal, kill_process};
use std::{fs, io::ErrorKind, os::unix::ffi::OsStrExt, path::Path, time::Duration};
use tokio::time::{Instant, sleep};

/// How long each way of stopping gets: politely, at once, by force.
const STEPS: [(Signal, Duration); 3] = [
    (Signal::INT, Duration::from_secs(20)),
    (Signal::QUIT, Duration::from_secs(6)),
    (Signal::KILL, Duration::from_secs(3)),
];

/// Leaves no process of this cluster running and no stale pid file.
pub(super) async fn clear(place: &Place) -> Result<()> {
    if !place.cluster.exists() {
        return Ok(());
    }
    let mut found = processes(&place.cluster);
    if !found.is_empty() {
        tracing::warn!(
            pids = %list(&found),
            "Stopping the PostgreSQL that an earlier run of Probity left behind."
        );
    }
    for (signal, patience) in STEPS {
        if found.is_empty() {
            break;
        }
        found = stop(&place.cluster, signal, patience).await;
    }
    if !found.is_empty() {
        let folder = place.cluster.clone();
        return Err(Error::Leftover { pids: list(&found), folder });
    }
    // With no process left, these files can only be stale. PostgreSQL would compare their pid with
    // the processes of today and refuse to start when a stranger has that number now.
    remove(&place.cluster.join("postmaster.pid"))?;
    remove(&place.socket.join(".s.PGSQL.5432.lock"))?;
    remove(&place.socket.join(".s.PGSQL.5432"))
}

/// Sends `signal` to the postmaster, or to its orphans when it is gone, and waits for all of them.
pub(super) async fn stop(cluster: &Path, signal: Signal, patience: Duration) -> Vec<u32> {
    let deadline = Instant::now() + patience;
    let running = processes(cluster);
    let head = postmaster(cluster).filter(|pid| running.contains(pid));
    let (told, signal) = match head {
        _ if signal == Signal::KILL => (running, signal),
        // Only the postmaster is told; its children end with it.
        Some(pid) => (vec![pid], signal),
        // Orphans can only end: there is nobody left to shut down in good order for.
        None => (running, Signal::QUIT),
    };
    for pid in told {
        send(pid, signal);
    }
    loop {
        let left = processes(cluster);
        if left.is_empty() || Instant::now() >= deadline {
            return left;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Sends `signal` to one process; one that has just ended is no error.
pub(super) fn send(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ended_already = kill_process(pid, signal);
    }
}

/// The first line of `postmaster.pid`.
pub(super) fn postmaster(cluster: &Path) -> Option<u32> {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    text.lines().next()?.trim().parse().ok()
}

/// Ends an `initdb` whose owner was killed, and its children: nothing they make was ever used.
pub(super) async fn end_unfinished(folder: &Path) -> Result<()> {
    let pids = stop(folder, Signal::KILL, Duration::from_secs(5)).await;
    match pids.is_empty() {
        true => Ok(()),
        false => Err(Error::Leftover { pids: list(&pids), folder: folder.to_owned() }),
    }
}

/// Every PostgreSQL process works in its cluster's folder or was told it, and that is how they are
/// told apart from strangers with a recycled pid and from a shell that happens to stand there.
fn processes(cluster: &Path) -> Vec<u32> {
    let Ok(all) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = all.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| works_in(*pid, cluster)).collect()
}

fn works_in(pid: u32, cluster: &Path) -> bool {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    if !matches!(name.trim_end(), "postgres" | "initdb") {
        return false;
    }
    let stands_there = fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|it| it == cluster);
    let told = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    stands_there || told.split(|byte| *byte == 0).any(|it| it == cluster.as_os_str().as_bytes())
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).at(path, "removed"),
        _ => Ok(()),
    }
}

fn list(pids: &[u32]) -> String {
    pids.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
}
