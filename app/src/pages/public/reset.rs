//! Set a new password by a link from a mail.

use super::link;
use crate::{
    actions::sign_in::load_reset,
    components::{
        bare::Bare,
        field::{Hidden, Kind},
        form::{Form, PostForm},
    },
    viewer::Visit,
};
use leptos::prelude::*;
use model::account::LinkCard;

/// The new password, or why the link is no longer good.
pub fn show(visit: Visit) -> AnyView {
    link::open(visit, load_reset, page, ("/forgot", "Ask for a new link"))
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
