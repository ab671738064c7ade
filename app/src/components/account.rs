//! What the pages about the viewer's own account share: their tabs.

use crate::{
    components::frame::{Frame, Heading, PageHead},
    routes,
    viewer::Visit,
};
use leptos::prelude::*;

/// The pages that stand side by side, by their names in the table of pages.
const TABS: [&str; 5] = ["profile", "security", "sessions", "activity", "own-data"];

/// A page about the viewer's own account.
#[component]
pub fn AccountPage(
    visit: Visit,
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: String,
    children: Children,
) -> AnyView {
    let heading =
        Heading { title: title.clone(), above: vec![("Account".into(), "/account".into())] };
    let tabs = tabs(&visit);
    view! {
        <Frame visit team=None heading>
            {tabs}
            <PageHead title lead/>
            {children()}
        </Frame>
    }
    .into_any()
}

fn tabs(visit: &Visit) -> AnyView {
    let here = visit.screen.map_or("", |screen| screen.name);
    let links = tab_screens()
        .map(|screen| {
            let current = match here {
                page if page == screen.name => Some("page"),
                page if tab_of(page) == screen.name => Some("true"),
                _ => None,
            };
            view! { <a href=screen.path aria-current=current>{screen.title}</a> }
        })
        .collect_view();
    view! { <nav class="tabs mb-6" aria-label="Account">{links}</nav> }.into_any()
}

/// The tab that a page without one of its own belongs to.
fn tab_of(page: &str) -> &str {
    match page {
        "two-step" | "passkey" | "new-passkey" => "security",
        "delete-account" => "profile",
        own => own,
    }
}

/// The pages of the tabs, in their order.
pub fn tab_screens() -> impl Iterator<Item = &'static routes::Screen> {
    TABS.iter().filter_map(|name| routes::SCREENS.iter().find(|screen| screen.name == *name))
}
