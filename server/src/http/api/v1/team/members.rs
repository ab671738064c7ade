//! `GET /v1/members`: who is in the team.

use super::page::PageReply;
use crate::http::api::v1::{
    door::{Answer, Asked, ByKey, Tell},
    refusals::{Acting, Wrong},
};
use axum::Json;
use model::{
    member::{MemberQuery, MemberRow},
    page::PageSize,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which members.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct MembersQuery {
    /// Part of a name or an address.
    #[serde(default)]
    q: String,
    /// `owner`, `admin`, `member`, `viewer`, or the id of a role of the team's own.
    #[serde(default)]
    role: String,
    /// `on` or `off`.
    #[serde(default)]
    two_step: String,
    /// `name`, `joined` or `seen`.
    #[serde(default)]
    sort: String,
    /// What `older` said.
    before: Option<String>,
    /// What `newer` said.
    after: Option<String>,
    /// How many at once.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, default = 25)]
    limit: Option<PageSize>,
}

/// Somebody in the team.
#[derive(Serialize, ToSchema)]
pub(in crate::http::api::v1) struct Member {
    #[schema(example = "person_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    id: String,
    name: String,
    email: String,
    /// `owner`, `admin`, `member`, `viewer`, or the name of a role of the team's own.
    role: String,
    /// Whether sign-in asks for more than a password.
    two_step: bool,
    #[schema(format = DateTime)]
    last_seen_at: Option<String>,
    #[schema(format = DateTime)]
    joined_at: String,
    /// Who put them in; `null` for whoever made the team.
    added_by: Option<String>,
}

impl From<MemberRow> for Member {
    fn from(member: MemberRow) -> Self {
        Self {
            id: member.person.to_string(),
            name: member.name,
            email: member.email,
            role: member.role.said().to_owned(),
            two_step: member.two_step,
            last_seen_at: member.last_seen_at,
            joined_at: member.joined_at,
            added_by: member.added_by,
        }
    }
}

/// List members
///
/// 25 at a time, or `limit`. Needs `probity:members.view`.
#[utoipa::path(
    get,
    path = "/v1/members",
    tag = "team",
    operation_id = "listMembers",
    params(MembersQuery),
    responses(
        (status = 200, description = "The members", body = PageReply<Member>),
        Acting,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn list_members(
    ByKey(cx): ByKey,
    Asked(asked): Asked<MembersQuery>,
) -> Answer<PageReply<Member>> {
    let MembersQuery { q, role, two_step, sort, before, after, limit: size } = asked;
    let query = MemberQuery { q, role, two_step, sort, before, after, size };
    let members = domain::member::list(&cx, query).await.told(&cx)?;
    Ok(Json(PageReply::of(members.page, Member::from)))
}
