//! A secret kept in a file that only its owner can read: made once, never made anew.

use super::{Result, error::At};
use secrecy::{ExposeSecret, SecretString};
use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// A file with a secret in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFile(pub PathBuf);

impl SecretFile {
    /// What it holds, without surrounding white space; none when there is no such file.
    pub fn read(&self) -> Result<Option<SecretString>> {
        match fs::read_to_string(&self.0) {
            Ok(text) => Ok(Some(text.trim().into())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).at(&self.0, "read"),
        }
    }

    /// Writes it (mode 0600), all or nothing, and safe against a power cut.
    pub fn write(&self, secret: &SecretString) -> Result<()> {
        let path = &self.0;
        let fresh = path.with_extension("new");
        let mut open = OpenOptions::new();
        let mut file = open
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)
            .at(&fresh, "made")?;
        file.write_all(secret.expose_secret().as_bytes()).at(&fresh, "written")?;
        file.write_all(b"\n").and_then(|()| file.sync_all()).at(&fresh, "written")?;
        fs::rename(&fresh, path).at(path, "written")?;
        sync_folder(path)
    }

    /// Whether somebody other than its owner can read it.
    pub fn is_open_to_others(&self) -> bool {
        fs::metadata(&self.0).is_ok_and(|it| it.permissions().mode() & 0o077 != 0)
    }
}

/// Makes the renaming of `path` itself safe against a power cut.
pub(super) fn sync_folder(path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    File::open(folder).and_then(|it| it.sync_all()).at(folder, "written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_kept_for_its_owner_only_and_read_back() {
        let path = std::env::temp_dir().join(format!("probity-secret-{}", std::process::id()));
        let file = SecretFile(path.clone());
        assert!(file.read().expect("readable").is_none());
        file.write(&"open sesame".into()).expect("written");
        let read = file.read().expect("readable").expect("there");
        assert_eq!(read.expose_secret(), "open sesame");
        assert!(!file.is_open_to_others());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("opened");
        assert!(file.is_open_to_others());
        fs::remove_file(&path).expect("removed");
    }
}
