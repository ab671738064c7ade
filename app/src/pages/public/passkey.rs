//! Sign in with a passkey: alone, or as the second step.

use super::code::{Query, Remember};
use crate::{
    actions::{
        ours,
        sign_in::{load_hindrance, load_step},
        with_next,
    },
    components::{
        bare::Bare,
        field::Hidden,
        form::{Form, PostForm},
    },
    islands::passkey::PasskeyButton,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::passkey::Kind;

/// The button that opens the browser's dialog.
pub fn show(visit: Visit) -> AnyView {
    let next = ours(&server::query::<Query>().next);
    Suspend::new(async move {
        // Neither may keep anybody from trying: the doors decide.
        let second = load_step().await.ok().flatten().is_some();
        let hindrance = load_hindrance().await.ok().flatten();
        page(visit, next, second, hindrance)
    })
    .into_any()
}

fn page(visit: Visit, next: String, second: bool, hindrance: Option<String>) -> AnyView {
    let form = Form::of(&visit, "/do/sign-in/passkey");
    let (lead, back) = if second {
        ("Confirm with the passkey of your account.", with_next("/sign-in/code", &next))
    } else {
        (
            "Your device checks that it is you. No password and no code is needed.",
            with_next("/sign-in", &next),
        )
    };
    let button = match hindrance {
        Some(sentence) => view! { <p class="error mt-8">{sentence}</p> }.into_any(),
        None => view! {
            <PostForm form class="mt-8 grid gap-5">
                <Hidden name="next" value=next/>
                {second.then(|| view! { <Remember/> })}
                <noscript>
                    <p class="error">
                        "A passkey needs JavaScript. Switch it on here, or use another way."
                    </p>
                </noscript>
                <PasskeyButton
                    label="Use a passkey"
                    class="btn btn-primary btn-lg"
                    options_path="/do/sign-in/passkey-options"
                    kind=Kind::Get
                />
            </PostForm>
        }
        .into_any(),
    };
    view! {
        <Bare visit title="Sign in with a passkey" lead>
            {button}
            <p class="mt-8"><a class="link" href=back>"Use another way"</a></p>
        </Bare>
    }
    .into_any()
}

/// The way here, as one of several.
pub(super) fn use_passkey(next: &str) -> AnyView {
    let path = with_next("/sign-in/passkey", next);
    view! { <li><a class="link" href=path>"Use a passkey"</a></li> }.into_any()
}
