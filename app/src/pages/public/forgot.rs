//! Forgot the password: a link by mail.

use crate::{
    actions::account::load_entrance,
    components::{
        bare::Bare,
        field::Kind,
        form::{Form, PostForm},
        post::Post,
    },
    viewer::Visit,
};
use leptos::prelude::*;

/// Asks for the address.
pub fn show(visit: Visit) -> AnyView {
    let form = Form::of(&visit, "/do/password/forgot");
    let email = form.field("email", "Email").kind(Kind::Email).autocomplete("username");
    let email = email.large().first(&form).view();
    view! {
        <Bare visit title="Set a new password" lead="A link goes to the address of your account.">
            <PostForm form class="mt-8 grid gap-5">
                {email}
                <button class="btn btn-primary btn-lg" type="submit">"Send the link"</button>
            </PostForm>
            <p class="mt-8"><a class="link" href="/sign-in">"Back to sign in"</a></p>
        </Bare>
    }
    .into_any()
}

/// The same answer for every address.
pub fn show_sent(visit: Visit) -> AnyView {
    Suspend::new(async move {
        let leaves = load_entrance().await.map_or(true, |entrance| entrance.mail_leaves);
        view! {
            <Bare
                visit
                title="Check your mail"
                lead="If the address has an account, a link is on its way. It is good for 30 \
                      minutes, once. Two-step sign-in is asked for as always."
            >
                <Post leaves/>
                <p class="mt-8"><a class="btn btn-lg" href="/sign-in">"Back to sign in"</a></p>
            </Bare>
        }
    })
    .into_any()
}
