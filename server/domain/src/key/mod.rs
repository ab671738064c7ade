//! API keys: made, listed, revoked, verified, counted.

mod create;
mod first_use;
mod list;
mod revoke;
mod state;
mod usage;
mod verify;

pub use create::create;
pub use list::{find, list};
pub use revoke::revoke;
pub(crate) use usage::Usage;
pub use usage::flush_usage;
pub use verify::verify;
