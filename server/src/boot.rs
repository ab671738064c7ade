//! From settings to everything operations need: database, keyring, connections.

mod dwellings;
mod folders;
mod keyring;

use folders::{archive, exports, journal};
pub use keyring::{Masters, keyring};

use crate::{
    Problem,
    config::{DatabaseSettings, Logins, Settings},
    postgres::{Cluster, Place, Wish},
};
use domain::{
    Db, Deps, DepsParts,
    audit::Archive,
    crypto::{Hasher, MasterKey, Passkeys},
    key::Journal,
    ports::{NoPlaces, Places, SystemClock, SystemRandom},
    schema,
};
use object_store::ObjectStore;
use secrecy::SecretString;
use sqlx::{ConnectOptions, Connection, postgres::PgConnectOptions};
use std::{fs::File, sync::Arc, time::Duration};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

/// Connections for requests and for background work. More would only queue inside the database.
const APP_CONNECTIONS: u32 = 8;
const JOB_CONNECTIONS: u32 = 2;
/// How long connections may take to finish when everything else has ended.
const GOODBYE: Duration = Duration::from_secs(1);
/// Passwords waiting to be hashed; beyond it people are asked to try again.
const HASHING_QUEUE: usize = 64;
/// How much the threads that hash stand back: a tenth of the weight of others (`man 7 sched`).
const HASHING_NICE: i32 = 10;

/// The database in use.
pub enum Database {
    /// The private cluster.
    Own(Box<Cluster>),
    /// Another server.
    Other(Box<Logins>),
}

impl Database {
    /// Starts or joins the private cluster; another server is only remembered.
    pub async fn open(
        settings: &Settings,
        command: &'static str,
        tasks: &TaskTracker,
    ) -> Result<Self, Problem> {
        match settings.database.clone() {
            DatabaseSettings::External(logins) => Ok(Self::Other(logins)),
            DatabaseSettings::Embedded { binaries } => {
                let data_folder = settings.data_folder.clone();
                let wish = Wish { data_folder, binaries, command };
                let cluster = Cluster::open(&wish, new_secret, tasks).await?;
                Ok(Self::Own(Box::new(cluster)))
            }
        }
    }

    pub fn app(&self) -> PgConnectOptions {
        match self {
            Self::Own(cluster) => cluster.app(),
            Self::Other(logins) => logins.app.options.clone(),
        }
    }

    pub fn job(&self) -> PgConnectOptions {
        match self {
            Self::Own(cluster) => cluster.job(),
            Self::Other(logins) => logins.job.options.clone(),
        }
    }

    /// Makes the roles and brings the schema up to date; says how many migrations were new.
    pub async fn migrate(&self) -> Result<usize, Problem> {
        let (owner, passwords) = match self {
            Self::Own(cluster) => {
                let passwords = cluster.passwords().clone();
                (cluster.superuser(), Some((passwords.app, passwords.job)))
            }
            Self::Other(logins) => {
                let Logins { app, job, owner } = &**logins;
                let owner = owner.as_ref().ok_or_else(|| Problem::say(NO_OWNER))?;
                (owner.options.clone(), app.password.clone().zip(job.password.clone()))
            }
        };
        let mut connection = owner.connect().await?;
        // Without passwords (certificates, for example) the roles are the operator's to make.
        if let Some((app, job)) = passwords {
            schema::bootstrap(&mut connection, &schema::RolePasswords { app, job }).await?;
        }
        let new = schema::migrate(&mut connection).await?;
        connection.close().await?;
        Ok(new)
    }

    /// Stops the private cluster if this process runs it.
    pub async fn close(self) {
        if let Self::Own(cluster) = self {
            cluster.stop().await;
        }
    }
}

const NO_OWNER: &str = "Migrations need a superuser of that server: set PROBITY_OWNER_DATABASE_URL \
                        (or its _FILE) for this command.";

/// A database that is up to date, and everything operations need.
pub struct House {
    pub deps: Deps,
    pub database: Database,
    /// Says that exports may be written here.
    _exports: File,
}

impl House {
    /// Opens everything. The private cluster is migrated; another server only by `migrate`.
    pub async fn open(
        settings: &Settings,
        command: &'static str,
        tasks: &TaskTracker,
    ) -> Result<Self, Problem> {
        let database = Database::open(settings, command, tasks).await?;
        if matches!(database, Database::Own(_)) {
            let new = database.migrate().await?;
            if new > 0 {
                tracing::info!(new, "The database is up to date.");
            }
        }
        let kept = match command {
            // The one that verifies keys and walks ledgers; others run beside it.
            "serve" => (Some(journal(settings)?), Some(archive(settings)?)),
            _ => (None, None),
        };
        let (exports, held) = exports(settings)?;
        let deps = furnish(settings, &database, kept, exports).await?;
        deps.app().ready().await?;
        Ok(Self { deps, database, _exports: held })
    }

    /// Closes connections, then the database.
    pub async fn close(self) {
        let closed = async { tokio::join!(self.deps.app().close(), self.deps.job().close()) };
        if timeout(GOODBYE, closed).await.is_err() {
            tracing::warn!("Some database work was still under way and was cut.");
        }
        self.database.close().await;
    }
}

async fn furnish(
    settings: &Settings,
    database: &Database,
    (journal, archive): (Option<Journal>, Option<Archive>),
    exports: Arc<dyn ObjectStore>,
) -> Result<Deps, Problem> {
    let keyring = keyring(settings).await?;
    let mailer = settings.mail.open(&Place::prepare(&settings.data_folder)?.root)?;
    let app = Db::connect(database.app(), APP_CONNECTIONS).await?;
    let job = Db::connect(database.job(), JOB_CONNECTIONS).await?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(Deps::new(DepsParts {
        app,
        job,
        keyring,
        passkeys: passkeys(settings),
        // Half of the cores: sign-ins must not starve everything else.
        hasher: Hasher::start_with((cores / 2).max(1), HASHING_QUEUE, step_back),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        signup: settings.signup,
        sessions: settings.sessions,
        mailer: Arc::clone(&mailer),
        public_url: settings.links_begin(),
        places: places(settings),
        journal,
        archive,
        witnesses: settings.witnesses.open(&mailer, &settings.streams.allowed),
        exports,
        carrier: settings.streams.open(),
        deletion_days: settings.deletion_days,
        dwellings: dwellings::dwellings(settings),
    }))
}

/// The file that is set, or somebody who knows nothing.
fn places(settings: &Settings) -> Arc<dyn Places> {
    match settings.places.clone() {
        Some(file) => file,
        None => Arc::new(NoPlaces),
    }
}

/// At the address that people type.
fn passkeys(settings: &Settings) -> Passkeys {
    Passkeys::new(&settings.links_begin())
}

/// Makes this thread, and no other, less important than the rest of the program and the database:
/// on Linux, priority belongs to a thread.
fn step_back() {
    if let Err(error) = rustix::process::setpriority_process(None, HASHING_NICE) {
        tracing::warn!(%error, "Passwords are hashed at the priority of everything else.");
    }
}

/// 256 random bits in letters and digits, for a role's password.
fn new_secret() -> SecretString {
    MasterKey::generate(&SystemRandom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::getpriority_process;

    #[test]
    fn a_thread_that_hashes_stands_back_alone() {
        let before = getpriority_process(None).unwrap();
        let hashing = std::thread::spawn(|| {
            step_back();
            getpriority_process(None).unwrap()
        });
        assert_eq!(hashing.join().unwrap(), HASHING_NICE);
        assert_eq!(getpriority_process(None).unwrap(), before);
    }
}
