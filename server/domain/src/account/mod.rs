//! Accounts: how a person comes to be, proves who they are, and is known by it.
//!
//! Every way in ends in [`session::start`], which takes a [`proof::Proof`]: set-up, sign-up,
//! password with or without a second factor, passkey. The database repeats the rule: a session
//! without a second factor is refused for a person who has one.
//!
//! A visitor between password and second factor is a [`sign_in::StepToken`] and nothing else: no
//! operation outside `sign_in/second.rs` accepts one.
//!
//! What changes how an account is proven asks for step-up: [`Cx::require_confirmed`](crate::Cx)
//! in code, `app.confirmed()` in the policies.

mod ceremony;
mod confirm;
mod delete;
mod device;
mod email;
mod export;
mod factors;
mod join;
mod link;
mod mailbox;
mod passkey;
mod password;
mod profile;
mod proof;
mod recovery;
pub(crate) mod session;
mod sessions;
mod set_up;
mod sign_in;
mod sign_out;
pub(crate) mod sign_up;
mod sweep;
mod totp;

pub use confirm::confirm;
pub use delete::{delete_account, deletion, sweep_deleted};
pub use device::forget as forget_device;
pub use email::{ask as ask_email, confirm_email, email_card};
pub use export::{export, export_ends, export_link};
pub use factors::security;
pub use join::join;
pub use passkey::{
    add as add_passkey, begin_confirm as begin_passkey_confirm, begin_registration,
    confirm_by_passkey, remove as remove_passkey, rename as rename_passkey,
};
pub(crate) use password::offer_reset;
pub use password::{change_password, forgot, reset, reset_card};
pub use profile::update_profile;
pub use recovery::renew as renew_recovery_codes;
pub use session::{NewSession, sweep as sweep_sessions};
pub use sessions::{end as end_session, end_others as end_other_sessions, list as sessions};
pub use set_up::{is_set_up, set_up, set_up_link};
pub use sign_in::{
    SignedIn, StepToken, abandon as abandon_step, begin_passkey, by_code, by_passkey,
    choices as step_choices, sign_in,
};
pub use sign_out::sign_out;
pub use sign_up::{confirm_sign_up, sign_up, sign_up_address, sign_up_is_open};
pub use sweep::sweep;
pub use totp::{
    begin as begin_totp, confirm as confirm_totp, offer as totp_offer, remove as remove_totp,
};
