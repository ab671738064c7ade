//! What lies in the data folder beside the database.

use crate::{Problem, config::Settings, postgres::Place};
use domain::{audit::Archive, key::Journal};
use object_store::{ObjectStore, local::LocalFileSystem};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    sync::Arc,
};

/// Where verifications are noted until the database has them.
pub(super) fn journal(settings: &Settings) -> Result<Journal, Problem> {
    let folder = Place::prepare(&settings.data_folder)?.root.join("usage");
    Journal::open(&folder).map_err(|error| {
        let folder = folder.display();
        Problem::say(format!("Usage is noted in {folder}, which cannot be written: {error}."))
    })
}

/// Where exports lie for a day, and what says, as long as it is held, that somebody writes there.
pub(super) fn exports(settings: &Settings) -> Result<(Arc<dyn ObjectStore>, File), Problem> {
    let root = Place::prepare(&settings.data_folder)?.root;
    let folder = root.join("exports");
    if !folder.exists() {
        DirBuilder::new().mode(0o700).create(&folder)?;
    }
    let mut open = OpenOptions::new();
    open.write(true).create(true).truncate(false).mode(0o600);
    let lock = open.open(root.join("exports.lock"))?;
    if lock.try_lock().is_ok() {
        remove_halves(&folder)?;
    }
    // A lock that is held becomes the other one; the kernel lets go when its process dies.
    lock.lock_shared()?;
    let store = LocalFileSystem::new_with_prefix(&folder).map_err(domain::Error::from)?;
    Ok((Arc::new(store.with_automatic_cleanup(true)), lock))
}

/// Removes what a program that was killed left half written, and folders in which nothing else lay.
fn remove_halves(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let (entry, path) = entry.map(|entry| (entry.file_type(), entry.path()))?;
        if entry?.is_dir() {
            remove_halves(&path)?;
            // It stays when something lies in it.
            drop(fs::remove_dir(&path));
        } else if path.file_name().is_some_and(|name| name.to_string_lossy().contains('#')) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Where checkpoints are kept.
pub(super) fn archive(settings: &Settings) -> Result<Archive, Problem> {
    let folder = Place::prepare(&settings.data_folder)?.root.join("checkpoints");
    Archive::open(&folder).map_err(|error| {
        let folder = folder.display();
        Problem::say(format!("Checkpoints are kept in {folder}, which cannot be made: {error}."))
    })
}
