//! Set up: the first account and the first team, by the one-time link.

use super::sign_up::person;
use crate::{
    actions::account::{Entrance, load_entrance},
    components::{
        bare::Bare,
        field::Hidden,
        form::{Form, PostForm},
    },
    pages::failure,
    viewer::Visit,
};
use leptos::prelude::*;

/// The first owner and the first team.
pub fn show(visit: Visit) -> AnyView {
    Suspend::new(async move {
        match load_entrance().await {
            Ok(entrance) => page(visit, entrance).into_any(),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn page(visit: Visit, entrance: Entrance) -> AnyView {
    let lead = if entrance.is_set_up {
        "This was done before: the link works once. Sign in instead, or ask for an invitation."
    } else {
        "You become the owner of this instance’s first team. The link works once."
    };
    let form = Form::of(&visit, "/do/account/set-up");
    let token = visit.param("token").to_owned();
    let who = person(&form);
    let team = form.field("team", "Team").autocomplete("organization").large();
    let team = team.help("The business that owns the keys. You can make more teams later.").view();
    view! {
        <Bare visit title="Set up Probity" lead>
            <PostForm form class="mt-8 grid gap-5">
                <Hidden name="token" value=token/>
                {who}
                {team}
                <button class="btn btn-primary btn-lg" type="submit">
                    "Create account and team"
                </button>
            </PostForm>
        </Bare>
    }
    .into_any()
}
