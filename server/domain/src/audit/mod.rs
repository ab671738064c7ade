//! Reading the team's ledger, and checking that nothing in it was altered.

mod archive;
mod browser;
mod chain;
pub mod export;
mod filter;
mod list;
mod mark;
mod prove;
mod row;

pub use archive::Archive;
pub use list::{find, list, own, search};
pub(crate) use prove::Proven;
pub use prove::{prove, prove_and_keep};
