//! Teams: making one and what is to be said of it.

mod create;
mod overview;
mod settings;

pub use create::create;
pub(crate) use create::{found, founded, numbered};
pub use overview::{card, overview};
pub use settings::{settings, update};
