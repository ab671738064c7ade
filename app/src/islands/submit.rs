//! Sends its form once, and shows that it is on its way.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, HtmlButtonElement};

/// A form's button. Without JavaScript it is a plain one.
#[island]
pub fn Submit(#[prop(into)] label: String, #[prop(into)] class: String) -> impl IntoView {
    let busy = RwSignal::new(false);
    let button = NodeRef::<leptos::html::Button>::new();
    Effect::new(move |_| {
        let sent = window_event_listener(ev::submit, move |event| {
            if !is_form_of(button.get_untracked(), event.target()) {
                return;
            }
            if busy.get_untracked() {
                event.prevent_default();
            }
            busy.set(true);
        });
        // Coming back with the browser's button finds the page as it was left: wake it.
        let shown = window_event_listener_untyped("pageshow", move |_| busy.set(false));
        on_cleanup(move || {
            sent.remove();
            shown.remove();
        });
    });
    view! {
        <button
            class=class
            type="submit"
            node_ref=button
            aria-busy=move || busy.get().then_some("true")
        >
            {label}
        </button>
    }
}

/// Whether what was sent is the form that this button stands in.
fn is_form_of(button: Option<HtmlButtonElement>, sent: Option<EventTarget>) -> bool {
    let form = button.and_then(|button| button.form()).map(JsCast::unchecked_into::<EventTarget>);
    form.is_some() && form == sent
}
