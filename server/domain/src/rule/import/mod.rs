//! Rules from a file: looked at first, then imported, all in one or not at all.
//!
//! The file is kept for its person between the two, for an hour at most. A line means the rule of
//! the same keyword, way of matching, language and program: it changes that one, or makes it. Nothing
//! is deleted.

mod apply;
mod draft;
mod plan;
mod read;

pub use apply::apply;
pub use draft::{dry_run, upload};

/// The columns, in the order of an export.
pub(super) const COLUMNS: [&str; 9] =
    ["keyword", "match", "language", "url", "program", "priority", "starts", "ends", "enabled"];
