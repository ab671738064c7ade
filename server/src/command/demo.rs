//! `probity demo`: fills an empty Probity with a believable demo, through the real operations.

use super::wait_for_cluster;
use crate::{Problem, boot::House, config::Settings};
use domain::demo::{self, DemoSignIn};
use secrecy::ExposeSecret;
use std::fmt::Write;
use tokio_util::task::TaskTracker;

pub(super) async fn run(settings: &Settings) -> Result<(), Problem> {
    let tasks = TaskTracker::new();
    let outcome = match House::open(settings, "demo", &tasks).await {
        Ok(house) => {
            let filled = demo::fill(&house.deps, tell).await;
            house.close().await;
            filled.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    wait_for_cluster(&tasks).await;
    super::print(&how_to_sign_in(&outcome?))
}

/// A line now and then: who waits wants to know that it goes on.
fn tell(percent: u32) {
    if percent.is_multiple_of(10) {
        tracing::info!("The demo is {percent} % done.");
    }
}

fn how_to_sign_in(demo: &DemoSignIn) -> String {
    let password = demo.password.expose_secret();
    let mut text = format!(
        "The demo is ready. Sign in as {} with the password {password}\n\n\
         Everybody has that password:\n",
        demo.email
    );
    let widest = demo.people.iter().map(|(email, _)| email.len()).max().unwrap_or(0);
    for (email, what) in &demo.people {
        writeln!(text, "  {email:<widest$}  {what}").expect("a string takes all");
    }
    text
}
