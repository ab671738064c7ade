//! Prints the page.

use super::awake;
use crate::components::icon::Icon;
use leptos::prelude::*;

/// A button that opens the browser's print dialog. Without JavaScript the browser's own menu does.
#[island]
pub fn Print(#[prop(into)] label: String, #[prop(into)] class: String) -> impl IntoView {
    let awake = awake();
    let print = move |_| {
        // Refused only where a page may not print; then the browser's own menu says so.
        let _ = window().print();
    };
    view! {
        <button class=class type="button" hidden=move || !awake.get() on:click=print>
            {Icon::Print.draw()}
            {label}
        </button>
    }
}
