//! Switches between light and dark at once.

use super::awake;
use crate::{components::icon::Icon, viewer::Theme};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

/// Three buttons of the theme form. Without JavaScript each sends the form; with it the page
/// changes where it stands and a cookie remembers.
#[island]
pub fn ThemeSwitch(#[prop(into)] chosen: String) -> impl IntoView {
    let awake = awake();
    let chosen = RwSignal::new(Theme::from_name(&chosen));
    let buttons = [(Theme::System, "System"), (Theme::Light, "Light"), (Theme::Dark, "Dark")]
        .map(|(theme, words)| {
            view! {
                <button
                    class="strip-item"
                    type="submit"
                    name="theme"
                    value=theme.name()
                    aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }
                    on:click=move |event| {
                        if awake.get_untracked() {
                            event.prevent_default();
                            apply(theme);
                            chosen.set(theme);
                        }
                    }
                >
                    {words}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="mb-1.5 flex items-center gap-1.5 text-sm text-ink-2" id="theme-label">
            {Icon::Contrast.draw()}
            "Theme"
        </div>
        <div class="strip" role="group" aria-labelledby="theme-label">
            {buttons}
        </div>
    }
}

fn apply(theme: Theme) {
    let document = document();
    if let Some(root) = document.document_element() {
        // Neither can fail: the names are ours and the root is an element.
        let _ = match theme.forced() {
            Some(name) => root.set_attribute("data-theme", name),
            None => root.remove_attribute("data-theme"),
        };
    }
    // Refused only where cookies are off; then the choice lasts as long as the page.
    let _ = document.unchecked_into::<HtmlDocument>().set_cookie(&theme.cookie());
}
