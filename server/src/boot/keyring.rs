//! The keyring and its master key.

use crate::{
    Problem,
    config::{DatabaseSettings, Settings},
    postgres::{Place, SecretFile},
};
use domain::{
    crypto::{Held, Keyring, MasterKey, MasterKeys, Owner},
    failpoint::{Point, reach},
    ports::SystemRandom,
};
use model::TeamId;
use object_store::local::LocalFileSystem;
use rustix::fs::{FlockOperation, flock};
use secrecy::SecretString;
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

/// Opens the keyring, and proves that it belongs to this master key.
pub async fn keyring(settings: &Settings) -> Result<Keyring, Problem> {
    let masters = Masters::of(settings)?;
    let folder = masters.folder();
    let is_under_way = masters.next()?.is_some();
    if !is_under_way {
        masters.sweep()?;
    }
    let store = masters.store()?.with_fsync(true);
    let keyring = Keyring::open(Arc::new(store), masters.in_force()?, Arc::new(SystemRandom));
    // No team has this number: its key only shows that the master key is the right one.
    let canary = Owner::Team(TeamId(uuid::Uuid::nil()));
    keyring.key_of(canary).await.map_err(|error| {
        Problem::say(format!(
            "The keyring in {} does not open with this master key ({error}). Put the right \
             master key back; without it, what it sealed stays closed.",
            folder.display()
        ))
    })?;
    if !is_under_way && keyring.forget_others().await?.is_none() {
        return Err(Problem::say(format!(
            "Some keys in {} were made with the master key before this one, after it was rotated. Set that \
             one again, this one as PROBITY_NEXT_MASTER_KEY, and run `probity keyring rotate` once more.",
            folder.display()
        )));
    }
    Ok(keyring)
}

/// Where the master key comes from: a setting, or its file in the data folder.
pub struct Masters {
    root: PathBuf,
    set: Option<(MasterKey, Option<MasterKey>)>,
}

impl Masters {
    /// The one that is set, or the one in the data folder, made on the very first start.
    pub fn of(settings: &Settings) -> Result<Self, Problem> {
        let root = Place::prepare(&settings.data_folder)?.root;
        let parse = |text: &SecretString| MasterKey::parse(text);
        let set = settings.master_key.as_ref().map(parse).transpose()?;
        let next = settings.next_master_key.as_ref().map(parse).transpose()?;
        let masters = Self { root, set: set.map(|set| (set, next)) };
        if masters.set.is_none() && masters.file().read()?.is_none() {
            masters.make(settings)?;
        }
        Ok(masters)
    }

