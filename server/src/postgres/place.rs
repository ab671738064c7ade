//! The paths of the private cluster, all inside the data folder.

use super::{Account, Error, Result, error::At};
use std::{
    fs::{self, DirBuilder},
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

/// `sun_path` is 108 bytes with its final zero on Linux (unix(7)).
const LONGEST_SOCKET: usize = 107;
/// The socket's name inside its folder; 5432 is PostgreSQL's own number, no TCP port is opened.
const SOCKET: &str = ".s.PGSQL.5432";

/// Where everything of one data folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The data folder itself, as an absolute path without links.
    pub root: PathBuf,
    /// PostgreSQL's own data (PGDATA).
    pub cluster: PathBuf,
    /// Where `initdb` works before the result is renamed to `cluster`.
    pub unfinished: PathBuf,
    /// The 0700 folder of the socket.
    pub socket: PathBuf,
    /// What PostgreSQL says, newest at the end.
    pub log: PathBuf,
    /// Held by the owner of the cluster.
    pub lock: PathBuf,
    /// The passwords of the app and job roles.
    pub passwords: PathBuf,
}

impl Place {
    /// Makes the data folder if need be. Only its owner can list it; when that is root, others may
    /// pass through, because PostgreSQL runs as another user.
    pub fn prepare(folder: &Path) -> Result<Self> {
        let root_runs_us = rustix::process::geteuid().is_root();
        let mode = if root_runs_us { 0o711 } else { 0o700 };
        if !folder.exists() {
            DirBuilder::new().recursive(true).mode(mode).create(folder).at(folder, "made")?;
        }
        Ok(Self::of(folder.canonicalize().at(folder, "found")?))
    }

    fn of(root: PathBuf) -> Self {
        Self {
            cluster: root.join("postgres"),
            unfinished: root.join("postgres.unfinished"),
            socket: socket_folder(&root),
            log: root.join("postgres.log"),
            lock: root.join("probity.lock"),
            passwords: root.join("database-passwords"),
            root,
        }
    }

    /// Makes the socket's folder, reachable for PostgreSQL's user and root only.
    pub fn prepare_socket(&self, account: &Account) -> Result<()> {
        let folder = &self.socket;
        if !folder.exists() {
            DirBuilder::new().mode(0o700).create(folder).at(folder, "made")?;
            account.own(folder)?;
        }
        let kind = fs::symlink_metadata(folder).at(folder, "read")?;
        if !kind.is_dir() || !account.owns(folder) {
            let length = self.root.join("socket").join(SOCKET).as_os_str().len();
            let folder = folder.clone();
            return Err(Error::SocketPath { length, most: LONGEST_SOCKET, folder });
        }
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).at(folder, "closed")
    }

    /// The major version that made the existing data; none for a new folder.
    pub fn made_by(&self) -> Option<u32> {
        fs::read_to_string(self.cluster.join("PG_VERSION")).ok()?.trim().parse().ok()
    }
}

/// `socket` in the data folder or, when that path is too long for a socket, a short folder in /tmp
/// named after the data folder's number on its disk, so that every process finds the same one.
fn socket_folder(root: &Path) -> PathBuf {
    let wanted = root.join("socket");
    if wanted.join(SOCKET).as_os_str().as_bytes().len() <= LONGEST_SOCKET {
        return wanted;
    }
    let (disk, number) = fs::metadata(root).map_or((0, 0), |it| (it.dev(), it.ino()));
    PathBuf::from(format!("/tmp/probity-{disk:x}-{number:x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_path_keeps_its_socket_in_the_data_folder() {
        let place = Place::of("/var/lib/probity".into());
        assert_eq!(place.socket, Path::new("/var/lib/probity/socket"));
    }

    #[test]
    fn the_longest_path_that_fits_is_kept_and_one_more_byte_moves_the_socket_to_tmp() {
        let room = LONGEST_SOCKET - "/socket/".len() - SOCKET.len();
        let fits = format!("/{}", "d".repeat(room - 1));
        assert!(Place::of(fits.clone().into()).socket.starts_with(&fits));
        let long = format!("{fits}d");
        assert!(Place::of(long.into()).socket.starts_with("/tmp"));
    }
}
