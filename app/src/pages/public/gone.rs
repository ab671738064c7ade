//! A link from a mail that opens nothing any more.

use crate::{components::bare::Bare, server, viewer::Visit};
use leptos::prelude::*;

/// Used, replaced, or too old: which of them is nobody's business.
pub(super) fn gone(visit: Visit, path: &'static str, words: &'static str) -> AnyView {
    server::status(404);
    view! {
        <Bare
            visit
            title="This link is no longer good"
            lead="Each link works once and for a while. This one was used, replaced, or is too old."
        >
            <p class="mt-8"><a class="btn btn-primary btn-lg" href=path>{words}</a></p>
        </Bare>
    }
    .into_any()
}
