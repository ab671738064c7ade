//! Checking an export, for anybody: in the browser, which sends nothing.

use crate::{
    actions::audit::load_signing_key, components::bare::Bare, islands::verify::Verify,
    viewer::Visit,
};
use leptos::prelude::*;

/// The place to drop files, and what to do without JavaScript.
pub fn show(visit: Visit) -> AnyView {
    Suspend::new(async move {
        // Without it, the key is typed.
        let key = load_signing_key().await.unwrap_or_default();
        view! {
            <Bare
                visit
                title="Check an export"
                lead="Whether an exported audit log, or the certificate of a deleted team, is what was signed. Your browser checks the files \
                      itself: they go nowhere, and this page may be used offline once it is loaded."
            >
                <Verify key/>
                <details class="mt-8 text-ink-2">
                    <summary class="w-fit cursor-pointer">"Without a browser"</summary>
                    <p class="mt-2">
                        "The program checks the same, and needs no settings and no database: "
                        <code class="wrap-anywhere">"probity audit verify FILE MANIFEST"</code>
                        ". Add files of checkpoints that you kept: they tell whether the whole \
                         history was written anew."
                        " For the certificate of a deleted team: "
                        <code class="wrap-anywhere">"probity certificate verify FILE"</code> "."
                    </p>
                </details>
            </Bare>
        }
    })
    .into_any()
}