    fn make(&self, settings: &Settings) -> Result<(), Problem> {
        let (file, folder) = (self.file(), self.folder());
        let path = file.0.display();
        if fs::read_dir(&folder).is_ok_and(|mut keys| keys.next().is_some()) {
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
        file.write(&MasterKey::generate(&SystemRandom))?;
        tracing::info!(file = %path, "Made a master key. Keep a copy of it elsewhere.");
        Ok(())
    }

    pub fn is_set(&self) -> bool {
        self.set.is_some()
    }

    /// The file of the master key when none is set.
    fn file(&self) -> SecretFile {
        SecretFile(self.root.join("master.key"))
    }

    /// The file of the one that a rotation brings into force.
    fn next_file(&self) -> SecretFile {
        SecretFile(self.root.join("master.key.next"))
    }

    pub fn folder(&self) -> PathBuf {
        self.root.join("keyring")
    }

    pub fn store(&self) -> Result<LocalFileSystem, Problem> {
        let folder = self.folder();
        if !folder.exists() {
            DirBuilder::new().mode(0o700).create(&folder)?;
        }
        let store = LocalFileSystem::new_with_prefix(&folder).map_err(domain::Error::from)?;
        Ok(store.with_automatic_cleanup(true))
    }

    /// The one in force, whenever it is asked for. One that is set stays in force until this process ends.
    pub fn in_force(&self) -> Result<Arc<dyn MasterKeys>, Problem> {
        Ok(match &self.set {
            Some((master, _)) => {
                let (_held, locks) = (self.lock().shared()?, self.locks());
                Arc::new(Set { master: master.clone(), _held, locks })
            }
            None => Arc::new(InFile { file: self.file(), lock: self.lock(), locks: self.locks() }),
        })
    }

    /// The one that a rotation brings into force, if one is under way.
    pub fn next(&self) -> Result<Option<MasterKey>, Problem> {
        match &self.set {
            Some((_, next)) => Ok(next.clone()),
            None => Ok(self.next_file().read()?.as_ref().map(MasterKey::parse).transpose()?),
        }
    }

    /// Begins a rotation of the key in the data folder.
    pub fn begin(&self) -> Result<MasterKey, Problem> {
        let text = MasterKey::generate(&SystemRandom);
        self.next_file().write(&text)?;
        Ok(MasterKey::parse(&text)?)
    }

    /// One rotation at a time; none if there is one already. Whoever renews a data key holds it for a moment.
    pub fn rotating(&self) -> Option<File> {
        const TRIES: u32 = 20;
        let lock = self.locks().rotation;
        (0..TRIES).find_map(|tried| {
            std::thread::sleep(Duration::from_millis(25 * u64::from(tried.min(1))));
            lock.take(FlockOperation::NonBlockingLockExclusive).ok()
        })
    }

    /// Waits until nobody makes or destroys a data key, and keeps everybody from it.
    pub fn alone(&self) -> Result<Option<File>, Problem> {
        Ok(match self.is_set() {
            // Whoever runs with a key that is set, does so until it ends.
            true => self.lock().take(FlockOperation::NonBlockingLockExclusive).ok(),
            false => Some(self.lock().take(FlockOperation::LockExclusive)?),
        })
    }

    fn lock(&self) -> Lock {
        Lock(self.root.join("keyring.lock"))
    }

    fn locks(&self) -> Locks {
        let [alone, rotation] =
            ["keyring.alone", "keyring.rotation"].map(|name| Lock(self.root.join(name)));
        Locks { alone, rotation }
    }

    /// Removes what a program that was killed left half written: it may hold a key that was destroyed since.
    pub fn sweep(&self) -> Result<(), Problem> {
        let Ok(_alone) = self.lock().take(FlockOperation::NonBlockingLockExclusive) else {
            return Ok(());
        };
        let Ok(folders) = fs::read_dir(self.folder()) else { return Ok(()) };
        for folder in folders {
            for file in fs::read_dir(folder?.path())? {
                let file = file?;
                if file.file_name().to_string_lossy().contains('#') {
                    fs::remove_file(file.path())?;
                }
            }
        }
        Ok(())
    }

    /// Brings the next one into force: everything that it wrapped is on the disk before.
    pub fn replace(&self, _alone: &File) -> Result<(), Problem> {
        let folder = File::open(self.folder())?;
        rustix::fs::syncfs(&folder).map_err(io::Error::from)?;
        reach(Point::RotateSynced);
        if !self.is_set() {
            fs::rename(self.next_file().0, self.file().0)?;
            File::open(&self.root)?.sync_all()?;
        }
        Ok(())
    }
}

/// A file that is locked by whoever makes or destroys data keys, each beside others, and by a rotation that
/// ends, alone. The kernel lets go when its process dies.
struct Lock(PathBuf);

impl Lock {
    fn shared(&self) -> io::Result<File> {
        self.take(FlockOperation::LockShared)
    }

    fn take(&self, how: FlockOperation) -> io::Result<File> {
        let mut open = OpenOptions::new();
        let file = open.write(true).create(true).truncate(false).mode(0o600).open(&self.0)?;
        flock(&file, how)?;
        Ok(file)
    }
}

/// Files that are locked by whoever alters data keys that are there, one at a time, and by a rotation of the
/// master key from its beginning to its end.
struct Locks {
    alone: Lock,
    rotation: Lock,
}

impl Locks {
    fn alone(&self) -> domain::Result<Held> {
        Ok(Box::new(self.alone.take(FlockOperation::LockExclusive)?))
    }

    fn settle(&self) -> domain::Result<Option<Held>> {
        match self.rotation.take(FlockOperation::NonBlockingLockShared) {
            Ok(held) => Ok(Some(Box::new(held))),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(other) => Err(other.into()),
        }
    }
}

/// A master key that is set.
struct Set {
    master: MasterKey,
    _held: File,
    locks: Locks,
}

impl MasterKeys for Set {
    fn current(&self) -> domain::Result<MasterKey> {
        Ok(self.master.clone())
    }

    fn hold(&self) -> domain::Result<Held> {
        Ok(Box::new(()))
    }

    fn alone(&self) -> domain::Result<Held> {
        self.locks.alone()
    }

    fn settle(&self) -> domain::Result<Option<Held>> {
        self.locks.settle()
    }
}

/// A master key in its file, which a rotation replaces.
struct InFile {
    file: SecretFile,
    lock: Lock,
    locks: Locks,
}

impl MasterKeys for InFile {
    fn current(&self) -> domain::Result<MasterKey> {
        let text = self.file.read().ok().flatten();
        let gone = domain::Error::Seal("the file of the master key is gone or cannot be read");
        MasterKey::parse(&text.ok_or(gone)?)
    }

    fn hold(&self) -> domain::Result<Held> {
        Ok(Box::new(self.lock.shared()?))
    }

    fn alone(&self) -> domain::Result<Held> {
        self.locks.alone()
    }

    fn settle(&self) -> domain::Result<Option<Held>> {
        self.locks.settle()
    }
}
