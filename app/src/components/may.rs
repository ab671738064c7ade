//! Controls that the viewer may not use: shown, disabled, with the reason.

use leptos::prelude::*;
use model::{Permission, team::TeamCard};

/// A link that looks like a button; without the permission it is disabled and says who may.
#[component]
pub fn LinkIfMay(
    team: TeamCard,
    permission: Permission,
    #[prop(into)] href: String,
    class: &'static str,
    children: Children,
) -> AnyView {
    if team.may(permission) {
        return view! { <a class=class href=href>{children()}</a> }.into_any();
    }
    let reason = needs(permission);
    view! {
        <span class="inline-flex flex-wrap items-center gap-2">
            <button class=class disabled=true type="button">{children()}</button>
            <span class="text-sm text-ink-3">{reason}</span>
        </span>
    }
    .into_any()
}

/// "Needs Admin".
pub fn needs(permission: Permission) -> String {
    format!("Needs {}", permission.least().title())
}
