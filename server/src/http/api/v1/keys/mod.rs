//! Endpoints about the keys that customers present.

mod ask;
mod batch;
mod forward_auth;
pub(super) mod presented;
mod reply;
mod scan;
mod verify;

pub(super) use batch::{__path_verify_batch, verify_batch};
pub(super) use forward_auth::{__path_forward_auth, forward_auth};
pub(super) use scan::{__path_scan, scan};
pub(super) use verify::{__path_verify, verify};
