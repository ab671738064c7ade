//! `probity migrate`: brings the database up to date, beside a running `serve` or without one.

use super::wait_for_cluster;
use crate::{Problem, boot::Database, config::Settings};
use tokio_util::task::TaskTracker;

pub(super) async fn run(settings: &Settings) -> Result<(), Problem> {
    let tasks = TaskTracker::new();
    let outcome = match Database::open(settings, "migrate", &tasks).await {
        Ok(database) => {
            let outcome = database.migrate().await;
            database.close().await;
            outcome
        }
        Err(problem) => Err(problem),
    };
    wait_for_cluster(&tasks).await;
    super::print(&match outcome? {
        0 => "The database was up to date.\n".to_owned(),
        1 => "1 migration was applied; the database is up to date.\n".to_owned(),
        new => format!("{new} migrations were applied; the database is up to date.\n"),
    })
}
