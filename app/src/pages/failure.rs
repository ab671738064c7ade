//! The page for what could not be done: what happened, what to do, and the request's id.

use crate::{
    components::{
        bare::Bare,
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    islands::submit::Submit,
    pages::encode,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{Failure, security::Bar};

/// Shows a failure with its status, in the frame of whoever looks.
pub fn show(visit: Visit, failure: Failure) -> AnyView {
    show_as(visit, None, failure)
}

/// The same under another heading, if there is one.
pub fn show_as(visit: Visit, heading: Option<&'static str>, failure: Failure) -> AnyView {
    if let Failure::Unconfirmed { without } = &failure {
        return confirm_first(&visit, without.as_deref());
    }
    server::status(failure.status());
    let title = heading.unwrap_or(title(&failure));
    let request = visit.page.request.to_string();
    if visit.page.viewer.is_none() {
        return view! {
            <Bare visit title lead=failure.to_string()>
                <p class="mt-8"><a class="btn btn-primary btn-lg" href="/">"Go to the start"</a></p>
                <Request request/>
            </Bare>
        }
        .into_any();
    }
    let team = visit.team();
    let way = way_on(&visit, &failure);
    let heading = Heading { title: title.to_owned(), above: Vec::new() };
    view! {
        <Frame visit team heading>
            <PageHead title lead=failure.to_string()/>
            {way}
            <Request request/>
        </Frame>
    }
    .into_any()
}

/// The one thing to do about it.
fn way_on(visit: &Visit, failure: &Failure) -> AnyView {
    let (path, words) = match (failure, visit.team()) {
        (Failure::Barred(Bar::Session), _) => return sign_in_again(visit),
        (Failure::Barred(Bar::SecondFactor), _) => {
            ("/account/security".to_owned(), "Set up two-step sign-in")
        }
        (Failure::Barred(Bar::Network | Bar::Closed), _) => {
            ("/account".to_owned(), "Go to your account")
        }
        (Failure::Unavailable(_) | Failure::TooMany { .. }, _) => {
            (visit.address.clone(), "Try again")
        }
        (_, Some(team)) => (team.path(""), "Go to the overview"),
        (_, None) => ("/".to_owned(), "Go to the start"),
    };
    view! { <p><a class="btn btn-primary" href=path>{words}</a></p> }.into_any()
}

/// Signs out, and comes back here by way of the sign-in page.
fn sign_in_again(visit: &Visit) -> AnyView {
    let next = visit.address.clone();
    view! {
        <PostForm form=Form::of(visit, "/do/account/sign-out")>
            <Hidden name="next" value=next/>
            <Submit label="Sign in again" class="btn btn-primary"/>
        </PostForm>
    }
    .into_any()
}

/// Leads to step-up, and back here afterwards.
fn confirm_first(visit: &Visit, without: Option<&str>) -> AnyView {
    let next = encode(&visit.address);
    let without = without.map(|factor| format!("&without={factor}")).unwrap_or_default();
    let path = format!("/account/confirm?next={next}{without}");
    server::redirect(&path);
    view! { <p><a href=path>"Confirm that it is you"</a></p> }.into_any()
}

/// What an operator needs to find it in the log.
#[component]
fn Request(request: String) -> impl IntoView {
    view! {
        <p class="mt-8 text-sm text-ink-3">
            "Request "
            <code class="wrap-anywhere">{request}</code>
        </p>
    }
}

const fn title(failure: &Failure) -> &'static str {
    match failure {
        Failure::Unauthenticated => "You are signed out",
        Failure::Forbidden(_) => "Your role does not reach this",
        Failure::Barred(Bar::SecondFactor) => "Two-step sign-in first",
        Failure::Barred(Bar::Session) => "Sign in again",
        Failure::Barred(Bar::Network) => "Not from this network",
        Failure::Barred(Bar::Closed) => "Being deleted",
        Failure::Unconfirmed { .. } => "Confirm that it is you",
        Failure::NotFound => "Nothing here",
        Failure::Invalid(_) => "That could not be read",
        Failure::Conflict(_) => "It has changed meanwhile",
        Failure::TooMany { .. } => "Too many tries",
        Failure::Unavailable(_) => "Not just now",
    }
}
