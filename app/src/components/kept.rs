//! What is kept about whoever looks: the table of [`model::kept`], for people.

use super::facts::{Fact, Facts};
use leptos::prelude::*;
use model::kept::{KEPT, Kept};

/// All of it, one thing after the other.
#[component]
pub fn KeptAbout() -> AnyView {
    let all = KEPT.iter().map(one).collect_view();
    view! { <ul class="grid gap-7">{all}</ul> }.into_any()
}

fn one(kept: &'static Kept) -> AnyView {
    let tables = kept.columns.iter().map(|(table, _)| *table).collect::<Vec<_>>().join(", ");
    view! {
        <li>
            <h3 class="mb-2 font-semibold">{kept.what}</h3>
            <Facts>
                <Fact name="Why">{kept.why}</Fact>
                <Fact name="How long">{kept.how_long}</Fact>
                <Fact name="How">{kept.how}</Fact>
                <Fact name="Where"><span class="note">"Database: " <code>{tables}</code></span></Fact>
            </Facts>
        </li>
    }
    .into_any()
}
