//! Where mail goes, for people who wait for one.

use leptos::prelude::*;

/// Says that mail does not leave this machine, where that is so.
#[component]
pub fn Post(leaves: bool) -> AnyView {
    (!leaves)
        .then(|| {
            view! {
                <p class="mt-8 border-s-[3px] border-ink ps-3 text-ink-2">
                    "This Probity sends no mail yet: what it writes lies in the folder "
                    <code>"outbox"</code> " of its data. Ask its operator for yours."
                </p>
            }
        })
        .into_any()
}
