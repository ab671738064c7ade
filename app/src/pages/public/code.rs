//! The second step of signing in: a code from an app, or a recovery code.

use super::passkey::use_passkey;
use crate::{
    actions::{ours, sign_in::load_step, with_next},
    components::{
        bare::Bare,
        field::{Hidden, Kind},
        form::{Form, PostForm},
    },
    pages::failure,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::account::StepChoices;
use serde::Deserialize;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    pub(super) next: String,
}

/// Which code is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    App,
    Recovery,
}

/// A code from an app; from a passkey's owner without an app, a recovery code.
pub fn show(visit: Visit) -> AnyView {
    second_step(visit, Asked::App)
}

/// A recovery code.
pub fn show_recovery(visit: Visit) -> AnyView {
    second_step(visit, Asked::Recovery)
}

fn second_step(visit: Visit, asked: Asked) -> AnyView {
    let next = ours(&server::query::<Query>().next);
    Suspend::new(async move {
        match load_step().await {
            Ok(Some(choices)) => page(visit, asked, next, choices),
            Ok(None) => {
                let path = with_next("/sign-in", &next);
                server::redirect(&path);
                view! { <p><a href=path>"Sign in"</a></p> }.into_any()
            }
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn page(visit: Visit, asked: Asked, next: String, choices: StepChoices) -> AnyView {
    let asked = if choices.totp { asked } else { Asked::Recovery };
    let form = Form::of(&visit, "/do/sign-in/code");
    let (title, lead) = match asked {
        Asked::App => ("Two-step sign-in", "Enter the six digits that your app shows now."),
        Asked::Recovery if choices.totp => {
            ("Recovery code", "One of the ten codes you stored. It signs you in once.")
        }
        Asked::Recovery => {
            ("Two-step sign-in", "Use your passkey, or one of the recovery codes you stored.")
        }
    };
    let code = match asked {
        Asked::App => form
            .field("code", "Code")
            .kind(Kind::Code)
            .autocomplete("one-time-code")
            .otp()
            .help("A code works once.")
            .first(&form)
            .view(),
        Asked::Recovery => form
            .field("code", "Recovery code")
            .large()
            .help("For example 7HQ2-VK9M-DB8R-NM3X.")
            .first(&form)
            .view(),
    };
    let others = others(asked, &choices, &next);
    // Whoever has no app takes the passkey first.
    let passkey = (!choices.totp && choices.passkeys > 0).then(|| {
        let path = with_next("/sign-in/passkey", &next);
        view! { <a class="btn btn-primary btn-lg mt-8 w-full" href=path>"Use a passkey"</a> }
    });
    let submit = if passkey.is_some() { "btn btn-lg" } else { "btn btn-primary btn-lg" };
    view! {
        <Bare visit title lead>
            {passkey}
            <PostForm form class="mt-8 grid gap-5">
                <Hidden name="next" value=next/>
                {code}
                <Remember/>
                <button class=submit type="submit">"Sign in"</button>
            </PostForm>
            {others}
            <form method="post" action="/do/sign-in/abandon" class="mt-2">
                <button class="link" type="submit">"Start over with another account"</button>
            </form>
        </Bare>
    }
    .into_any()
}

/// This browser shall stand for the second factor for a while.
#[component]
pub(super) fn Remember() -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" name="remember" value="yes"/>
            <span>"Remember this browser for 30 days"</span>
            <span class="help">"Only on a device of your own: it is not asked again here."</span>
        </label>
    }
    .into_any()
}

/// The other ways to take this step.
fn others(asked: Asked, choices: &StepChoices, next: &str) -> AnyView {
    let passkey = (choices.totp && choices.passkeys > 0).then(|| use_passkey(next));
    let recovery = (asked == Asked::App && choices.recovery > 0).then(|| {
        let path = with_next("/sign-in/recovery", next);
        view! { <li><a class="link" href=path>"Use a recovery code"</a></li> }
    });
    let app = (asked == Asked::Recovery && choices.totp).then(|| {
        let path = with_next("/sign-in/code", next);
        view! { <li><a class="link" href=path>"Use a code from your app"</a></li> }
    });
    let help = (choices.recovery == 0).then(|| {
        view! {
            <li class="text-ink-2">
                "No recovery code is left. Without your app or passkey, ask the operator of this \
                Probity."
            </li>
        }
    });
    view! { <ul class="mt-8 grid gap-2">{passkey} {recovery} {app} {help}</ul> }.into_any()
}
