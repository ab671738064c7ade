//! Add a passkey.

use crate::{
    actions::sign_in::load_hindrance,
    components::{
        account::AccountPage,
        codes::RevealCodes,
        form::{Form, PostForm},
    },
    islands::passkey::PasskeyButton,
    pages::failure,
    viewer::{Revealed, Visit},
};
use leptos::prelude::*;
use model::{Failure, passkey::Kind};

/// A name, then the browser's own dialog; afterwards the codes to keep, with the first factor.
pub fn show(visit: Visit) -> AnyView {
    let viewer = visit.page.viewer.clone();
    if let Some(Revealed::Codes(codes)) = visit.page.revealed.clone() {
        let email = viewer.map(|viewer| viewer.email).unwrap_or_default();
        return view! {
            <AccountPage visit title="Save your recovery codes">
                <RevealCodes codes email/>
            </AccountPage>
        }
        .into_any();
    }
    if viewer.is_some_and(|viewer| viewer.confirmed_until.is_none()) {
        return failure::show(visit, Failure::Unconfirmed { without: None });
    }
    Suspend::new(async move {
        let hindrance = load_hindrance().await.ok().flatten();
        page(visit, hindrance)
    })
    .into_any()
}

fn page(visit: Visit, hindrance: Option<String>) -> AnyView {
    let form = Form::of(&visit, "/do/passkey/add");
    let name = form.field("name", "Name").preset("This device").first(&form);
    let name = name.help("To tell it from your others, for example Desk or Phone.").view();
    let content = match hindrance {
        Some(sentence) => view! { <p class="error">{sentence}</p> }.into_any(),
        None => view! {
            <PostForm form class="grid max-w-form gap-5">
                {name}
                <noscript>
                    <p class="error">
                        "A passkey needs JavaScript: only a script can open its dialog. Switch it \
                        on for this page."
                    </p>
                </noscript>
                <div class="flex flex-wrap gap-2">
                    <a class="btn" href="/account/security">"Cancel"</a>
                    <PasskeyButton
                        label="Add a passkey"
                        class="btn btn-primary"
                        options_path="/do/passkey/options"
                        kind=Kind::Create
                    />
                </div>
            </PostForm>
        }
        .into_any(),
    };
    let lead = "It stays on your device, or in your password manager. Probity keeps only its \
                public half.";
    view! { <AccountPage visit title="Add a passkey" lead>{content}</AccountPage> }.into_any()
}
