//! Pages for anybody: sign in, sign up, set up, and links from mails. None needs JavaScript; a new
//! password's meter likes it, and a passkey cannot do without.

pub mod code;
pub mod confirm_email;
pub mod confirm_sign_up;
pub mod deleted;
pub mod forgot;
pub mod invitation;
mod link;
pub mod passkey;
pub mod reset;
pub mod set_up;
pub mod sign_in;
pub mod sign_up;
pub mod verify;
