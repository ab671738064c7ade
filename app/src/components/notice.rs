//! What a page has to say besides its content: toasts, empty lists, failures.

use crate::components::icon::Icon;
use leptos::prelude::*;
use model::Flash;

/// What the form that led here has to say. Goes by itself; it is no error.
#[component]
pub fn Toast(flash: Option<Flash>) -> impl IntoView {
    flash
        .map(|flash| {
            view! {
                <div class="toast-place">
                    <div class="toast" role="status">
                        {Icon::Check.draw_with("icon mt-0.5")}
                        <p class="min-w-0 font-[560] wrap-anywhere">{flash.message}</p>
                    </div>
                </div>
            }
        })
        .into_any()
}

/// A list without rows: what is missing, why, and what to do.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(into)] note: String,
    #[prop(optional)] children: Option<Children>,
) -> AnyView {
    view! {
        <div class="state border-t-[1.5px] border-t-ink">
            <p class="state-title">{title}</p>
            <p class="note max-w-[64ch]">{note}</p>
            {children.map(|children| view! { <div class="mt-2">{children()}</div> })}
        </div>
    }
    .into_any()
}
