//! Keys of the team: read and changed.

use super::{
    key::{Key, KeyTerms, State, form_of},
    page::PageReply,
};
use crate::http::{
    api::v1::{
        door::{Answer, Asked, ByKey, Id, Sent, Tell},
        refusals::{Absent, Acting, AsItIs, Unread, Wrong},
    },
    failure::Told,
};
use axum::Json;
use domain::{Cx, key, once};
use model::{
    Failure, KeyId,
    key::{Environment, KeyQuery, KeyRow, KeyState},
    page::PageSize,
};
use serde::Deserialize;

/// Which keys.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct KeysQuery {
    /// Part of a name, or how a key begins.
    #[serde(default)]
    q: String,
    #[param(value_type = Option<super::key::KeyEnvironment>)]
    environment: Option<Environment>,
    #[param(value_type = Option<State>)]
    state: Option<KeyState>,
    /// `made` (the newest first), `name`, `used` or `ends`.
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

/// List keys
///
/// 25 at a time, or `limit`. Needs `probity:keys.view`.
#[utoipa::path(
    get,
    path = "/v1/keys",
    tag = "keys",
    operation_id = "listKeys",
    params(KeysQuery),
    responses(
        (status = 200, description = "The keys", body = PageReply<Key>),
        Acting,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn list_keys(
    ByKey(cx): ByKey,
    Asked(asked): Asked<KeysQuery>,
) -> Answer<PageReply<Key>> {
    let query = KeyQuery {
        q: asked.q,
        environment: asked.environment.map_or("", Environment::name).to_owned(),
        state: asked.state.map_or("", KeyState::name).to_owned(),
        sort: asked.sort,
        before: asked.before,
        after: asked.after,
        size: asked.limit,
    };
    let page = key::list(&cx, query).await.told(&cx)?;
    Ok(Json(PageReply::of(page, Key::from)))
}

/// Look at a key
///
/// Needs `probity:keys.view`.
#[utoipa::path(
    get,
    path = "/v1/keys/{key}",
    tag = "keys",
    operation_id = "findKey",
    params(("key" = String, Path, description = "The id of a key")),
    responses(
        (status = 200, description = "The key", body = Key),
        Acting,
        Absent,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn find_key(ByKey(cx): ByKey, Id(id): Id<KeyId>) -> Answer<Key> {
    found(&cx, id).await.map(|key| Json(key.into()))
}

/// Change a key
///
/// What is left out stays. Needs `probity:keys.manage`, and what the key may do here.
#[utoipa::path(
    patch,
    path = "/v1/keys/{key}",
    tag = "keys",
    operation_id = "updateKey",
    request_body(content = KeyTerms, content_type = "application/json"),
    params(("key" = String, Path, description = "The id of a key"),
        ("Idempotency-Key" = Option<String>, Header, description = "Your name for this request")),
    responses(
        (status = 200, description = "The key as it is now", body = Key),
        Acting,
        Unread,
        Absent,
        AsItIs,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn update_key(
    Id(id): Id<KeyId>,
    Sent { cx, body }: Sent<KeyTerms>,
) -> Answer<Key> {
    let form = body.over(form_of(found(&cx, id).await?));
    done(&cx, id, key::update(&cx, id, &form)).await
}

/// Does the work once, and shows the key as it is then.
pub(super) async fn done(
    cx: &Cx,
    id: KeyId,
    work: impl Future<Output = domain::Result<KeyRow>>,
) -> Answer<Key> {
    once(cx, async { work.await.map(drop) }).await.told(cx)?;
    found(cx, id).await.map(|key| Json(key.into()))
}

pub(super) async fn found(cx: &Cx, id: KeyId) -> Result<KeyRow, Told> {
    key::find(cx, id).await.told(cx)?.ok_or(Told::Failure(Failure::NotFound))
}
