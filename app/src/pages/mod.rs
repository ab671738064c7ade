//! One file per screen, and what stands between a visit and its screen.
//!
//! A screen is a function from a [`Visit`] to a view. It loads what it shows with [`load`], which
//! turns a failure into the failure page. Everything it shows is plain HTML.

pub mod account;
pub mod failure;
pub mod public;
pub mod team;

use crate::{
    format::Local,
    routes::{Place, Screen},
    server,
    viewer::{Trouble, Visit},
};
use leptos::prelude::*;
use model::{Failure, security::Bar, team::TeamCard};

/// The page of this visit.
pub fn show(visit: Visit) -> AnyView {
    provide_context(Local::of(&visit));
    if let Some(Trouble { title, failure }) = use_context() {
        return failure::show_as(visit, title, failure);
    }
    if let Some(confirming) = visit.page.confirming.clone() {
        return account::confirm::show_for(visit, confirming);
    }
    match visit.screen {
        None => failure::show(visit, Failure::NotFound),
        Some(screen) => match refusal(&visit, screen) {
            None => (screen.view)(visit),
            Some(Failure::Unauthenticated) => sign_in_first(&visit),
            Some(Failure::Barred(Bar::Closed)) => being_deleted(visit),
            Some(failure) => failure::show(visit, failure),
        },
    }
}

/// Why this viewer is not shown this page. Only a courtesy: what a page loads is guarded again.
fn refusal(visit: &Visit, screen: &Screen) -> Option<Failure> {
    if screen.place == Place::Public {
        return None;
    }
    if visit.page.viewer.is_none() {
        return Some(Failure::Unauthenticated);
    }
    if screen.place == Place::Account {
        return None;
    }
    let Some(team) = visit.team() else { return Some(Failure::NotFound) };
    if let Some(bar) = team.bar {
        return Some(Failure::Barred(bar));
    }
    screen.permission.filter(|permission| !team.may(*permission)).map(Failure::Forbidden)
}

/// Owners see how far it is.
fn being_deleted(visit: Visit) -> AnyView {
    match visit.team() {
        Some(team) if team.role.is_owner() => public::deleted::show_going(visit, team),
        _ => failure::show(visit, Failure::Barred(Bar::Closed)),
    }
}

/// Sends to the sign-in page, and back here afterwards.
fn sign_in_first(visit: &Visit) -> AnyView {
    let next = if visit.address == "/" { String::new() } else { encode(&visit.address) };
    let query = if next.is_empty() { next } else { format!("?next={next}") };
    server::redirect(&format!("/sign-in{query}"));
    view! { <p><a href="/sign-in">"Sign in"</a></p> }.into_any()
}

/// An address as the value of a query.
pub(crate) fn encode(address: &str) -> String {
    let mut text = String::new();
    for byte in address.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                text.push(char::from(byte));
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// Loads what a team's page shows, then shows it; or the failure page.
pub fn load<T, Load, V>(
    visit: Visit,
    load: impl FnOnce(TeamCard) -> Load,
    page: impl FnOnce(Visit, TeamCard, T) -> V + Send + 'static,
) -> AnyView
where
    T: Send + 'static,
    Load: Future<Output = Result<T, Failure>> + Send + 'static,
    V: IntoView + 'static,
{
    let Some(team) = visit.team() else { return failure::show(visit, Failure::NotFound) };
    let loading = load(team.clone());
    Suspend::new(async move {
        match loading.await {
            Ok(found) => page(visit, team, found).into_any(),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

#[cfg(test)]
mod tests;
