//! Doors to accounts: set up, sign up, sign out, and the person's own details.

use leptos::prelude::*;
use model::{
    Failure, Next,
    account::{self as form, LinkCard},
    audit::AuditPage,
    page::Around,
    session::{self, Deletion},
};
use serde::{Deserialize, Serialize};

/// How people get an account on this instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrance {
    /// Whether the first account has been made.
    pub is_set_up: bool,
    /// Whether anybody may make one, or only who was invited.
    pub is_open: bool,
    /// Whether mail leaves this machine; otherwise it lies in a folder of the operator's.
    pub mail_leaves: bool,
}

/// Makes the first account and team from the one-time link.
#[server(prefix = "/do", endpoint = "account/set-up")]
pub async fn set_up(form: form::SetUp) -> Result<Next, Failure> {
    use crate::server;
    let (session, team) = server::told(domain::account::set_up(&server::cx()?, form).await)?;
    server::start_session(&session);
    Ok(Next::say(team.path(""), format!("{} is ready. Make its first key.", team.name)))
}

/// Mails a link that makes an account.
#[server(prefix = "/do", endpoint = "account/sign-up")]
pub async fn sign_up(form: form::SignUp) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::sign_up(&server::cx()?, form).await)?;
    Ok(Next::go("/sign-up/sent"))
}

/// Makes the account of a link, and signs its person in.
#[server(prefix = "/do", endpoint = "account/confirm")]
pub async fn confirm_sign_up(form: form::ConfirmSignUp) -> Result<Next, Failure> {
    use crate::server;
    let session = server::told(domain::account::confirm_sign_up(&server::cx()?, form).await)?;
    server::start_session(&session);
    Ok(Next::go("/teams/new"))
}

/// The address that a link of a sign-up would confirm.
#[server(prefix = "/do", endpoint = "account/sign-up-card")]
pub async fn load_sign_up(token: model::Typed) -> Result<String, Failure> {
    use crate::server;
    let found = domain::account::sign_up_address(&server::cx()?, &token).await;
    server::told(found)?.ok_or(Failure::NotFound)
}

/// Ends the session.
#[server(prefix = "/do", endpoint = "account/sign-out")]
pub async fn sign_out(#[server(default)] form: form::SignOut) -> Result<Next, Failure> {
    use crate::{actions::ours, server};
    server::told(domain::account::sign_out(&server::cx()?).await)?;
    server::end_session();
    let next = if form.next.is_empty() { "/sign-in".to_owned() } else { ours(&form.next) };
    Ok(Next::say(next, "You are signed out."))
}

/// How people get an account on this instance.
#[server(prefix = "/do", endpoint = "account/entrance")]
pub async fn load_entrance() -> Result<Entrance, Failure> {
    use crate::server;
    let cx = server::cx()?;
    let is_set_up = server::told(domain::account::is_set_up(&cx).await)?;
    let is_open = domain::account::sign_up_is_open(&cx);
    Ok(Entrance { is_set_up, is_open, mail_leaves: cx.deps().mailer().leaves() })
}

/// What a link to the viewer's own data says, if the query has one that works.
#[server(prefix = "/do", endpoint = "account/own-export")]
pub async fn load_own_export(
    query: model::audit::ExportQuery,
) -> Result<Option<model::audit::ExportLink>, Failure> {
    use crate::server;
    server::told(domain::account::export_ends(&server::cx()?, &query.link).await)
}

/// Makes a link to everything about the viewer.
#[server(prefix = "/do", endpoint = "account/export")]
pub async fn export_own() -> Result<Next, Failure> {
    use crate::server;
    let link = server::told(domain::account::export_link(&server::cx()?).await)?;
    Ok(Next::go(format!("/account/data?link={}#export", link.token)))
}

/// Sets name, time zone and the language of dates.
#[server(prefix = "/do", endpoint = "account/profile")]
pub async fn update_profile(form: session::Profile) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::update_profile(&server::cx()?, form).await)?;
    Ok(Next::say("/account", "Your profile was saved."))
}

/// Mails a link to a new address.
#[server(prefix = "/do", endpoint = "account/ask-email")]
pub async fn ask_email(form: model::factor::ChangeEmail) -> Result<Next, Failure> {
    use crate::server;
    let email = form.email.trim().to_owned();
    server::told(domain::account::ask_email(&server::cx()?, form).await)?;
    Ok(Next::say("/account", format!("A link was sent to {email}. Nothing changes until then.")))
}

/// What a link to a new address would change.
#[server(prefix = "/do", endpoint = "account/email-card")]
pub async fn load_email(token: model::Typed) -> Result<LinkCard, Failure> {
    use crate::server;
    let found = domain::account::email_card(&server::cx()?, &token).await;
    server::told(found)?.ok_or(Failure::NotFound)
}

/// Takes over a new address.
#[server(prefix = "/do", endpoint = "account/confirm-email")]
pub async fn confirm_email(form: form::ByLink) -> Result<Next, Failure> {
    use crate::server;
    let cx = server::cx()?;
    let email = server::told(domain::account::confirm_email(&cx, form).await)?;
    let to = if cx.is_signed_in() { "/account" } else { "/sign-in" };
    Ok(Next::say(to, format!("{email} is the address of your account from now on.")))
}

/// What deleting the account would do.
#[server(prefix = "/do", endpoint = "account/deletion")]
pub async fn load_deletion() -> Result<Deletion, Failure> {
    use crate::server;
    server::told(domain::account::deletion(&server::cx()?).await)
}

/// Deletes the account.
#[server(prefix = "/do", endpoint = "account/delete")]
pub async fn delete_account(form: session::DeleteAccount) -> Result<Next, Failure> {
    use crate::server;
    server::told(domain::account::delete_account(&server::cx()?, form).await)?;
    server::end_session();
    Ok(Next::say("/sign-in", "Your account was deleted."))
}

/// A page of one's own records, the newest first.
#[server(prefix = "/do", endpoint = "account/activity")]
pub async fn load_activity(around: Around) -> Result<AuditPage, Failure> {
    use crate::server;
    server::told(domain::audit::own(&server::cx()?, around).await)
}
