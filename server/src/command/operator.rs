//! An act of the operator's, beside a running `serve` or without one.

use super::wait_for_cluster;
use crate::{Problem, boot::House, config::Settings};
use domain::Deps;
use tokio_util::task::TaskTracker;

/// Opens the house for what `act` does there, closes it, and prints what is to be said.
pub(super) async fn in_house(
    settings: &Settings,
    verb: &'static str,
    act: impl AsyncFnOnce(&Deps) -> Result<String, Problem>,
) -> Result<(), Problem> {
    let tasks = TaskTracker::new();
    let outcome = match House::open(settings, verb, &tasks).await {
        Ok(house) => {
            let done = act(&house.deps).await;
            house.close().await;
            done
        }
        Err(problem) => Err(problem),
    };
    wait_for_cluster(&tasks).await;
    super::print(&outcome?)
}

/// An operation's failure in the operator's words; `unknown` where there is nobody like that.
pub(super) fn told<T>(result: domain::Result<T>, unknown: &'static str) -> Result<T, Problem> {
    result.map_err(|error| match error {
        domain::Error::NotFound => Problem::say(unknown),
        domain::Error::Invalid(errors) => Problem::say(
            errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" "),
        ),
        other => other.into(),
    })
}
