//! Teams: making one and what is to be said of it.

mod create;
pub(crate) mod delete;
mod overview;
mod settings;

pub use create::create;
pub(crate) use create::{found, founded, numbered};
pub(crate) use delete::HELD;
pub use delete::{
    ask as ask_deletion, card as deletion_card, confirm as confirm_deletion, delete_due,
    delete_step, load as deletion, stages as deletion_stages, undo as undo_deletion,
};
pub use overview::{card, overview};
pub use settings::{settings, update};
