//! What goes from here to other machines.

pub mod mail;
