//! Reading the team's ledger, and checking that nothing in it was altered.

mod accept;
mod activity;
mod archive;
mod browser;
mod chain;
pub mod export;
mod filter;
mod fit;
mod index;
mod lead;
mod list;
mod log;
mod mark;
mod prove;
mod read;
mod refusal;
mod retain;
mod row;
pub mod saved;
mod seek;
pub mod stream;
mod term;

pub use accept::{Accepted, Broken, accept_ledger, broken};
pub use activity::activity;
pub use archive::Archive;
pub(crate) use index::index_anew;
pub use index::{index, index_all};
pub use list::{find, list, own, search};
pub use log::{Logged, log};
pub(crate) use prove::Proven;
pub use prove::{prove, prove_and_keep};
pub(crate) use refusal::Refusals;
pub use refusal::record_refusals;
pub use retain::retain;

/// The key that this Probity signs exports and checkpoints with, for whoever checks them.
///
/// # Errors
/// When the keyring does not answer.
pub async fn signing_key(cx: &crate::Cx) -> crate::Result<model::ledger::PublicKey> {
    Ok(cx.deps().keyring().signer().await?.public())
}
