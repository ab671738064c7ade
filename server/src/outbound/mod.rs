//! What goes from here to other machines.

pub mod https;
pub mod mail;
pub mod stream;
pub mod witness;
