//! Pages behind links from mails: what the link opens, or that it opens nothing any more.

use crate::{components::bare::Bare, pages::failure, server, viewer::Visit};
use leptos::prelude::*;
use model::{Failure, Typed};

/// Where to go when a link is no longer good: path and words.
pub(super) type Instead = (&'static str, &'static str);

/// Loads what the token in the path opens, and shows it.
pub(super) fn open<T, Load>(
    visit: Visit,
    load: impl FnOnce(Typed) -> Load,
    page: fn(Visit, String, T) -> AnyView,
    instead: Instead,
) -> AnyView
where
    T: Send + 'static,
    Load: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let token = visit.param("token").to_owned();
    let loading = load(Typed::new(token.as_str()));
    Suspend::new(async move {
        match loading.await {
            Ok(found) => page(visit, token, found),
            Err(Failure::NotFound) => gone(visit, instead),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

/// Used, replaced, or too old: which of them is nobody's business.
fn gone(visit: Visit, (path, words): Instead) -> AnyView {
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
