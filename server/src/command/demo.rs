//! `probity demo`: fills an empty Probity with a believable demo, through the real operations.

use super::operator::in_house;
use crate::{Problem, config::Settings};
use domain::demo::{self, DemoSignIn};
use secrecy::ExposeSecret;
use std::fmt::Write;

pub(super) async fn run(settings: &Settings) -> Result<(), Problem> {
    in_house(settings, "demo", async |deps| Ok(how_to_sign_in(&demo::fill(deps, tell).await?)))
        .await
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
