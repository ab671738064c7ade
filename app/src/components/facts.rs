//! Facts about one thing: a word and what it is, line by line.

use leptos::prelude::*;

/// A list of facts.
#[component]
pub fn Facts(children: Children) -> AnyView {
    let columns = "grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-4 gap-y-1.5 \
                   sm:grid-cols-[9rem_minmax(0,1fr)] sm:gap-x-6";
    view! {
        <dl class=columns>
            {children()}
        </dl>
    }
    .into_any()
}

/// One fact.
#[component]
pub fn Fact(name: &'static str, children: Children) -> AnyView {
    view! {
        <dt class="text-ink-2">{name}</dt>
        <dd class="min-w-0 wrap-anywhere">{children()}</dd>
    }
    .into_any()
}

/// A section with its head in the margin.
#[component]
pub fn Section(
    id: &'static str,
    title: &'static str,
    #[prop(optional, into)] note: String,
    children: Children,
) -> AnyView {
    let note = (!note.is_empty()).then(|| view! { <p class="note mt-1">{note}</p> });
    view! {
        <section class="sect sect-hang" aria-labelledby=id>
            <div class="mb-3">
                <h2 class="sect-title" id=id>{title}</h2>
                {note}
            </div>
            <div class="min-w-0">{children()}</div>
        </section>
    }
    .into_any()
}
