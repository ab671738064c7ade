//! Pages for anybody: sign in, sign up, set up. They need no JavaScript.

pub mod set_up;
pub mod sign_in;
pub mod sign_up;
