//! The link to a new e-mail address: it is taken over by a button, not by a look.

use super::link;
use crate::{
    actions::account::load_email,
    components::{
        bare::Bare,
        field::Hidden,
        form::{Form, PostForm},
    },
    viewer::Visit,
};
use leptos::prelude::*;
use model::account::LinkCard;

/// From which address to which, or why the link is no longer good.
pub fn show(visit: Visit) -> AnyView {
    link::open(visit, load_email, page, ("/sign-in", "Sign in"))
}

fn page(visit: Visit, token: String, card: LinkCard) -> AnyView {
    let form = Form::of(&visit, "/do/account/confirm-email");
    let lead = format!(
        "The account of {} gets the address {}. The old address is told.",
        card.email, card.new_email
    );
    view! {
        <Bare visit title="Take over this address" lead>
            <PostForm form class="mt-8 grid gap-5">
                <Hidden name="token" value=token/>
                <button class="btn btn-primary btn-lg" type="submit">"Use this address"</button>
            </PostForm>
        </Bare>
    }
    .into_any()
}
