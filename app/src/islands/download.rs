//! Saves a text as a file without sending it anywhere.

use super::awake;
use crate::components::icon::Icon;
use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

/// A button that saves `text` as `file`. The text is in no address, so it is in no history.
#[island]
pub fn Download(
    #[prop(into)] text: String,
    #[prop(into)] file: String,
    #[prop(into)] label: String,
    #[prop(into)] class: String,
) -> impl IntoView {
    let awake = awake();
    let save = move |_| {
        // A browser that cannot do it leaves the text on the page, to be selected.
        let _ = save_as(&text, &file);
    };
    view! {
        <button class=class type="button" hidden=move || !awake.get() on:click=save>
            {Icon::Download.draw()}
            {label}
        </button>
    }
}

fn save_as(text: &str, file: &str) -> Result<(), JsValue> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&JsValue::from_str(text)))?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(file);
    link.click();
    Url::revoke_object_url(&url)
}
