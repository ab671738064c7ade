//! Members: who is in a team, in which role.

mod add;

pub use add::add;
