//! A team's data is the team's: all of it leaves in one file, and comes in on another Probity.
//!
//! What such a file holds stands in [`model::data::KINDS`]. [`export`] writes it, [`import`] makes a team of it, `rows` reads what is in
//! it from the database. To add a kind, add its row there and its statement in `rows`; a test tells of each
//! table that is in no kind and has no reason why not.

pub(crate) mod archive;
pub mod export;
mod former;
pub mod import;
mod page;
mod readme;
mod rows;

pub use page::page;
