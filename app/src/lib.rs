//! Pages, islands and server functions: everything a person sees of Probity.
//!
//! Read it in this order:
//!
//! * [`routes`]: the one table of pages. Sidebar, dock, breadcrumb and tests loop over it.
//! * [`viewer`]: what the server tells every page about the request it answers.
//! * [`pages`]: one file per screen. A page loads what it shows and is plain HTML.
//! * [`actions`]: the doors. Every form and every load is a server function of three lines.
//! * [`doors`]: who may go through each of them.
//! * [`explorer`]: the API as its description has it, for the page that calls it.
//! * [`components`]: the parts that pages are made of; no state, no JavaScript.
//! * [`islands`]: the few parts that react in the browser. Every page works without them.
//! * [`server`]: the only place that knows whether this is the server or the browser.
//!
//! To add a screen: a file under `pages/` and a row in [`routes::SCREENS`].
//! To add a form: a type in `model`, a server function in `actions/`, a row in
//! [`doors::DOORS`], a page that posts to it.

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!(
    "`ssr` and `hydrate` are two builds of this crate. Build with -p, not with --workspace."
);

pub mod actions;
pub mod components;
pub mod doors;
pub mod explorer;
pub mod format;
pub mod islands;
pub mod pages;
pub mod routes;
pub mod server;
pub mod viewer;

use components::head::{Favicon, Fonts, Style};
use leptos::prelude::*;
use leptos_meta::MetaTags;
use viewer::{PageContext, Visit};

/// The whole document around a page. Pages without islands get no JavaScript at all.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let page = PageContext::current();
    let alive = Visit::current().is_alive();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=page.theme.forced()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <Fonts/>
                <Style options=options.clone()/>
                <Favicon/>
                {alive.then(|| view! { <HydrationScripts options=options islands=true/> })}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The page that the request's path names, or the failure page.
#[component]
pub fn App() -> impl IntoView {
    leptos_meta::provide_meta_context();
    pages::show(Visit::current())
}
