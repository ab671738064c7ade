//! Switches a list between clocks and ages, and keeps the ages true.

use super::awake;
use crate::{format, viewer::Times};
use js_sys::Date;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDocument};

/// How often ages are told anew.
const EACH: Duration = Duration::from_secs(15);

/// Two buttons, which this browser remembers. Without JavaScript they are not there.
#[island]
pub fn TimesSwitch(#[prop(into)] chosen: String) -> impl IntoView {
    let awake = awake();
    let chosen = RwSignal::new(Times::from_name(&chosen));
    Effect::new(move |_| {
        if let Ok(telling) = set_interval(tell, EACH) {
            on_cleanup(move || telling.clear());
        }
    });
    let buttons = [(Times::Clock, "Clock"), (Times::Ago, "Ago")]
        .map(|(times, words)| {
            view! {
                <button
                    class="strip-item"
                    type="button"
                    aria-pressed=move || if chosen.get() == times { "true" } else { "false" }
                    on:click=move |_| {
                        chosen.set(times);
                        apply(times);
                    }
                >
                    {words}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="strip" role="group" aria-label="Times" hidden=move || !awake.get()>
            {buttons}
        </div>
    }
}

fn apply(times: Times) {
    tell();
    for table in elements("[data-times]") {
        // The name is ours: it cannot fail.
        let _ = table.set_attribute("data-times", times.name());
    }
    // Refused only where cookies are off; then the choice lasts as long as the page.
    let _ = document().unchecked_into::<HtmlDocument>().set_cookie(&times.cookie());
}

/// Tells the age of each row by this browser's clock.
fn tell() {
    for age in elements("[data-times] time > .ago") {
        let at = age.parent_element().and_then(|time| time.get_attribute("datetime"));
        let ms = Date::now() - Date::parse(&at.unwrap_or_default());
        // A time that cannot be read is no number, and not told.
        if let Some(words) = ms.is_finite().then(|| format::age((ms / 1000.0) as i64)).flatten() {
            age.set_text_content(Some(&words));
        }
    }
}

/// What the page has of these.
fn elements(selector: &str) -> impl Iterator<Item = Element> {
    let found = document().query_selector_all(selector).ok();
    let many = found.as_ref().map_or(0, web_sys::NodeList::length);
    let at = move |at| found.as_ref()?.get(at)?.dyn_into::<Element>().ok();
    (0..many).filter_map(at)
}
