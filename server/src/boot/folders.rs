//! What lies in the data folder beside the database.

use crate::{
    Problem,
    config::{DatabaseSettings, Settings},
    postgres::{Place, SecretFile},
};
use domain::{
    audit::Archive,
    crypto::{Keyring, MasterKey, Owner},
    key::Journal,
    ports::SystemRandom,
};
use model::TeamId;
use object_store::{ObjectStore, local::LocalFileSystem};
use std::{
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
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

/// Opens the keyring, and proves that it belongs to this master key.
pub async fn keyring(settings: &Settings) -> Result<Keyring, Problem> {
    let root = Place::prepare(&settings.data_folder)?.root;
    let folder = root.join("keyring");
    let master = master_key(settings, &root, &folder)?;
    if !folder.exists() {
        DirBuilder::new().mode(0o700).create(&folder)?;
    }
    let store = LocalFileSystem::new_with_prefix(&folder).map_err(domain::Error::from)?;
    let store = Arc::new(store.with_fsync(true));
    let keyring = Keyring::open(store, master, Arc::new(SystemRandom));
    // No team has this number: its key only shows that the master key is the right one.
    let canary = Owner::Team(TeamId(uuid::Uuid::nil()));
    keyring.key_of(canary).await.map_err(|error| {
        Problem::say(format!(
            "The keyring in {} does not open with this master key ({error}). Put the right \
             master key back; without it, what it sealed stays closed.",
            folder.display()
        ))
    })?;
    Ok(keyring)
}

/// The file of the master key when none is set.
pub fn master_key_file(root: &Path) -> SecretFile {
    SecretFile(PathBuf::from(root).join("master.key"))
}

/// The one that is set, or the one in the data folder, made on the very first start.
fn master_key(settings: &Settings, root: &Path, keyring: &Path) -> Result<MasterKey, Problem> {
    if let Some(text) = &settings.master_key {
        return Ok(MasterKey::parse(text)?);
    }
    let file = master_key_file(root);
    let path = file.0.display();
    if let Some(text) = file.read()? {
        return MasterKey::parse(&text).map_err(|_| {
            Problem::say(format!(
                "{path} does not hold 64 hexadecimal digits. Put it back from a backup."
            ))
        });
    }
    if fs::read_dir(keyring).is_ok_and(|mut keys| keys.next().is_some()) {
        return Err(Problem::say(format!(
            "The master key {path} is gone, and the keyring beside it cannot be opened without \
             it. Put it back from a backup, or name it with PROBITY_MASTER_KEY_FILE."
        )));
    }
    if matches!(settings.database, DatabaseSettings::External(_)) {
        return Err(Problem::say(
            "PROBITY_MASTER_KEY_FILE is not set, and with a database of your own nothing is made \
             for you: write the path of a file that holds 64 hexadecimal digits \
             (openssl rand -hex 32).",
        ));
    }
    let text = MasterKey::generate(&SystemRandom);
    file.write(&text)?;
    tracing::info!(file = %path, "Made a master key. Keep a copy of it elsewhere.");
    Ok(MasterKey::parse(&text)?)
}
