//! What becomes of a key: rotated, switched off and on, revoked.

use super::{
    create_key::KeyWithSecret,
    key::Key,
    keys::{done, found},
};
use crate::http::api::v1::{
    door::{Answer, Id, Nothing, Sent, Tell},
    refusals::{Absent, Acting, AsItIs, Unread, Wrong},
};
use axum::Json;
use domain::{key, once};
use model::{KeyId, key::RotateKey};
use serde::Deserialize;
use utoipa::ToSchema;

/// How long the old secret works on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct Overlap {
    /// Hours; 0 ends it now.
    #[serde(default = "a_day")]
    #[schema(minimum = 0, maximum = 720, default = 24)]
    overlap_hours: u16,
}

const fn a_day() -> u16 {
    24
}

/// Rotate a key
///
/// Another secret, once in the answer; everything else stays, its end too. Needs
/// `probity:keys.manage`, and what the key may do here.
#[utoipa::path(
    post,
    path = "/v1/keys/{key}/rotate",
    tag = "keys",
    operation_id = "rotateKey",
    request_body(content = Overlap, content_type = "application/json"),
    params(("key" = String, Path, description = "The id of a key"),
        ("Idempotency-Key" = Option<String>, Header, description = "Your name for this request")),
    responses(
        (status = 200, description = "The key and its new secret", body = KeyWithSecret),
        Acting,
        Unread,
        Absent,
        AsItIs,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn rotate_key(
    Id(id): Id<KeyId>,
    Sent { cx, body }: Sent<Overlap>,
) -> Answer<KeyWithSecret> {
    let overlap = body.overlap_hours.to_string();
    let form = RotateKey { overlap, ..RotateKey::default() };
    let rotated = once(&cx, key::rotate(&cx, id, &form)).await.told(&cx)?;
    Ok(Json(rotated.into()))
}

/// End an overlap
///
/// The old secret of a key that was rotated is refused from now on. Needs `probity:keys.manage`.
#[utoipa::path(
    post,
    path = "/v1/keys/{key}/end-overlap",
    tag = "keys",
    operation_id = "endOverlap",
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
pub(in crate::http::api::v1) async fn end_overlap(
    Id(id): Id<KeyId>,
    Sent { cx, body: Nothing {} }: Sent<Nothing>,
) -> Answer<Key> {
    done(&cx, id, key::end_overlap(&cx, id)).await
}

/// Switch a key off
///
/// It is refused until it is switched on. Needs `probity:keys.manage`.
#[utoipa::path(
    post,
    path = "/v1/keys/{key}/disable",
    tag = "keys",
    operation_id = "disableKey",
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
pub(in crate::http::api::v1) async fn disable_key(
    Id(id): Id<KeyId>,
    Sent { cx, body: Nothing {} }: Sent<Nothing>,
) -> Answer<Key> {
    done(&cx, id, key::disable(&cx, id)).await
}

/// Switch a key on
///
/// It is accepted again. Needs `probity:keys.manage`.
#[utoipa::path(
    post,
    path = "/v1/keys/{key}/enable",
    tag = "keys",
    operation_id = "enableKey",
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
pub(in crate::http::api::v1) async fn enable_key(
    Id(id): Id<KeyId>,
    Sent { cx, body: Nothing {} }: Sent<Nothing>,
) -> Answer<Key> {
    done(&cx, id, key::enable(&cx, id)).await
}

/// Revoke a key
///
/// It is refused from now on, for good. Needs `probity:keys.manage`.
#[utoipa::path(
    post,
    path = "/v1/keys/{key}/revoke",
    tag = "keys",
    operation_id = "revokeKey",
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
pub(in crate::http::api::v1) async fn revoke_key(
    Id(id): Id<KeyId>,
    Sent { cx, body: Nothing {} }: Sent<Nothing>,
) -> Answer<Key> {
    // Typing its name is for people, who slip.
    let name = found(&cx, id).await?.name;
    done(&cx, id, key::revoke(&cx, id, &name)).await
}
