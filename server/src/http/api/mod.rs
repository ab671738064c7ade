//! The REST API, versioned by path. Keys and JSON, no sessions, no cookies.

mod explorer;
mod v1;

pub(super) use explorer::provided as explorer;
pub use v1::openapi;
pub(super) use v1::{routes as v1, shortcut};
