//! Everything that speaks HTTP: pages, forms, the REST API, files, health.
//!
//! A request passes [`middleware::envelope`] (its id, who asks, the access log, the headers every
//! answer carries), then one of three doors:
//!
//! * **`/v1/*`** the REST API ([`api`]): no session, no cookies, bare on purpose;
//! * **files and health** ([`assets`], [`health`]): no database work;
//! * **pages and `/do/*`** ([`router`]): cross-site check, session, then a Leptos page ([`page`])
//!   or a server function ([`forms`] when no JavaScript is at work).
//!
//! Doors decide nothing: each calls one `domain` operation. What this layer itself refuses (too
//! large, wrong type, cross-site …) is one row in [`refusal::Refusal`]; handlers return the row and
//! [`failure`] dresses it as a page or as problem JSON.
//!
//! To add a REST endpoint: a file in `api/v1/` and a `.routes(…)` line in `api/v1/mod.rs`.
//! To add a page: nothing here; see `app::routes`.

mod alarm;
mod api;
mod assets;
mod caller;
mod compress;
mod cookie;
mod failure;
mod files;
mod flash;
mod forms;
mod health;
mod middleware;
mod page;
mod place;
mod problem;
mod refusal;
mod router;
mod serve;
mod site;
#[cfg(test)]
mod tests;

pub use api::openapi;
pub use forms::doors;
pub use serve::serve;
pub use site::{HttpParts, PublicUrl, Readiness};
