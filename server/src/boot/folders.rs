//! What lies in the data folder beside the database.

use crate::{Problem, config::Settings, postgres::Place};
use domain::{audit::Archive, key::Journal};
use object_store::{ObjectStore, local::LocalFileSystem};
use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, sync::Arc};

/// Where verifications are noted until the database has them.
pub(super) fn journal(settings: &Settings) -> Result<Journal, Problem> {
    let folder = Place::prepare(&settings.data_folder)?.root.join("usage");
    Journal::open(&folder).map_err(|error| {
        let folder = folder.display();
        Problem::say(format!("Usage is noted in {folder}, which cannot be written: {error}."))
    })
}

/// Where exports lie for a day.
pub(super) fn exports(settings: &Settings) -> Result<Arc<dyn ObjectStore>, Problem> {
    let folder = Place::prepare(&settings.data_folder)?.root.join("exports");
    if !folder.exists() {
        DirBuilder::new().mode(0o700).create(&folder)?;
    }
    let store = LocalFileSystem::new_with_prefix(&folder).map_err(domain::Error::from)?;
    Ok(Arc::new(store.with_automatic_cleanup(true)))
}

/// Where checkpoints are kept.
pub(super) fn archive(settings: &Settings) -> Result<Archive, Problem> {
    let folder = Place::prepare(&settings.data_folder)?.root.join("checkpoints");
    Archive::open(&folder).map_err(|error| {
        let folder = folder.display();
        Problem::say(format!("Checkpoints are kept in {folder}, which cannot be made: {error}."))
    })
}
