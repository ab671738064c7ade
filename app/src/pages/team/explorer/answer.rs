//! What an endpoint answered, and what it can answer.

use crate::{
    components::facts::{Fact, Facts, Section},
    explorer::Endpoint,
    islands::copy::Copy,
};
use leptos::{prelude::*, serde_json};
use model::explorer::ApiAnswer;

/// The answer to the call that was just made.
pub(super) fn answer(answer: ApiAnswer) -> AnyView {
    let ms = answer.micros as f64 / 1000.0;
    let note = format!("Status {}, after {ms:.1} ms.", answer.status);
    let headers: String =
        answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let (body, is_whole) = (pretty(&answer.body), answer.is_whole);
    let copy = (!body.is_empty()).then(|| {
        let text = body.clone();
        view! { <p><Copy text label="Copy the body" class="btn btn-sm"/></p> }
    });
    let body = (!body.is_empty()).then(|| block("Body", body));
    let cut =
        (!is_whole).then(|| view! { <p class="note">"The rest is too long to be shown."</p> });
    view! {
        <Section id="answer" title="The answer" note>
            <div class="grid grid-cols-[minmax(0,1fr)] gap-3" role="status">
                {block("Headers", headers)} {body} {cut} {copy}
            </div>
        </Section>
    }
    .into_any()
}

/// Code that can be read and scrolled.
pub(super) fn block(label: &'static str, text: String) -> AnyView {
    view! {
        <div class="code-block">
            <pre class="max-h-[32rem]" tabindex="0" role="region" aria-label=label>
                <code>{text}</code>
            </pre>
        </div>
    }
    .into_any()
}

/// JSON with its lines; anything else as it is.
fn pretty(body: &str) -> String {
    let json = serde_json::from_str::<serde_json::Value>(body);
    json.and_then(|json| serde_json::to_string_pretty(&json)).unwrap_or_else(|_| body.to_owned())
}

/// Every answer that the description names.
pub(super) fn possible(endpoint: &'static Endpoint) -> AnyView {
    let facts = endpoint.answers.iter().map(|(status, means)| {
        view! { <Fact name=&**status>{marked(means)}</Fact> }
    });
    view! { <Facts>{facts.collect_view()}</Facts> }.into_any()
}

/// Text with code between back-ticks.
pub(super) fn marked(text: &str) -> AnyView {
    let part = |(at, part): (usize, &str)| match at % 2 {
        0 => part.to_owned().into_any(),
        _ => view! { <code>{part.to_owned()}</code> }.into_any(),
    };
    text.split('`').enumerate().map(part).collect_view().into_any()
}
