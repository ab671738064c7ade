//! What can go wrong with the private cluster, each as a sentence that says what to do.

use std::{io, path::PathBuf};

/// Why the private PostgreSQL cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "PostgreSQL {oldest} or newer was not found. Install it (Debian and Ubuntu: \
         apt-get install postgresql), or set PROBITY_POSTGRES_BIN to the folder that holds \
         `postgres` and `initdb`, or set PROBITY_DATABASE_URL to use another server."
    )]
    NoBinaries { oldest: u32 },

    #[error(
        "PROBITY_POSTGRES_BIN is {folder}, but `postgres` and `initdb` of PostgreSQL {oldest} \
         or newer do not run from there. Write the folder that holds both."
    )]
    NotBinaries { folder: PathBuf, oldest: u32 },

    #[error(
        "The data folder was made by PostgreSQL {made_by}, and only {found} was found. Install \
         PostgreSQL {made_by} again, or move the data with pg_upgrade first."
    )]
    OtherMajor { made_by: u32, found: String },

    #[error(
        "PostgreSQL must not run as root and so runs as user {user}, who cannot enter {folder}. \
         Choose a data folder elsewhere (PROBITY_DATA_DIR=/var/lib/probity), or let others pass \
         through: chmod o+x {folder}"
    )]
    OutOfReach { user: String, folder: PathBuf },

    #[error(
        "PostgreSQL must not run as root, and there is neither a user `postgres` nor `nobody` to \
         run it as. Make one: useradd --system postgres"
    )]
    NoAccount,

    #[error(
        "The user with number {uid} has no name in /etc/passwd, and PostgreSQL needs one. Run \
         Probity as a user that exists, or set PROBITY_DATABASE_URL to use another server."
    )]
    NamelessUser { uid: u32 },

    #[error(
        "The data folder {folder} is in use by process {pid} (probity {command}). Stop that \
         process first, or give this one another folder with PROBITY_DATA_DIR."
    )]
    InUse { folder: PathBuf, pid: u32, command: String },

    #[error(
        "The data folder's path is too long for a Unix socket ({length} bytes, {most} at most), \
         and the short folder {folder} that would replace it belongs to somebody else. Choose a \
         shorter PROBITY_DATA_DIR."
    )]
    SocketPath { length: usize, most: usize, folder: PathBuf },

    #[error(
        "The disk that holds {folder} has {free_mb} MB left, and a new database needs \
         {needed_mb} MB. Free some space, or choose another disk with PROBITY_DATA_DIR."
    )]
    DiskFull { folder: PathBuf, free_mb: u64, needed_mb: u64 },

    #[error("`initdb` could not make the database: {said} Nothing was kept; try again after that.")]
    Create { said: String },

    #[error("PostgreSQL stopped while it was starting: {said} Its log is {log}.")]
    Start { said: String, log: PathBuf },

    #[error(
        "Processes {pids} of an earlier PostgreSQL still use {folder} and do not stop. End them \
         (kill -QUIT {pids}), then start again."
    )]
    Leftover { pids: String, folder: PathBuf },

    #[error("PostgreSQL stopped {times} times in a row; the last time: {said} Its log is {log}.")]
    KeepsStopping { times: u32, said: String, log: PathBuf },

    #[error("PostgreSQL was told to stop while it was starting.")]
    Stopping,

    #[error("PostgreSQL did not answer within {seconds} s: {said}")]
    NoAnswer { seconds: u64, said: String },

    #[error("{path} could not be {act}: {source}. Check the folder's owner, mode and free space.")]
    File { path: PathBuf, act: &'static str, source: io::Error },

    #[error(
        "{path} does not hold what Probity wrote there. Put it back from a backup; it is not made \
         anew, because the database already uses the old one."
    )]
    Damaged { path: PathBuf },

    #[error("The program {program} could not be run: {source}.")]
    Run { program: PathBuf, source: io::Error },
}

/// Gives an I/O error the path and the act it happened in.
pub(super) trait At<T> {
    fn at(self, path: &std::path::Path, act: &'static str) -> Result<T, Error>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &std::path::Path, act: &'static str) -> Result<T, Error> {
        self.map_err(|source| Error::File { path: path.to_owned(), act, source })
    }
}
