//! Sign in.

use crate::{
    actions::{
        account::{Entrance, load_entrance},
        ours, with_next,
    },
    components::{
        bare::Bare,
        field::{Hidden, Kind},
        form::{Form, PostForm},
    },
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use serde::Deserialize;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    next: String,
}

/// E-mail and password, and how to get an account.
pub fn show(visit: Visit) -> AnyView {
    let next = ours(&server::query::<Query>().next);
    Suspend::new(async move {
        // Whether people can sign up is nothing that may keep them from signing in.
        let entrance = load_entrance().await.unwrap_or(Entrance {
            is_set_up: true,
            is_open: false,
            mail_leaves: true,
        });
        page(visit, next, entrance)
    })
    .into_any()
}

fn page(visit: Visit, next: String, entrance: Entrance) -> AnyView {
    let form = Form::of(&visit, "/do/account/sign-in");
    let passkey = with_next("/sign-in/passkey", &next);
    let lead = match next.as_str() {
        "/" => "With the email and password of your account.".to_owned(),
        invitation if invitation.starts_with("/invitation/") => {
            "Then you go on to your invitation.".to_owned()
        }
        next => format!("Then you go on to {next}"),
    };
    let email = form.field("email", "Email").kind(Kind::Email).autocomplete("username");
    let email = email.large().first(&form).view();
    let password = form.field("password", "Password").kind(Kind::CurrentPassword);
    let password = password.autocomplete("current-password").large().view();
    view! {
        <Bare visit title="Sign in" lead>
            <PostForm form class="mt-8 grid gap-5">
                <Hidden name="next" value=next/>
                {email}
                {password}
                <button class="btn btn-primary btn-lg" type="submit">"Sign in"</button>
            </PostForm>
            <ul class="mt-8 grid gap-2">
                <li><a class="link" href=passkey>"Sign in with a passkey"</a></li>
                <li><a class="link" href="/forgot">"Forgot your password?"</a></li>
            </ul>
            <p class="mt-6 text-ink-2">{way_in(entrance)}</p>
        </Bare>
    }
    .into_any()
}

/// How somebody without an account gets one.
fn way_in(entrance: Entrance) -> AnyView {
    if !entrance.is_set_up {
        "Nobody has an account here yet. Open the set-up link that Probity printed when it started."
            .into_any()
    } else if entrance.is_open {
        view! { "New here? " <a class="link" href="/sign-up">"Create an account"</a> "." }
            .into_any()
    } else {
        "New here? Ask a team owner for an invitation.".into_any()
    }
}
