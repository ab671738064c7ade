//! Opens the browser's dialog for passkeys, and sends its form with the answer.

use super::{awake, post};
use crate::components::icon::Icon;
use js_sys::{Function, JSON, Object, Promise, Reflect};
use leptos::{html, prelude::*, serde_json, task::spawn_local};
use model::{
    Failure,
    passkey::{Ceremony, Kind},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

const NOTHING: &str = "Nothing was confirmed. Try again, or use another way.";
const ALREADY: &str = "This device already holds a passkey of yours. Use another device.";
const NO_PASSKEYS: &str = "This browser cannot use passkeys. Use another browser or another way.";
const NO_ANSWER: &str = "Probity did not answer. Try again.";

/// The button of a form whose fields `ceremony` and `response` the browser fills in. The door at
/// `options_path` takes an empty form and answers with a [`Ceremony`] or a [`Failure`] in JSON.
///
/// Without JavaScript it is not there: nothing but a script can open the dialog.
#[island]
pub fn PasskeyButton(
    #[prop(into)] label: String,
    #[prop(into)] class: String,
    #[prop(into)] options_path: String,
    kind: Kind,
) -> impl IntoView {
    let awake = awake();
    let busy = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let button = NodeRef::<html::Button>::new();
    let fields = [NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new()];
    Effect::new(move |_| {
        // Coming back with the browser's button finds the page as it was left: wake it.
        let shown = window_event_listener_untyped("pageshow", move |_| busy.set(false));
        on_cleanup(move || shown.remove());
    });
    let open = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        said.set(String::new());
        let path = options_path.clone();
        spawn_local(async move {
            let sent = match answer(kind, &path).await {
                Ok(words) => send(button, fields, &words),
                Err(sentence) => Err(sentence),
            };
            if let Err(sentence) = sent {
                said.set(sentence);
                busy.set(false);
            }
        });
    };
    view! {
        <input type="hidden" name="ceremony" node_ref=fields[0]/>
        <input type="hidden" name="response" node_ref=fields[1]/>
        <button
            class=class
            type="submit"
            node_ref=button
            hidden=move || !awake.get()
            aria-busy=move || busy.get().then_some("true")
            on:click=open
        >
            {Icon::Key.draw()}
            {label}
        </button>
        <p class="error" aria-live="polite" hidden=move || !awake.get()>
            {said}
        </p>
    }
}

/// Fills in the two fields and sends the form they stand in; then they are empty again, so that
/// no answer is sent twice.
fn send(
    button: NodeRef<html::Button>,
    fields: [NodeRef<html::Input>; 2],
    words: &[String; 2],
) -> Result<(), String> {
    let form = button.get_untracked().and_then(|button| button.form());
    let form = form.ok_or_else(|| NOTHING.to_owned())?;
    let fill = |words: [&str; 2]| {
        for (field, words) in fields.iter().zip(words) {
            if let Some(field) = field.get_untracked() {
                field.set_value(words);
            }
        }
    };
    fill([&words[0], &words[1]]);
    let sent = form.request_submit();
    fill(["", ""]);
    sent.map_err(|_| NOTHING.to_owned())
}

/// The ceremony's id and what the person's device said, or a sentence.
async fn answer(kind: Kind, path: &str) -> Result<[String; 2], String> {
    if !can(kind) {
        return Err(NO_PASSKEYS.to_owned());
    }
    let ceremony = ask(path).await?;
    let opened = dialog(kind, &ceremony.options);
    let credential = match opened {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    let credential = credential.map_err(|error| sentence(&name(&error)).to_owned())?;
    // The browser writes it as `toJSON` says.
    let response = JSON::stringify(&credential).map_err(|_| NO_PASSKEYS.to_owned())?;
    Ok([ceremony.id, response.into()])
}

/// A fresh question from the door.
async fn ask(path: &str) -> Result<Ceremony, String> {
    let no_answer = || NO_ANSWER.to_owned();
    let (ok, text) = post(path, "").await.map_err(|_| no_answer())?;
    if ok {
        return serde_json::from_str(&text).map_err(|_| no_answer());
    }
    Err(serde_json::from_str::<Failure>(&text).map_or_else(|_| no_answer(), |f| f.to_string()))
}

/// The method that reads our options, and the one that opens the dialog.
const fn methods(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Create => ("parseCreationOptionsFromJSON", "create"),
        Kind::Get => ("parseRequestOptionsFromJSON", "get"),
    }
}

fn can(kind: Kind) -> bool {
    let (parse, open) = methods(kind);
    let read = get(&window(), "PublicKeyCredential").and_then(|class| get(&class, parse));
    let opened = get(&window().navigator(), "credentials").and_then(|store| get(&store, open));
    [read, opened].iter().all(|found| found.as_ref().is_ok_and(JsValue::is_function))
}

fn dialog(kind: Kind, options: &str) -> Result<Promise, JsValue> {
    let (parse, open) = methods(kind);
    let class = get(&window(), "PublicKeyCredential")?;
    let question = Object::new();
    let options = call(&class, parse, &JSON::parse(options)?)?;
    Reflect::set(&question, &"publicKey".into(), &options)?;
    call(&get(&window().navigator(), "credentials")?, open, &question)?.dyn_into()
}

fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &name.into())
}

fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    get(object, method)?.dyn_into::<Function>()?.call1(object, argument)
}

/// What a browser calls its error.
fn name(error: &JsValue) -> String {
    get(error, "name").ok().and_then(|name| name.as_string()).unwrap_or_default()
}

/// Browsers do not tell a person who declined from a device that failed, on purpose.
fn sentence(error: &str) -> &'static str {
    match error {
        "InvalidStateError" => ALREADY,
        "NotSupportedError" | "SecurityError" | "TypeError" => NO_PASSKEYS,
        _ => NOTHING,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_who_declines_is_told_what_else_there_is() {
        for declined in ["NotAllowedError", "AbortError", ""] {
            assert_eq!(sentence(declined), NOTHING);
        }
        assert_eq!(sentence("InvalidStateError"), ALREADY);
        assert_eq!(sentence("SecurityError"), NO_PASSKEYS);
    }
}
