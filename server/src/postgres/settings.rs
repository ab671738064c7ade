//! PostgreSQL's three configuration files, written at every start: what stands here is what runs.
//!
//! An operator's own settings go in with `alter system`, which keeps them apart.

use super::{Account, Place, Result, error::At};
use std::{fs, path::Path};

/// Role names that the schema makes (DESIGN.md, Data); the superuser is for the operator only.
pub(super) const SUPERUSER: &str = "postgres";
pub(super) const APP: &str = "probity_app";
pub(super) const JOB: &str = "probity_job";
pub(super) const DATABASE: &str = "probity";

/// Writes the files into `cluster` (which may still be unfinished) for its PostgreSQL user.
pub(super) fn write(cluster: &Path, place: &Place, account: &Account) -> Result<()> {
    let files = [
        ("postgresql.conf", main_file(&place.socket, memory_mb())),
        ("pg_hba.conf", who_may_connect()),
        ("pg_ident.conf", who_is_who(&account.operator)),
    ];
    for (name, text) in files {
        let path = cluster.join(name);
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            continue;
        }
        fs::write(&path, text).at(&path, "written")?;
        account.own(&path)?;
    }
    Ok(())
}

/// Rows of `postgresql.conf`; everything not named is PostgreSQL's default.
fn main_file(socket: &Path, memory_mb: u64) -> String {
    // An eighth of the memory: the other seven serve the program and the kernel's own file cache.
    let shared = (memory_mb / 8).clamp(64, 1024);
    let folder = socket.display().to_string().replace('"', "\"\"").replace('\'', "''");
    format!(
        "# Written by Probity at every start. Use `alter system` for settings of your own.
listen_addresses = ''
unix_socket_directories = '\"{folder}\"'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 40
shared_buffers = {shared}MB
max_wal_size = 1GB
wal_compression = on
random_page_cost = 1.1
jit = off
# Requests are short: one slow query must not take both cores.
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 1
autovacuum_max_workers = 2
# Nothing an accepted change wrote is ever lost.
fsync = on
full_page_writes = on
synchronous_commit = on
# A connection that died inside a transaction must not keep its locks.
idle_in_transaction_session_timeout = 60s
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# Statements, values and details can hold secrets and people's data: none of them is logged.
log_destination = 'stderr'
logging_collector = off
log_statement = 'none'
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_checkpoints = off
log_autovacuum_min_duration = -1
log_line_prefix = '%m [%p] '
"
    )
}

/// Over the socket only: the operator by who they are, the two roles by password, nobody else.
fn who_may_connect() -> String {
    format!(
        "# Written by Probity at every start.
local all         {SUPERUSER}    peer map=operator
local {DATABASE}  {APP}  scram-sha-256
local {DATABASE}  {JOB}  scram-sha-256
local all         all          reject
"
    )
}

fn who_is_who(operator: &str) -> String {
    let operator = operator.replace('"', "\"\"");
    format!("# Written by Probity at every start.\noperator \"{operator}\" {SUPERUSER}\n")
}

/// The machine's memory; half a gigabyte when it cannot be read.
fn memory_mb() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = text.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kb = total.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    kb.map_or(512, |kb| kb / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_network_port_is_opened_and_nothing_accepted_is_ever_lost() {
        let text = main_file(Path::new("/d/socket"), 4096);
        for row in ["listen_addresses = ''", "fsync = on", "synchronous_commit = on"] {
            assert!(text.lines().any(|line| line == row), "{row}");
        }
        assert!(text.contains("shared_buffers = 512MB"));
    }

    #[test]
    fn a_folder_with_quotes_in_its_name_cannot_add_settings() {
        let text = main_file(Path::new("/d'/so\"cket, x"), 4096);
        assert!(text.contains("unix_socket_directories = '\"/d''/so\"\"cket, x\"'"), "{text}");
    }

    #[test]
    fn everybody_who_is_not_named_is_rejected() {
        let text = who_may_connect();
        let last: Vec<_> = text.lines().last().expect("rows").split_whitespace().collect();
        assert_eq!(last, ["local", "all", "all", "reject"]);
        assert!(!text.contains("trust") && !text.contains("host"));
    }
}
