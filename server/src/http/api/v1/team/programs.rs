//! Affiliate programs of the team. Their keys come in and never go out.

use super::page::PageReply;
use crate::http::{
    api::v1::{
        door::{Answer, ByKey, Id, Made, Nothing, Sent, Tell},
        refusals::{Absent, Acting, AsItIs, Unread, Wrong},
    },
    failure::Told,
};
use axum::Json;
use domain::{
    Cx, once,
    program::{self, Changes},
};
use http::StatusCode;
use model::{
    Failure, ProgramId, Typed,
    rule::{NewProgram, ProgramRow},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An affiliate program. Its key is not shown, to anybody.
#[derive(Serialize, ToSchema)]
pub(in crate::http::api::v1) struct AffiliateProgram {
    #[schema(example = "program_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b")]
    id: String,
    name: String,
    /// Since when its key is the one; null while it has none, because the team came from an export.
    #[schema(format = DateTime)]
    key_set_at: Option<String>,
    /// Rules that name it.
    rules: i64,
}

impl From<ProgramRow> for AffiliateProgram {
    fn from(ProgramRow { id, name, key_set_at, rules }: ProgramRow) -> Self {
        Self { id: id.to_string(), name, key_set_at, rules }
    }
}

/// What can be set of a program: leave out what shall stay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct ProgramTerms {
    #[schema(max_length = 60, example = "Nordly")]
    name: Option<String>,
    /// The affiliate key, which `{tag}` in the address of a rule becomes.
    #[schema(value_type = Option<String>, max_length = 200, write_only)]
    tag: Option<Typed>,
}

/// List programs
///
/// By name, all of them: a team has at most 100. Needs `probity:rules.view`.
#[utoipa::path(
    get,
    path = "/v1/programs",
    tag = "rules",
    operation_id = "listPrograms",
    responses(
        (status = 200, description = "The programs", body = PageReply<AffiliateProgram>),
        Acting,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn list_programs(
    ByKey(cx): ByKey,
) -> Answer<PageReply<AffiliateProgram>> {
    let programs = program::list(&cx).await.told(&cx)?;
    Ok(Json(PageReply::whole(programs, AffiliateProgram::from)))
}

/// Add a program
///
/// `name` and `tag` are needed. Needs `probity:rules.edit`.
#[utoipa::path(
    post,
    path = "/v1/programs",
    tag = "rules",
    operation_id = "createProgram",
    request_body(content = ProgramTerms, content_type = "application/json"),
    params(("Idempotency-Key" = Option<String>, Header, description = "Your name for this request")),
    responses(
        (status = 201, description = "The program", body = AffiliateProgram),
        Acting,
        Unread,
        AsItIs,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn create_program(
    Sent { cx, body }: Sent<ProgramTerms>,
) -> Made<AffiliateProgram> {
    let (name, tag) = (body.name.unwrap_or_default(), body.tag.unwrap_or_default());
    let form = NewProgram { name, tag, ..NewProgram::default() };
    let made = once(&cx, program::create(&cx, &form)).await.told(&cx)?;
    Ok((StatusCode::CREATED, Json(found(&cx, made.id).await?)))
}

/// Look at a program
///
/// Needs `probity:rules.view`.
#[utoipa::path(
    get,
    path = "/v1/programs/{program}",
    tag = "rules",
    operation_id = "findProgram",
    params(("program" = String, Path, description = "The id of a program")),
    responses(
        (status = 200, description = "The program", body = AffiliateProgram),
        Acting,
        Absent,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn find_program(
    ByKey(cx): ByKey,
    Id(id): Id<ProgramId>,
) -> Answer<AffiliateProgram> {
    found(&cx, id).await.map(Json)
}

/// Change a program
///
/// What is left out stays; a new key is filled in from this answer on. Needs `probity:rules.edit`.
#[utoipa::path(
    patch,
    path = "/v1/programs/{program}",
    tag = "rules",
    operation_id = "updateProgram",
    request_body(content = ProgramTerms, content_type = "application/json"),
    params(("program" = String, Path, description = "The id of a program"),
        ("Idempotency-Key" = Option<String>, Header, description = "Your name for this request")),
    responses(
        (status = 200, description = "The program as it is now", body = AffiliateProgram),
        Acting,
        Unread,
        Absent,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn update_program(
    Id(id): Id<ProgramId>,
    Sent { cx, body: ProgramTerms { name, tag } }: Sent<ProgramTerms>,
) -> Answer<AffiliateProgram> {
    let changes = Changes { name: name.as_deref(), tag: tag.as_ref() };
    once(&cx, async { program::update(&cx, id, changes).await.map(drop) }).await.told(&cx)?;
    found(&cx, id).await.map(Json)
}

/// Delete a program
///
/// For good, and only when no rule names it. Needs `probity:rules.edit`.
#[utoipa::path(
    delete,
    path = "/v1/programs/{program}",
    tag = "rules",
    operation_id = "deleteProgram",
    params(("program" = String, Path, description = "The id of a program"),
        ("Idempotency-Key" = Option<String>, Header, description = "Your name for this request")),
    responses(
        (status = 204, description = "It is gone"),
        Acting,
        Unread,
        Absent,
        AsItIs,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn delete_program(
    Id(id): Id<ProgramId>,
    Sent { cx, body: Nothing {} }: Sent<Nothing>,
) -> Result<StatusCode, Told> {
    once(&cx, async { program::delete(&cx, id).await.map(drop) }).await.told(&cx)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn found(cx: &Cx, id: ProgramId) -> Result<AffiliateProgram, Told> {
    let found = program::find(cx, id).await.told(cx)?;
    found.map(AffiliateProgram::from).ok_or(Told::Failure(Failure::NotFound))
}
