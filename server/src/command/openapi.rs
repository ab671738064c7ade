//! `probity openapi`: the description of the REST API, as JSON.

use crate::{Problem, http};

pub(super) fn run() -> Result<(), Problem> {
    super::print(&http::openapi())
}
