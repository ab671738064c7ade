//! Set a new password by a link from a mail.

use super::gone::gone;
use crate::{
    actions::sign_in::load_reset,
    components::{
        bare::Bare,
        field::{Hidden, Kind},
        form::{Form, PostForm},
    },
    pages::failure,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{Failure, Typed, account::LinkCard};

/// The new password, or why the link is no longer good.
pub fn show(visit: Visit) -> AnyView {
    let token = visit.param("token").to_owned();
    Suspend::new(async move {
        match load_reset(Typed::new(token.as_str())).await {
            Ok(card) => page(visit, token, card),
            Err(Failure::NotFound) => gone(visit, "/forgot", "Ask for a new link"),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn page(visit: Visit, token: String, card: LinkCard) -> AnyView {
    let form = Form::of(&visit, "/do/password/reset");
    let lead = format!("For {}. All sessions end, and nobody is signed in by this.", card.email);
    let help = format!("At least {} characters; a sentence is a good one.", card.least);
    let password = form.field("password", "New password").kind(Kind::NewPassword);
    let password = password.autocomplete("new-password").large().help(help).first(&form).view();
    view! {
        <Bare visit title="Set a new password" lead>
            <PostForm form class="mt-8 grid gap-5">
                <Hidden name="token" value=token/>
                {password}
                <button class="btn btn-primary btn-lg" type="submit">"Set the password"</button>
            </PostForm>
        </Bare>
    }
    .into_any()
}
