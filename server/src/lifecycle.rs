//! How `serve` ends: no new work, the work in flight finished, nothing counted lost, the cluster
//! stopped, all within 15 seconds.

use crate::{boot::House, jobs::Jobs};
use std::{io, time::Duration};
use tokio::{
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// For requests in flight.
const DRAIN: Duration = Duration::from_secs(6);
/// For background work in flight, and for writing down what was counted.
const FLUSH: Duration = Duration::from_secs(1);

/// A token that the first SIGTERM or SIGINT cancels. Later signals change nothing: what is under
/// way is already the quickest end that loses nothing.
pub fn stop_on_signals() -> io::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        loop {
            let name = tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            };
            match told.is_cancelled() {
                false => tracing::info!("Stopping ({name})."),
                true => tracing::info!("Still stopping; {name} changes nothing."),
            }
            told.cancel();
        }
    });
    Ok(stop)
}

/// What runs while `serve` serves.
pub struct Running {
    pub http: JoinHandle<io::Result<()>>,
    pub stop_http: CancellationToken,
}

impl Running {
    /// Takes no more connections and waits for the requests in flight.
    pub async fn drain(mut self) {
        self.stop_http.cancel();
        if self.http.is_finished() {
            return;
        }
        if timeout(DRAIN, &mut self.http).await.is_err() {
            tracing::warn!("Some requests took longer than {} s and were cut.", DRAIN.as_secs());
            self.http.abort();
        }
    }
}

/// Ends background work, writes down the last usage and the last checkpoints, closes connections, stops
/// the cluster.
pub async fn close(house: House, jobs: Jobs) {
    if timeout(FLUSH, jobs.stop()).await.is_err() {
        tracing::warn!("Background work took too long and was cut.");
    }
    match timeout(FLUSH, domain::key::flush_usage(&house.deps)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!("The last second of usage was not written: {error}"),
        Err(_) => tracing::error!("The last second of usage was not written in time."),
    }
    match timeout(FLUSH, domain::audit::record_refusals(&house.deps)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!("The last refusals were not recorded: {error}"),
        Err(_) => tracing::error!("The last refusals were not recorded in time."),
    }
    match timeout(FLUSH, domain::audit::prove_and_keep(&house.deps)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!("The last checkpoints were not kept: {error}"),
        Err(_) => tracing::error!("The last checkpoints were not kept in time."),
    }
    match timeout(FLUSH, domain::key::return_quotas(&house.deps)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!("Some calls of quotas were not given back: {error}"),
        Err(_) => tracing::warn!("Some calls of quotas were not given back in time."),
    }
    house.close().await;
    tracing::info!("Stopped.");
}
