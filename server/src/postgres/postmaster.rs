//! One run of the PostgreSQL server, from its start to its last process.

use super::{
    Account, Binaries, Error, Place, Result,
    leftover::{self, send},
    log::Tail,
    settings,
};
use rustix::process::Signal;
use std::{
    fs,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};
use tokio::{
    process::Child,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Fast shutdown: clients are cut, transactions rolled back, everything written.
const POLITE: Duration = Duration::from_secs(4);
/// Immediate shutdown: the next start recovers from the write-ahead log.
const AT_ONCE: Duration = Duration::from_secs(1);

/// All that is needed to start PostgreSQL on a data folder.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub(super) place: Place,
    pub(super) account: Account,
    pub(super) binaries: Binaries,
}

/// A running PostgreSQL that is our child.
pub(super) struct Postmaster {
    child: Child,
    tail: Tail,
    cluster: std::path::PathBuf,
}

impl Postmaster {
    /// Starts it and waits until it takes connections; recovery after a crash may take its time.
    pub(super) async fn start(site: &Site, stop: &CancellationToken) -> Result<Self> {
        leftover::clear(&site.place).await?;
        site.place.prepare_socket(&site.account)?;
        settings::write(&site.place.cluster, &site.place, &site.account)?;
        let mut started = Self::spawn(site)?;
        let outcome = started.wait_until_ready(&site.place.log, stop).await;
        match outcome {
            Ok(()) => Ok(started),
            Err(error) => {
                started.stop().await;
                Err(error)
            }
        }
    }

    /// Waits for its end, which nobody asked for.
    pub(super) async fn ended(&mut self) -> String {
        let how = match self.child.wait().await {
            Ok(status) => describe(status),
            Err(error) => error.to_string(),
        };
        format!("{how}; {}", self.tail.reason())
    }

    /// Stops it: politely, then at once, then by force. Returns when no process is left.
    pub(super) async fn stop(mut self) {
        for (signal, patience) in [(Signal::INT, POLITE), (Signal::QUIT, AT_ONCE)] {
            let Some(pid) = self.child.id() else { break };
            send(pid, signal);
            if timeout(patience, self.child.wait()).await.is_ok() {
                break;
            }
            tracing::warn!("PostgreSQL is slow to stop; trying harder.");
        }
        drop(self.child.start_kill());
        let left = leftover::stop(&self.cluster, Signal::KILL, AT_ONCE).await;
        if !left.is_empty() {
            tracing::error!(?left, "Some PostgreSQL processes could not be stopped.");
        }
        drop(self.child.wait().await);
    }

    fn spawn(site: &Site) -> Result<Self> {
        let program = site.binaries.program("postgres");
        let mut command = std::process::Command::new(&program);
        site.account.dress(&mut command);
        command.arg("-D").arg(&site.place.cluster);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let spawned = tokio::process::Command::from(command).spawn();
        let mut child = spawned.map_err(|source| Error::Run { program, source })?;
        let tail = Tail::default();
        let said = child.stderr.take().expect("stderr is piped, three lines above");
        tokio::spawn(tail.clone().follow(said, site.place.log.clone()));
        Ok(Self { child, tail, cluster: site.place.cluster.clone() })
    }

    async fn wait_until_ready(&mut self, log: &Path, stop: &CancellationToken) -> Result<()> {
        let mut patience = Instant::now() + Duration::from_secs(5);
        loop {
            if let Ok(Some(_)) = self.child.try_wait() {
                // Its last words may still be on their way through the pipe.
                sleep(Duration::from_millis(50)).await;
                return Err(Error::Start { said: self.tail.reason(), log: log.to_owned() });
            }
            if self.is_ready() {
                return Ok(());
            }
            if Instant::now() > patience {
                patience += Duration::from_secs(15);
                tracing::info!("PostgreSQL is still starting: {}", self.tail.reason());
            }
            tokio::select! {
                () = sleep(Duration::from_millis(5)) => {}
                () = stop.cancelled() => return Err(Error::Stopping),
            }
        }
    }

    /// The eighth line of `postmaster.pid` says so, as it does to `pg_ctl --wait`.
    fn is_ready(&self) -> bool {
        let text = fs::read_to_string(self.cluster.join("postmaster.pid")).unwrap_or_default();
        let mut lines = text.lines();
        let mine = lines.next().and_then(|pid| pid.trim().parse().ok()) == self.child.id();
        mine && lines.nth(6).is_some_and(|state| state.trim() == "ready")
    }
}

fn describe(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("it ended with code {code}"),
        (None, Some(signal)) => format!("it was ended by signal {signal}"),
        (None, None) => "it ended".into(),
    }
}
