//! Doors to the access review.

use leptos::prelude::*;
use model::{
    Failure,
    review::{Review, ReviewQuery},
};

/// Who could do what on these days.
#[server(prefix = "/do", endpoint = "review/list")]
pub async fn load_review(team: String, query: ReviewQuery) -> Result<Review, Failure> {
    use crate::server;
    server::told(domain::review::list(&server::in_team(&team).await?, query).await)
}
