//! Sealing, hashing and secret text.
//!
//! * [`Keyring`] keeps one data key per owner (a person or a team), wrapped by the master key,
//!   outside the database. Destroying a data key is erasure of everything sealed under it.
//! * A data key seals a value to its [`Place`]: moved to another row it does not open.
//! * [`Hasher`] hashes passwords on threads of its own, with a bounded queue.
//! * [`Passkeys`] asks browsers for passkeys and judges their answers.
//! * [`token`] makes and recognises session tokens and API keys.

mod base62;
mod keyring;
pub mod passkey;
mod password;
mod phc;
pub(crate) mod recovery;
mod seal;
mod signer;
pub mod token;
pub(crate) mod totp;
mod workers;

pub use keyring::{Held, Holding, Keyring, MasterKey, MasterKeys, Owner, Rotation};
pub(crate) use model::hex::{hex, unhex};
pub use passkey::Passkeys;
pub use password::Hasher;
pub use phc::Cost;
pub use seal::{DataKey, Place};
pub use signer::Signer;
