//! Doors to usage.

use leptos::prelude::*;
use model::{
    Failure,
    usage::{UsagePage, UsageQuery},
};

/// How keys of the team were used.
#[server(prefix = "/do", endpoint = "usage/load")]
pub async fn load_usage(team: String, query: UsageQuery) -> Result<UsagePage, Failure> {
    use crate::server;
    server::told(domain::usage::load(&server::in_team(&team).await?, &query).await)
}
