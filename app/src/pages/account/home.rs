//! The start: leads to the viewer's first team, or to making one.

use crate::{server, viewer::Visit};
use leptos::prelude::*;

/// Goes on to where the viewer works.
pub fn show(visit: Visit) -> AnyView {
    let team = visit.page.viewer.as_ref().and_then(|viewer| viewer.teams.first());
    let path = team.map_or_else(|| "/teams/new".to_owned(), |team| team.path(""));
    server::redirect(&path);
    view! { <p><a href=path>"Go on"</a></p> }.into_any()
}
