//! What the instance's operator may do to an account or a team: never without a reason, never
//! unseen, and never to a password.
//!
//! Every verb about a person is recorded in the ledgers of the person, of their teams, and of the
//! instance; every verb about a team in those of the team and of the instance; one about neither in that of the instance.

mod act;
mod lift_policy;
mod list;
mod lock;
mod reset_mfa;
mod rotate;
mod send_reset;
mod sign_out;
mod suspend;
mod team;

pub use act::Whom;
pub use lift_policy::{Lifted, lift_policy};
pub use list::{PersonRow, list};
pub use lock::{lock, unlock};
pub use reset_mfa::reset_mfa;
pub use rotate::rotate_master_key;
pub use send_reset::send_reset;
pub use sign_out::sign_out;
pub use suspend::{resume, suspend};

pub(crate) use act::{Act, read_reason};
pub(crate) use team::TeamAct;
