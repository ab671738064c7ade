//! `GET /v1/usage`: how much the team's keys are used.

use crate::http::api::v1::{
    door::{Answer, Asked, ByKey, Tell},
    refusals::{Absent, Acting, Wrong},
};
use axum::Json;
use model::usage::{UsageBar, UsageOfAddress, UsageOfKey, UsagePage, UsageQuery, UsageShare};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Of what.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http::api::v1) struct AskedUsage {
    /// `24h`, `7d`, `30d` or `90d`.
    #[serde(default)]
    span: String,
    /// The id of a key; left out for the whole team.
    #[serde(default)]
    key: String,
}

/// Calls, and what was answered.
#[derive(Serialize, ToSchema)]
pub(in crate::http::api::v1) struct Usage {
    accepted: i64,
    refused: i64,
    /// The oldest first, without gaps.
    steps: Vec<Step>,
    /// By the codes of verify, the most first.
    codes: Vec<Share>,
    /// By country, the most first.
    countries: Vec<Share>,
    /// The addresses with the most calls, as far as verify was told them, by whole days in UTC and of
    /// the last 30 days; all others last.
    addresses: Vec<CallingAddress>,
    /// The keys with the most calls; of the whole team only.
    keys: Vec<Used>,
}

/// A stretch of time.
#[derive(Serialize, ToSchema)]
struct Step {
    #[schema(format = DateTime)]
    from: String,
    accepted: i64,
    refused: i64,
}

/// Calls that have something in common.
#[derive(Serialize, ToSchema)]
struct Share {
    what: String,
    calls: i64,
}

/// An address and the calls from it.
#[derive(Serialize, ToSchema)]
struct CallingAddress {
    /// An IPv4 address, or an IPv6 network of 64 bits; `null` for all others.
    #[schema(example = "203.0.113.7")]
    address: Option<String>,
    /// Refused ones, too.
    calls: i64,
    refused: i64,
    #[schema(format = DateTime)]
    last_at: String,
}

/// A key and its calls.
#[derive(Serialize, ToSchema)]
struct Used {
    key_id: String,
    name: String,
    calls: i64,
    refused: i64,
}

impl From<UsagePage> for Usage {
    fn from(page: UsagePage) -> Self {
        let step = |UsageBar { from, accepted, refused }| Step { from, accepted, refused };
        let share = |UsageShare { what, calls }| Share { what, calls };
        let calling = |UsageOfAddress { address, calls, refused, last_at }| CallingAddress {
            address,
            calls,
            refused,
            last_at,
        };
        let used = |UsageOfKey { id, name, calls, refused }| {
            let key_id = id.to_string();
            Used { key_id, name, calls, refused }
        };
        Self {
            accepted: page.accepted,
            refused: page.refused,
            steps: page.bars.into_iter().map(step).collect(),
            codes: page.codes.into_iter().map(share).collect(),
            countries: page.countries.into_iter().map(share).collect(),
            addresses: page.addresses.into_iter().map(calling).collect(),
            keys: page.keys.into_iter().map(used).collect(),
        }
    }
}

/// Look at usage
///
/// Of the team or of one key. Needs `probity:usage.view`.
#[utoipa::path(
    get,
    path = "/v1/usage",
    tag = "usage",
    operation_id = "findUsage",
    params(AskedUsage),
    responses(
        (status = 200, description = "The calls", body = Usage),
        Acting,
        Absent,
        Wrong,
    ),
    security(("key" = [])),
)]
pub(in crate::http::api::v1) async fn usage(
    ByKey(cx): ByKey,
    Asked(AskedUsage { span, key }): Asked<AskedUsage>,
) -> Answer<Usage> {
    let page = domain::usage::load(&cx, &UsageQuery { span, key }).await.told(&cx)?;
    Ok(Json(page.into()))
}
