//! Copies a text and says so.

use super::awake;
use crate::components::icon::Icon;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

/// How the last try went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tried {
    Not,
    Copied,
    Refused,
}

/// A button that copies `text`. Without JavaScript it is not there: the text can be selected.
#[island]
pub fn Copy(
    #[prop(into)] text: String,
    #[prop(into)] label: String,
    #[prop(into)] class: String,
) -> impl IntoView {
    let awake = awake();
    let tried = RwSignal::new(Tried::Not);
    let copy = move |_| {
        let writing = window().navigator().clipboard().write_text(&text);
        spawn_local(async move {
            let done = JsFuture::from(writing).await.is_ok();
            tried.set(if done { Tried::Copied } else { Tried::Refused });
        });
    };
    let words = move || match tried.get() {
        Tried::Not => label.clone(),
        Tried::Copied => "Copied".to_owned(),
        Tried::Refused => "Select the text and copy it".to_owned(),
    };
    view! {
        <button class=class type="button" hidden=move || !awake.get() on:click=copy>
            {Icon::Copy.draw()}
            <span aria-live="polite">{words}</span>
        </button>
    }
}
