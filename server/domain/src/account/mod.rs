//! Accounts: how a person comes to be, and the one way to a session.
//!
//! Set-up, sign-up and sign-in all end in [`session::start`].

pub(crate) mod session;
mod set_up;
mod sign_in;
mod sign_out;
mod sign_up;

pub use session::{NewSession, sweep};
pub use set_up::{is_set_up, set_up, set_up_link};
pub use sign_in::sign_in;
pub use sign_out::sign_out;
pub use sign_up::{sign_up, sign_up_is_open};
