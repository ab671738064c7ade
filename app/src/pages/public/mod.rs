//! Pages for anybody: sign in, sign up, set up. None needs JavaScript; where a password is
//! chosen, a meter makes it pleasant.

pub mod set_up;
pub mod sign_in;
pub mod sign_up;
