//! The link of a sign-up: the account is made when its password is typed again.

use super::link;
use crate::{
    actions::account::load_sign_up,
    components::{
        bare::Bare,
        field::{Hidden, Kind},
        form::{Form, PostForm},
    },
    viewer::Visit,
};
use leptos::prelude::*;

/// The password that was typed, or why the link is no longer good.
pub fn show(visit: Visit) -> AnyView {
    link::open(visit, load_sign_up, page, ("/sign-in", "Sign in"))
}

fn page(visit: Visit, token: String, email: String) -> AnyView {
    let form = Form::of(&visit, "/do/account/confirm");
    let lead = format!(
        "{email} is yours. Type the password that you chose, so that nobody else can have made \
         this account for you."
    );
    let password = form.field("password", "Password").kind(Kind::CurrentPassword);
    let password = password.autocomplete("current-password").large().first(&form).view();
    view! {
        <Bare visit title="Confirm your address" lead>
            <PostForm form class="mt-8 grid gap-5">
                <Hidden name="token" value=token/>
                <input type="hidden" autocomplete="username" value=email/>
                {password}
                <button class="btn btn-primary btn-lg" type="submit">
                    "Confirm and sign in"
                </button>
            </PostForm>
            <p class="mt-8 text-ink-2">
                "You did not ask for an account? Close this page: nothing is made without the \
                password."
            </p>
        </Bare>
    }
    .into_any()
}
