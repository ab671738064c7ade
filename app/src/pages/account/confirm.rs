//! Step-up: proving again that it is you, for a form that waits or on the way to a page.

use crate::{
    actions::{security::load_security, sign_in::load_hindrance},
    components::{
        field::{Hidden, Kind},
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    islands::{passkey::PasskeyButton, submit::Submit},
    pages::failure,
    server,
    viewer::{Confirming, Visit},
};
use leptos::prelude::*;
use model::{factor::Security, passkey};
use serde::Deserialize;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    next: String,
    without: String,
}

/// What is confirmed, and where it leads.
#[derive(Clone)]
struct Purpose {
    /// The page to go on to, where no form waits.
    next: String,
    waiting: Option<Confirming>,
    without: String,
}

/// On the way to a page.
pub fn show(visit: Visit) -> AnyView {
    let Query { next, without } = server::query();
    let next = if next.is_empty() { "/account/security".to_owned() } else { next };
    ask(visit, Purpose { next, waiting: None, without })
}

/// For a form that waits: it comes back filled.
pub fn show_for(visit: Visit, waiting: Confirming) -> AnyView {
    let without = waiting.without.clone().unwrap_or_default();
    ask(visit, Purpose { next: String::new(), waiting: Some(waiting), without })
}

fn ask(visit: Visit, purpose: Purpose) -> AnyView {
    Suspend::new(async move {
        let hindrance = load_hindrance().await.ok().flatten();
        match load_security().await {
            Ok(security) => page(visit, purpose, security, hindrance.is_none()).into_any(),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn page(visit: Visit, purpose: Purpose, security: Security, usable: bool) -> AnyView {
    let heading = Heading { title: "Confirm that it is you".to_owned(), above: Vec::new() };
    let team = visit.team();
    let lead = match (purpose.without.as_str(), &purpose.waiting) {
        ("", Some(_)) => {
            "This changes how accounts or keys can be used. Then you are back at the form, as you \
             filled it. Good for 10 minutes."
        }
        ("", None) => "What comes next changes how your account can be used. Good for 10 minutes.",
        _ => {
            "What goes cannot vouch for its own going: use another factor, or a recovery code. \
             Good for 10 minutes."
        }
    };
    let cancel = if purpose.waiting.is_some() { visit.address.clone() } else { "/".to_owned() };
    let others =
        security.passkeys.iter().any(|key| purpose.without != format!("passkey:{}", key.id));
    let passkey = (usable && others).then(|| by_passkey(&visit, purpose.clone()));
    let password = by_password(&visit, purpose, &security, cancel);
    view! {
        <Frame visit team heading=heading.clone()>
            <PageHead title=heading.title lead/>
            <div class="grid max-w-form gap-8">{passkey} {password}</div>
        </Frame>
    }
    .into_any()
}

/// A passkey replaces password and code.
fn by_passkey(visit: &Visit, purpose: Purpose) -> AnyView {
    let form = Form::of(visit, "/do/confirm/passkey");
    view! {
        <PostForm form class="grid justify-items-start gap-3 border-b border-line pb-8">
            <Kept purpose/>
            <PasskeyButton
                label="Confirm with a passkey"
                class="btn btn-primary"
                options_path="/do/confirm/passkey-options"
                kind=passkey::Kind::Get
            />
        </PostForm>
    }
    .into_any()
}

fn by_password(visit: &Visit, purpose: Purpose, security: &Security, cancel: String) -> AnyView {
    let form = Form::of(visit, "/do/confirm/password");
    let second = security.totp_since.is_some() || !security.passkeys.is_empty();
    let password = form.field("password", "Password").kind(Kind::CurrentPassword);
    let password = password.autocomplete("current-password").first(&form).view();
    let only_recovery = security.totp_since.is_none() || purpose.without == "totp";
    let code = second.then(|| {
        let field = form.field("code", if only_recovery { "Recovery code" } else { "Code" });
        if only_recovery {
            field.help("One of the ten you stored. It works once.").view()
        } else {
            field
                .kind(Kind::Code)
                .autocomplete("one-time-code")
                .help("Six digits from your app, or a recovery code. Each works once.")
                .view()
        }
    });
    view! {
        <PostForm form class="grid gap-5">
            <Kept purpose/>
            {password}
            {code}
            <div class="flex flex-wrap gap-2">
                <a class="btn" href=cancel>"Cancel"</a>
                <Submit label="Confirm" class="btn btn-primary"/>
            </div>
        </PostForm>
    }
    .into_any()
}

/// What leads on: the page, or the form that waits with all that was typed.
#[component]
fn Kept(purpose: Purpose) -> AnyView {
    let Purpose { next, waiting, without } = purpose;
    let kept = waiting.map(|Confirming { action, values, .. }| {
        let values = values
            .into_iter()
            .map(|(name, value)| {
                view! { <input type="hidden" name=format!("kept_{name}") value=value/> }
            })
            .collect_view();
        view! { <input type="hidden" name="resume" value=action/> {values} }
    });
    view! {
        <Hidden name="next" value=next/>
        <Hidden name="without" value=without/>
        {kept}
    }
    .into_any()
}
