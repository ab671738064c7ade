//! Keeps PostgreSQL running: starts it again when it ends, and gives up when that does not help.

use super::{
    Error,
    postmaster::{Postmaster, Site},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

/// Pauses before each new try; after the last one it gives up. About half a minute in all.
const PAUSES_MS: [u64; 8] = [0, 250, 500, 1_000, 2_000, 4_000, 8_000, 15_000];
/// A run this long wipes the slate clean.
const GOOD_RUN: Duration = Duration::from_secs(60);

/// How the cluster is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It takes connections.
    Ready,
    /// It ended and is being started again.
    Restarting,
    /// It was stopped on request.
    Stopped,
    /// It keeps ending: the sentence says why.
    GaveUp(Arc<str>),
}

/// Watches over `postmaster` until `stop`, then stops it.
pub(super) async fn watch_over(
    site: Site,
    mut postmaster: Postmaster,
    state: watch::Sender<State>,
    stop: CancellationToken,
) {
    let mut crashes = Crashes::default();
    loop {
        let since = Instant::now();
        let ended = tokio::select! {
            said = postmaster.ended() => said,
            () = stop.cancelled() => {
                postmaster.stop().await;
                state.send_replace(State::Stopped);
                return;
            }
        };
        crashes.after_a_run_of(since.elapsed());
        state.send_replace(State::Restarting);
        tracing::error!("PostgreSQL stopped by itself ({ended}). Starting it again.");
        postmaster = match start_again(&site, &mut crashes, ended, &stop).await {
            Ok(started) => started,
            Err(last) => {
                state.send_replace(last);
                return;
            }
        };
        tracing::info!("PostgreSQL runs again.");
        state.send_replace(State::Ready);
    }
}

async fn start_again(
    site: &Site,
    crashes: &mut Crashes,
    mut said: String,
    stop: &CancellationToken,
) -> Result<Postmaster, State> {
    while let Some(pause) = crashes.next_pause() {
        tokio::select! {
            () = sleep(pause) => {}
            () = stop.cancelled() => return Err(State::Stopped),
        }
        match Postmaster::start(site, stop).await {
            Ok(started) => return Ok(started),
            Err(Error::Stopping) => return Err(State::Stopped),
            Err(error) => {
                tracing::error!("{error}");
                said = error.to_string();
            }
        }
    }
    let (times, log) = (crashes.tried, site.place.log.clone());
    let error = Error::KeepsStopping { times, said, log };
    Err(State::GaveUp(error.to_string().into()))
}

/// Counts the ends without a good run between them.
#[derive(Debug, Default)]
struct Crashes {
    tried: u32,
}

impl Crashes {
    fn after_a_run_of(&mut self, lasted: Duration) {
        if lasted >= GOOD_RUN {
            self.tried = 0;
        }
    }

    fn next_pause(&mut self) -> Option<Duration> {
        let pause = PAUSES_MS.get(self.tried as usize)?;
        self.tried += 1;
        Some(Duration::from_millis(*pause))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_restart_is_immediate_and_the_tries_are_bounded() {
        let mut crashes = Crashes::default();
        assert_eq!(crashes.next_pause(), Some(Duration::ZERO));
        let tries = 1 + std::iter::from_fn(|| crashes.next_pause()).count();
        assert_eq!(tries, PAUSES_MS.len());
        assert_eq!(crashes.next_pause(), None);
    }

    #[test]
    fn a_good_run_wipes_the_slate_clean_and_a_short_one_does_not() {
        let mut crashes = Crashes { tried: 5 };
        crashes.after_a_run_of(GOOD_RUN / 2);
        assert_eq!(crashes.tried, 5);
        crashes.after_a_run_of(GOOD_RUN);
        assert_eq!(crashes.next_pause(), Some(Duration::ZERO));
    }
}
