//! `GET /v1/team`: whose key this is.

use crate::http::api::v1::{
    door::{Answer, ByKey, Tell},
    refusals::Acting,
};
use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

/// The team of the key that asks.
#[derive(Serialize, ToSchema)]
pub(in crate::http::api::v1) struct Team {
    #[schema(example = "team_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    id: String,
    name: String,
    /// The part of its addresses after `/t/`.
    slug: String,
    /// What the key may do here.
    #[schema(example = json!(["team.view", "keys.view"]))]
    permissions: Vec<&'static str>,
}

/// Look at the team
///
/// And at what the key may do in it. Any key with a scope `probity:…` may.
#[utoipa::path(
    get,
    path = "/v1/team",
    tag = "team",
    operation_id = "findTeam",
    responses(
        (status = 200, description = "The team", body = Team),
        Acting,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn own_team(ByKey(cx): ByKey) -> Answer<Team> {
    let card = domain::team::card(&cx).told(&cx)?;
    cx.view(Permission::TeamView).await.told(&cx)?;
    Ok(Json(Team {
        id: card.id.to_string(),
        name: card.name,
        slug: card.slug,
        permissions: card.role.permissions().iter().map(Permission::name).collect(),
    }))
}
