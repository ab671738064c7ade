//! Requests to addresses that people of a team chose, and that must not reach what only this machine can
//! reach (server-side request forgery).
//!
//! A name is looked up once, every address that it leads to must be public or in a network that the operator
//! allows ([`Reach`]), and the connection goes to exactly that address: a name that changes in between
//! changes nothing. Redirects are answers like others, proxies of the environment are not asked, and what
//! comes back is a status: the body is read so that the other side can end, and kept by nobody.

mod client;
mod reach;
#[cfg(test)]
pub(super) mod tests;

pub use client::{Answer, Client, Lookup, Unsent};
pub use reach::Reach;
