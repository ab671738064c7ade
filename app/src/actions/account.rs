//! Doors to accounts: set up, sign up, sign in, sign out.

use leptos::prelude::*;
use model::{Failure, Next, account as form};
use serde::{Deserialize, Serialize};

/// How people get an account on this instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrance {
    /// Whether the first account has been made.
    pub is_set_up: bool,
    /// Whether anybody may make one, or only who was invited.
    pub is_open: bool,
}

/// Makes the first account and team from the one-time link.
#[server(prefix = "/do", endpoint = "account/set-up")]
pub async fn set_up(form: form::SetUp) -> Result<Next, Failure> {
    use crate::server;
    let (session, team) = server::told(domain::account::set_up(&server::cx()?, form).await)?;
    server::start_session(&session);
    Ok(Next::say(team.path(""), format!("{} is ready. Make its first key.", team.name)))
}

/// Makes an account.
#[server(prefix = "/do", endpoint = "account/sign-up")]
pub async fn sign_up(form: form::SignUp) -> Result<Next, Failure> {
    use crate::server;
    let session = server::told(domain::account::sign_up(&server::cx()?, form).await)?;
    server::start_session(&session);
    Ok(Next::go("/teams/new"))
}

/// Starts a session.
#[server(prefix = "/do", endpoint = "account/sign-in")]
pub async fn sign_in(form: form::SignIn) -> Result<Next, Failure> {
    use crate::{actions::ours, server};
    let next = ours(&form.next);
    let session = server::told(domain::account::sign_in(&server::cx()?, form).await)?;
    server::start_session(&session);
    Ok(Next::go(next))
}

/// Ends the session.
#[server(prefix = "/do", endpoint = "account/sign-out")]
pub async fn sign_out() -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::sign_out(&server::cx()?).await)?;
    server::end_session();
    Ok(Next::say("/sign-in", "You are signed out."))
}

/// How people get an account on this instance.
#[server(prefix = "/do", endpoint = "account/entrance")]
pub async fn load_entrance() -> Result<Entrance, Failure> {
    use crate::server;
    let cx = server::cx()?;
    let is_set_up = server::told(domain::account::is_set_up(&cx).await)?;
    Ok(Entrance { is_set_up, is_open: domain::account::sign_up_is_open(&cx) })
}
