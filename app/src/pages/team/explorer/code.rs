//! The same call as code.

use super::answer::block;
use crate::{components::facts::Section, explorer::snippets, islands::copy::Copy};
use leptos::prelude::*;
use model::explorer::ApiRequest;

/// One language open, the others a click away.
pub(super) fn code(url: &str, request: &ApiRequest) -> AnyView {
    let languages = snippets(url, request).into_iter().enumerate().map(|(at, (name, code))| {
        let text = code.clone();
        view! {
            <details name="language" open={at == 0}>
                <summary class="cursor-pointer font-[620]">{name}</summary>
                <div class="mt-3 grid grid-cols-[minmax(0,1fr)] gap-3">
                    {block(name, code)} <p><Copy text label="Copy" class="btn btn-sm"/></p>
                </div>
            </details>
        }
    });
    let note = "The key is read from PROBITY_KEY. Python needs requests, Rust reqwest with json.";
    view! {
        <Section id="code" title="In code" note>
            <div class="grid grid-cols-[minmax(0,1fr)] gap-4">{languages.collect_view()}</div>
        </Section>
    }
    .into_any()
}
