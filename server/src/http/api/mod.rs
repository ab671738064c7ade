//! The REST API, versioned by path. Keys and JSON, no sessions, no cookies.

mod v1;

pub use v1::openapi;
pub(super) use v1::routes as v1;
