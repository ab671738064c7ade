//! The private cluster as a whole: open it, connect to it, stop it.

use super::{
    Account, Binaries, Error, Holder, Lock, Place, Result, SecretFile, State, create,
    postmaster::{Postmaster, Site},
    settings::{APP, DATABASE, JOB, SUPERUSER},
    supervisor,
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    ConnectOptions, Connection, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

/// How long a second `serve` waits for an operator's command to end, and such a command for
/// another one.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a connection may take that must come at last: the cluster is known to be up.
const ANSWER: Duration = Duration::from_secs(30);

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wish {
    pub data_folder: PathBuf,
    pub binaries: Option<PathBuf>,
    /// `serve` or the operator's command; a second `serve` is told about it.
    pub command: &'static str,
}

/// Passwords of the two roles that have one.
#[derive(Clone)]
pub struct Passwords {
    pub app: SecretString,
    pub job: SecretString,
}

/// A cluster that takes connections: our own, or that of the `serve` on the same data folder.
pub struct Cluster {
    place: Place,
    passwords: Passwords,
    run: Option<Run>,
}

/// What only the owner of the cluster has.
struct Run {
    state: watch::Receiver<State>,
    stop: DropGuard,
    tasks: TaskTracker,
}

impl Cluster {
    /// Starts the cluster, making it first when there is none; or, for an operator's command,
    /// joins the one that a `serve` runs. `tasks` ends when PostgreSQL has stopped, also when this
    /// future or the cluster is dropped.
    pub async fn open(
        wish: &Wish,
        new_secret: impl Fn() -> SecretString,
        tasks: &TaskTracker,
    ) -> Result<Self> {
        let place = Place::prepare(&wish.data_folder)?;
        let taken = Lock::wait(&place.lock, wish.command, PATIENCE).await?;
        let run = match taken {
            Ok(lock) => Some(start(&place, wish, lock, tasks).await?),
            Err(holder) if holder.serves() && wish.command != "serve" => None,
            Err(Holder { pid, command }) => {
                return Err(Error::InUse { folder: place.root, pid, command });
            }
        };
        let passwords = Passwords::read_or_make(&place, new_secret)?;
        let cluster = Self { place, passwords, run };
        cluster.make_database().await?;
        Ok(cluster)
    }

    /// The operator: for schema work only.
    pub fn superuser(&self) -> PgConnectOptions {
        self.connect_as(SUPERUSER)
    }

    /// What requests connect as.
    pub fn app(&self) -> PgConnectOptions {
        self.connect_as(APP).password(self.passwords.app.expose_secret())
    }

    /// What background work connects as.
    pub fn job(&self) -> PgConnectOptions {
        self.connect_as(JOB).password(self.passwords.job.expose_secret())
    }

    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// Where PostgreSQL writes what it has to say.
    pub fn log(&self) -> &Path {
        &self.place.log
    }

    /// How it is doing, when it is ours; somebody else's has no state here.
    pub fn state(&self) -> Option<watch::Receiver<State>> {
        self.run.as_ref().map(|run| run.state.clone())
    }

    /// Stops PostgreSQL if it is ours, and returns when its last process has ended.
    pub async fn stop(self) {
        if let Some(run) = self.run {
            run.stop.disarm().cancel();
            run.tasks.close();
            run.tasks.wait().await;
        }
    }

    fn connect_as(&self, role: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.place.socket)
            .port(5432)
            .ssl_mode(PgSslMode::Disable)
            .username(role)
            .database(DATABASE)
            .application_name("probity")
            // The superuser sets passwords: its statements are never logged, not even slow ones.
            .disable_statement_logging()
    }

    /// Makes the database on the first start, and sees that the cluster answers.
    async fn make_database(&self) -> Result<()> {
        let deadline = Instant::now() + ANSWER;
        loop {
            let failed = match self.superuser().connect().await {
                Ok(connection) => {
                    drop(connection.close().await);
                    return Ok(());
                }
                Err(error) => error,
            };
            let missing = failed.as_database_error().is_some_and(|it| it.code() == NO_DATABASE);
            let outcome = if missing { self.create_database().await } else { Err(failed) };
            match outcome {
                Ok(()) => return Ok(()),
                Err(error) if Instant::now() > deadline => {
                    let seconds = ANSWER.as_secs();
                    return Err(Error::NoAnswer { seconds, said: error.to_string() });
                }
                Err(_) => sleep(Duration::from_millis(100)).await,
            }
        }
    }

    async fn create_database(&self) -> sqlx::Result<()> {
        let options = self.superuser().database("postgres");
        let mut connection = PgConnection::connect_with(&options).await?;
        sqlx::raw_sql("create database probity").execute(&mut connection).await?;
        connection.close().await
    }
}

/// SQLSTATE 3D000, invalid_catalog_name: there is no database of that name.
const NO_DATABASE: Option<std::borrow::Cow<'static, str>> =
    Some(std::borrow::Cow::Borrowed("3D000"));

async fn start(place: &Place, wish: &Wish, lock: Lock, tasks: &TaskTracker) -> Result<Run> {
    let account = Account::choose()?;
    account.can_enter(&place.root)?;
    let binaries = Binaries::find(wish.binaries.as_deref(), place.made_by())?;
    create::cluster(place, &account, &binaries).await?;
    let site = Site { place: place.clone(), account, binaries };
    let stop = CancellationToken::new();
    let guard = stop.clone().drop_guard();
    let (sender, state) = watch::channel(State::Restarting);
    let (started, answer) = tokio::sync::oneshot::channel();
    // In a task of its own, so that a caller who goes away cannot leave PostgreSQL half started.
    // The lock is let go when PostgreSQL has stopped, not before.
    tasks.spawn(async move {
        let _lock = lock;
        let postmaster = match Postmaster::start(&site, &stop).await {
            Ok(postmaster) => postmaster,
            Err(error) => return drop(started.send(Err(error))),
        };
        sender.send_replace(State::Ready);
        drop(started.send(Ok(())));
        supervisor::watch_over(site, postmaster, sender, stop).await;
    });
    answer.await.unwrap_or(Err(Error::Stopping))?;
    Ok(Run { state, stop: guard, tasks: tasks.clone() })
}

impl Passwords {
    /// Two lines, one password each, in a file that only its owner can read.
    fn read_or_make(place: &Place, new_secret: impl Fn() -> SecretString) -> Result<Self> {
        let file = SecretFile(place.passwords.clone());
        if let Some(text) = file.read()? {
            let lines: Vec<_> = text.expose_secret().lines().map(str::to_owned).collect();
            let [app, job] = <[String; 2]>::try_from(lines)
                .map_err(|_| Error::Damaged { path: place.passwords.clone() })?;
            return Ok(Self { app: app.into(), job: job.into() });
        }
        let fresh = Self { app: new_secret(), job: new_secret() };
        let text = format!("{}\n{}", fresh.app.expose_secret(), fresh.job.expose_secret());
        file.write(&text.into())?;
        Ok(fresh)
    }
}
