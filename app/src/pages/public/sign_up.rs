//! Sign up, where the instance is open to everybody.

use crate::{
    actions::account::load_entrance,
    components::{
        bare::Bare,
        field::Kind,
        form::{Form, PostForm},
        post::Post,
    },
    pages::failure,
    viewer::Visit,
};
use leptos::prelude::*;
use model::account::bounds::PASSWORD_LEAST;

/// Name, e-mail, password; or why it is not open.
pub fn show(visit: Visit) -> AnyView {
    Suspend::new(async move {
        match load_entrance().await {
            Ok(entrance) if entrance.is_open => open(visit).into_any(),
            Ok(_) => closed(visit).into_any(),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn open(visit: Visit) -> AnyView {
    let form = Form::of(&visit, "/do/account/sign-up");
    let who = person(&form);
    view! {
        <Bare
            visit
            title="Create an account"
            lead="A link to your address makes it. Then you make your first team."
        >
            <PostForm form class="mt-8 grid gap-5">
                {who}
                <button class="btn btn-primary btn-lg" type="submit">"Create account"</button>
            </PostForm>
            <p class="mt-8 text-ink-2">
                "Have an account? " <a class="link" href="/sign-in">"Sign in"</a> "."
            </p>
        </Bare>
    }
    .into_any()
}

fn closed(visit: Visit) -> AnyView {
    view! {
        <Bare
            visit
            title="By invitation"
            lead="Accounts are made by invitation here. Ask the owner of a team for one."
        >
            <p class="mt-8"><a class="btn btn-lg" href="/sign-in">"Sign in"</a></p>
        </Bare>
    }
    .into_any()
}

/// After sign-up: the same answer for every address.
pub fn show_sent(visit: Visit) -> AnyView {
    Suspend::new(async move {
        let leaves = load_entrance().await.map_or(true, |entrance| entrance.mail_leaves);
        view! {
            <Bare
                visit
                title="Check your mail"
                lead="A link is on its way to the address you typed. It is good for 24 hours. Keep \
                      your password at hand: the link asks for it."
            >
                <Post leaves/>
                <p class="mt-8"><a class="btn btn-lg" href="/sign-in">"Sign in"</a></p>
            </Bare>
        }
    })
    .into_any()
}

/// The fields that make an account: name, e-mail, password.
pub(super) fn person(form: &Form) -> impl IntoView + use<> {
    let help = format!("At least {PASSWORD_LEAST} characters; a sentence is a good one.");
    [
        form.field("name", "Your name").autocomplete("name").large().first(form).view(),
        form.field("email", "Email").kind(Kind::Email).autocomplete("username").large().view(),
        form.field("password", "Password")
            .kind(Kind::NewPassword)
            .autocomplete("new-password")
            .large()
            .help(help)
            .view(),
    ]
}
