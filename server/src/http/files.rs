//! Files that pages link to.

use super::{failure::Told, site::Site};
use axum::{
    extract::{Extension, Path, Query, State},
    response::{IntoResponse, Response},
};
use domain::Cx;
use http::header;
use model::{Failure, review::ReviewQuery};
use std::sync::Arc;

/// The access review of these days as CSV.
pub(super) async fn review(
    State(_site): State<Arc<Site>>,
    Path(team): Path<String>,
    Query(query): Query<ReviewQuery>,
    Extension(cx): Extension<Cx>,
) -> Response {
    match csv(&cx, &team, query).await {
        Ok((name, text)) => (
            [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
            ],
            text,
        )
            .into_response(),
        Err(failure) => Told::Failure(failure).into_response(),
    }
}

async fn csv(cx: &Cx, team: &str, query: ReviewQuery) -> Result<(String, String), Failure> {
    let told = |error: domain::Error| error.failure(cx.request());
    let inside = cx.in_team(team).await.map_err(told)?;
    domain::review::csv(&inside, query).await.map_err(told)
}
