//! Reading the team's ledger, and checking that nothing in it was altered.

mod browser;
mod chain;
mod filter;
mod list;
mod row;

pub use list::{find, list, own, search};
