//! Asks once before a secret that was not stored is left behind.

use super::awake;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;

/// "I have stored this key", or whatever `label` says. Until it is ticked, the browser asks before
/// it leaves the page.
///
/// `path` becomes the page's address, so that a reload does not send the form again.
#[island]
pub fn Stored(#[prop(into)] path: String, #[prop(into)] label: String) -> impl IntoView {
    let awake = awake();
    let stored = RwSignal::new(false);
    Effect::new(move |_| {
        // Refused only by a browser without history; then a reload asks by itself.
        let _ = window()
            .history()
            .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&path)));
        let guard = window_event_listener(ev::beforeunload, move |event| {
            if !stored.get_untracked() {
                event.prevent_default();
            }
        });
        on_cleanup(move || guard.remove());
    });
    view! {
        <label class="check" hidden=move || !awake.get()>
            <input type="checkbox" on:change=move |event| stored.set(event_target_checked(&event))/>
            <span>{label}</span>
        </label>
    }
}
