//! The few parts that react in the browser.
//!
//! Each is a leaf: a button or a line, never a page. What needs JavaScript is hidden until it is
//! there, so that without it nothing on the page is dead.

pub mod copy;
pub mod download;
pub mod drawer;
pub mod meter;
pub mod passkey;
pub mod print;
pub mod progress;
pub mod stored;
pub mod submit;
pub mod tail;
pub mod theme;
pub mod times;
pub mod verify;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

/// Whether the browser has taken over this island. Not so in the server's HTML.
fn awake() -> RwSignal<bool> {
    let awake = RwSignal::new(false);
    Effect::new(move |_| awake.set(true));
    awake
}

/// Sends a form to a door: whether it went well, and the answer in JSON. Without the machinery of server
/// functions, which would be most of what a browser loads.
async fn post(path: &str, form: &str) -> Result<(bool, String), JsValue> {
    let pair = |name: &str, value: &str| Array::of2(&name.into(), &value.into());
    let kind = pair("content-type", "application/x-www-form-urlencoded");
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&Array::of2(&pair("accept", "application/json"), &kind));
    init.set_body(&form.into());
    let sent = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await?;
    let response: Response = sent.unchecked_into();
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text.as_string().unwrap_or_default()))
}
