//! Says how strong a new password is, while it is typed.

use crate::{actions::password::measure, components::field};
use leptos::{ev, prelude::*, task::spawn_local};
use model::{Typed, password::Strength};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

/// Long enough not to ask at every key, short enough to seem at once.
const PAUSE: Duration = Duration::from_millis(300);

/// Fields whose words must not make the password.
const OWN_WORDS: [&str; 3] = ["name", "email", "team"];

/// The meter below the field of this name. The server measures: its word lists are large, and its
/// answer is the one that counts. When it cannot be asked, nothing is said.
#[island]
pub fn Meter(#[prop(into)] name: String) -> impl IntoView {
    let strength = RwSignal::new(Strength::default());
    let asked = StoredValue::new(0_u32);
    let pause = StoredValue::new(None::<TimeoutHandle>);
    let id = StoredValue::new(field::id(&name));
    let ask = move || {
        let number = asked.get_value() + 1;
        asked.set_value(number);
        let typed = typed(&id.get_value()).unwrap_or_default();
        spawn_local(async move {
            let said = weigh(typed).await;
            // An answer that a later question has overtaken says nothing any more.
            if asked.try_get_value() == Some(number) {
                strength.set(said);
            }
        });
    };
    Effect::new(move |_| {
        let typing = window_event_listener(ev::input, move |event| {
            if id.with_value(|id| is_at(&event, id)) {
                pause.get_value().iter().for_each(TimeoutHandle::clear);
                pause.set_value(set_timeout(ask, PAUSE).ok());
            }
        });
        on_cleanup(move || typing.remove());
    });
    let steps = (1..=4_u8)
        .map(|step| view! { <i class:met=move || step <= strength.read().score></i> })
        .collect_view();
    view! {
        <div class="strength">
            <span
                class="strength-bar"
                aria-hidden="true"
                hidden=move || strength.read().words.is_empty()
            >
                {steps}
            </span>
            <span aria-live="polite">{move || strength.read().words.clone()}</span>
        </div>
    }
}

async fn weigh(password: String) -> Strength {
    if password.is_empty() {
        return Strength::default();
    }
    let about: Vec<_> = OWN_WORDS.iter().filter_map(|name| typed(&field::id(name))).collect();
    measure(Typed::new(password), Some(about.join("\n"))).await.unwrap_or_default()
}

/// Whether the event is about the element of this id.
fn is_at(event: &Event, id: &str) -> bool {
    let at = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    at.is_some_and(|at| at.id() == id)
}

/// What stands in the field of this id, when there is one.
fn typed(id: &str) -> Option<String> {
    let field = document().get_element_by_id(id)?.dyn_into::<HtmlInputElement>().ok()?;
    Some(field.value())
}
