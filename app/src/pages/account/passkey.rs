//! One passkey: its name, and the way to remove it.

use crate::{
    actions::security::load_security,
    components::{
        account::AccountPage,
        field::Hidden,
        form::{Form, PostForm},
    },
    islands::submit::Submit,
    pages::failure,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{Failure, factor::PasskeyRow};

/// The passkey in the path.
pub fn show(visit: Visit) -> AnyView {
    let id = visit.param("passkey").to_owned();
    Suspend::new(async move {
        match load_security().await {
            Ok(security) => {
                let last = security.totp_since.is_none() && security.passkeys.len() == 1;
                let kept = last && !security.required_by.is_empty();
                match security.passkeys.into_iter().find(|key| key.id == id) {
                    Some(key) => page(visit, key, last, kept),
                    None => failure::show(visit, Failure::NotFound),
                }
            }
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn page(visit: Visit, key: PasskeyRow, last: bool, kept: bool) -> AnyView {
    let rename = Form::of(&visit, "/do/passkey/rename");
    let remove = Form::of(&visit, "/do/passkey/remove");
    let name = rename.value("name").map_or_else(|| key.name.clone(), str::to_owned);
    let field = rename.field("name", "Name").filled(name).view();
    let consequence = match (kept, last) {
        (true, _) => "A team of yours requires two-step sign-in, and this is your last factor.",
        (false, true) => "It is your last factor: a password is enough afterwards.",
        (false, false) => "Your other factors stay. Remembered browsers are asked again.",
    };
    let (id, title) = (key.id.clone(), key.name);
    view! {
        <AccountPage visit title>
            <PostForm form=rename class="grid max-w-form gap-4">
                <Hidden name="passkey" value=id/>
                {field}
                <div><Submit label="Save" class="btn"/></div>
            </PostForm>
            <PostForm form=remove class="mt-10 grid max-w-form gap-4 border-t border-line pt-6">
                <Hidden name="passkey" value=key.id/>
                <p class="text-ink-2">{consequence} " Removing it asks for another factor."</p>
                <div class="flex flex-wrap gap-2">
                    <a class="btn" href="/account/security">"Keep it"</a>
                    {match kept {
                        true => view! {
                            <button class="btn" type="button" disabled=true>
                                "Remove the passkey"
                            </button>
                        }
                        .into_any(),
                        false => view! {
                            <Submit label="Remove the passkey" class="btn btn-danger"/>
                        }
                        .into_any(),
                    }}
                </div>
            </PostForm>
        </AccountPage>
    }
    .into_any()
}
