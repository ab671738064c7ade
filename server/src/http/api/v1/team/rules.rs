//! Keyword rules of the team.

use super::{
    page::PageReply,
    rule::{How, KeywordRule, RuleTerms, form_of, usual},
};
use crate::http::{
    api::v1::{
        door::{Answer, Asked, ByKey, Id, Made, Nothing, Sent, Tell},
        refusals::{Absent, Acting, AsItIs, Unread, Wrong},
    },
    failure::Told,
};
use axum::Json;
use domain::{Cx, once, rule};
use http::StatusCode;
use model::{
    Failure, RuleId,
    page::PageSize,
    rule::{Matching, RuleQuery, RuleRow},
};
use serde::Deserialize;

/// Which rules.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct RulesQuery {
    /// Part of a keyword.
    #[serde(default)]
    q: String,
    /// `de`; left out for all.
    #[serde(default)]
    language: String,
    #[param(value_type = Option<How>)]
    matching: Option<Matching>,
    /// The id of a program.
    #[serde(default)]
    program: String,
    enabled: Option<bool>,
    /// What `older` said.
    before: Option<String>,
    /// What `newer` said.
    after: Option<String>,
    /// How many at once.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, default = 50)]
    limit: Option<PageSize>,
}

/// List rules
///
/// By keyword, 50 at a time, or `limit`. Needs `probity:rules.view`.
#[utoipa::path(
    get,
    path = "/v1/rules",
    tag = "rules",
    operation_id = "listRules",
    params(RulesQuery),
    responses(
        (status = 200, description = "The rules", body = PageReply<KeywordRule>),
        Acting,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn list_rules(
    ByKey(cx): ByKey,
    Asked(asked): Asked<RulesQuery>,
) -> Answer<PageReply<KeywordRule>> {
    let query = RuleQuery {
        q: asked.q,
        language: asked.language,
        matching: asked.matching.map_or("", Matching::name).to_owned(),
        program: asked.program,
        enabled: asked.enabled.map_or("", |on| if on { "yes" } else { "no" }).to_owned(),
        before: asked.before,
        after: asked.after,
        size: asked.limit,
    };
    let rules = rule::list(&cx, query).await.told(&cx)?;
    Ok(Json(PageReply::of(rules.page, KeywordRule::from)))
}

/// Make a rule
///
/// `keyword` and `url` are needed. Needs `probity:rules.edit`.
#[utoipa::path(
    post,
    path = "/v1/rules",
    tag = "rules",
    operation_id = "createRule",
    request_body(content = RuleTerms, content_type = "application/json"),
    params(("Idempotency-Key" = Option<String>, Header, description = "Your name for this request")),
    responses(
        (status = 201, description = "The rule", body = KeywordRule),
        Acting,
        Unread,
        AsItIs,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn create_rule(
    Sent { cx, body }: Sent<RuleTerms>,
) -> Made<KeywordRule> {
    let form = body.over(usual());
    let id = once(&cx, rule::create(&cx, &form)).await.told(&cx)?;
    Ok((StatusCode::CREATED, Json(found(&cx, id).await?.into())))
}

/// Look at a rule
///
/// Needs `probity:rules.view`.
#[utoipa::path(
    get,
    path = "/v1/rules/{rule}",
    tag = "rules",
    operation_id = "findRule",
    params(("rule" = String, Path, description = "The id of a rule")),
    responses(
        (status = 200, description = "The rule", body = KeywordRule),
        Acting,
        Absent,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn find_rule(
    ByKey(cx): ByKey,
    Id(id): Id<RuleId>,
) -> Answer<KeywordRule> {
    found(&cx, id).await.map(|rule| Json(rule.into()))
}

/// Change a rule
///
/// What is left out stays. Needs `probity:rules.edit`.
#[utoipa::path(
    patch,
    path = "/v1/rules/{rule}",
    tag = "rules",
    operation_id = "updateRule",
    request_body(content = RuleTerms, content_type = "application/json"),
    params(("rule" = String, Path, description = "The id of a rule"),
        ("Idempotency-Key" = Option<String>, Header, description = "Your name for this request")),
    responses(
        (status = 200, description = "The rule as it is now", body = KeywordRule),
        Acting,
        Unread,
        Absent,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn update_rule(
    Id(id): Id<RuleId>,
    Sent { cx, body }: Sent<RuleTerms>,
) -> Answer<KeywordRule> {
    let form = body.over(form_of(found(&cx, id).await?));
    once(&cx, async { rule::update(&cx, id, &form).await.map(drop) }).await.told(&cx)?;
    found(&cx, id).await.map(|rule| Json(rule.into()))
}

/// Delete a rule
///
/// For good. Needs `probity:rules.edit`.
#[utoipa::path(
    delete,
    path = "/v1/rules/{rule}",
    tag = "rules",
    operation_id = "deleteRule",
    params(("rule" = String, Path, description = "The id of a rule"),
        ("Idempotency-Key" = Option<String>, Header, description = "Your name for this request")),
    responses(
        (status = 204, description = "It is gone"),
        Acting,
        Unread,
        Absent,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn delete_rule(
    Id(id): Id<RuleId>,
    Sent { cx, body: Nothing {} }: Sent<Nothing>,
) -> Result<StatusCode, Told> {
    once(&cx, async { rule::delete(&cx, id).await.map(drop) }).await.told(&cx)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn found(cx: &Cx, id: RuleId) -> Result<RuleRow, Told> {
    let found = rule::find(cx, id).await.told(cx)?;
    Ok(found.ok_or(Told::Failure(Failure::NotFound))?.rule)
}
