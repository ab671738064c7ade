//! Security: everything that proves who the viewer is.

use crate::{
    actions::{security::load_security, sign_in::load_hindrance},
    components::{
        account::AccountPage,
        codes::RevealCodes,
        facts::Section,
        field::Kind,
        form::{Form, PostForm},
    },
    format::{self, As, Time},
    islands::submit::Submit,
    pages::failure,
    server,
    viewer::{Revealed, Visit},
};
use leptos::prelude::*;
use model::{
    account::bounds,
    factor::{PasskeyRow, Security},
};

/// Password, app, passkeys, recovery codes.
pub fn show(visit: Visit) -> AnyView {
    if let Some(Revealed::Codes(codes)) = visit.page.revealed.clone() {
        let email = visit.page.viewer.as_ref().map(|viewer| viewer.email.clone());
        return view! {
            <AccountPage visit title="Save your recovery codes">
                <RevealCodes codes email=email.unwrap_or_default()/>
            </AccountPage>
        }
        .into_any();
    }
    Suspend::new(async move {
        let hindrance = load_hindrance().await.ok().flatten();
        match load_security().await {
            Ok(security) => page(visit, security, hindrance),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn page(visit: Visit, security: Security, hindrance: Option<String>) -> AnyView {
    let lead = summary(&security);
    let sections = [
        password(&visit, &security),
        app(&visit, &security),
        passkeys(&security, hindrance),
        recovery(&visit, &security),
    ];
    view! { <AccountPage visit title="Security" lead>{sections}</AccountPage> }.into_any()
}

/// How the account is protected, in a sentence.
fn summary(security: &Security) -> String {
    let factors = usize::from(security.totp_since.is_some()) + security.passkeys.len();
    let mut said = match factors {
        0 => "A password is all that protects this account. Set up an app or a passkey.".to_owned(),
        1 => "Sign-in asks for a second factor.".to_owned(),
        n => format!("Sign-in asks for one of {n} second factors."),
    };
    if !security.required_by.is_empty() {
        said.push_str(&format!(
            " Required by {}, so the last factor stays.",
            security.required_by.join(", ")
        ));
    }
    said
}

fn has_factor(security: &Security) -> bool {
    security.totp_since.is_some() || !security.passkeys.is_empty()
}

fn password(visit: &Visit, security: &Security) -> AnyView {
    let now = server::now();
    let form = Form::of(visit, "/do/password/change");
    let least = if has_factor(security) {
        bounds::PASSWORD_LEAST_WITH_FACTOR
    } else {
        bounds::PASSWORD_LEAST
    };
    let field = form.field("password", "New password").kind(Kind::NewPassword);
    let field = field
        .autocomplete("new-password")
        .help(format!("At least {least} characters. All other sessions end."))
        .view();
    let at = security.password_changed_at.clone();
    view! {
        <Section id="password" title="Password">
            <p class="mb-4">"Set " <Time at now worded=As::Ago/> "."</p>
            <PostForm form class="grid max-w-form gap-4">
                {field}
                <div><Submit label="Change password" class="btn"/></div>
            </PostForm>
        </Section>
    }
    .into_any()
}

fn app(visit: &Visit, security: &Security) -> AnyView {
    let now = server::now();
    let begin = Form::of(visit, "/do/totp/begin");
    let body = match security.totp_since.clone() {
        None => view! {
            <p class="mb-4">"Off. Sign-in does not ask for a code."</p>
            <PostForm form=begin>
                <Submit label="Set up an app" class="btn"/>
            </PostForm>
        }
        .into_any(),
        Some(at) => {
            let remove = Form::of(visit, "/do/totp/remove");
            view! {
                <p class="mb-4">"On since " <Time at now worded=As::Ago/> "."</p>
                <div class="flex flex-wrap gap-2">
                    <PostForm form=begin>
                        <Submit label="Move to another phone" class="btn"/>
                    </PostForm>
                    <PostForm form=remove>
                        <Submit label="Remove the app" class="btn btn-danger-line"/>
                    </PostForm>
                </div>
            }
            .into_any()
        }
    };
    let note = "Six digits that change every 30 seconds. Removing it asks for another factor.";
    view! { <Section id="app" title="Authenticator app" note=note>{body}</Section> }.into_any()
}

fn passkeys(security: &Security, hindrance: Option<String>) -> AnyView {
    let list = match security.passkeys.is_empty() {
        true => view! { <p class="mb-4">"None yet."</p> }.into_any(),
        false => passkey_table(security.passkeys.clone()),
    };
    let add = match hindrance {
        Some(sentence) => view! { <p class="note">{sentence}</p> }.into_any(),
        None => {
            view! { <a class="btn" href="/account/passkeys/new">"Add a passkey"</a> }.into_any()
        }
    };
    let note = "A fingerprint, a face or a security key: it signs in alone, without a password.";
    view! {
        <Section id="passkeys" title="Passkeys" note=note>
            {list} <p>{add}</p>
        </Section>
    }
    .into_any()
}

fn passkey_table(rows: Vec<PasskeyRow>) -> AnyView {
    let now = server::now();
    let rows = rows
        .into_iter()
        .map(|key| {
            let used = match key.last_used_at {
                Some(at) => view! { <Time at now worded=As::Ago/> }.into_any(),
                None => "never".into_any(),
            };
            let href = format!("/account/passkeys/{}", key.id);
            view! {
                <tr>
                    <th scope="row" class="min-w-0">
                        <a class="link wrap-anywhere" href=href>{key.name}</a>
                    </th>
                    <td class="text-ink-2" data-label="Added">
                        <Time at=key.created_at now worded=As::Ago/>
                    </td>
                    <td class="text-ink-2" data-label="Last used">{used}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="ledger ledger-cards mb-4">
            <caption class="sr-only">"Your passkeys"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Added"</th>
                    <th scope="col">"Last used"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn recovery(visit: &Visit, security: &Security) -> AnyView {
    let now = server::now();
    let codes = security.recovery.clone();
    let body = match codes.made_at {
        None => view! { <p>"They come with your first factor: ten, shown once."</p> }.into_any(),
        Some(at) => {
            let form = Form::of(visit, "/do/recovery/renew");
            let left = format!("{} of {} left", format::count(codes.left), codes.made);
            let low = (codes.left <= 2)
                .then(|| view! { " " <span class="tag tag-stale">"make new ones"</span> });
            view! {
                <p class="mb-4">{left} ", made " <Time at now worded=As::Ago/> "." {low}</p>
                <PostForm form>
                    <Submit label="Make new codes" class="btn"/>
                </PostForm>
            }
            .into_any()
        }
    };
    let note = "For the day when the phone is gone. New codes end the old ones at once.";
    view! { <Section id="recovery" title="Recovery codes" note=note>{body}</Section> }.into_any()
}
