//! Files that pages link to.

use super::failure::Told;
use axum::{
    body::Body,
    extract::{Extension, Path, Query},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use domain::Cx;
use futures::Stream;
use http::header;
use model::{Failure, review::ReviewQuery, usage::UsageQuery};

/// The access review of these days as CSV.
pub(super) async fn review(
    Path(team): Path<String>,
    Query(query): Query<ReviewQuery>,
    Extension(cx): Extension<Cx>,
) -> Response {
    csv(&cx, &team, async |cx| domain::review::csv(cx, query).await).await
}

/// Usage of this time as CSV.
pub(super) async fn usage(
    Path(team): Path<String>,
    Query(query): Query<UsageQuery>,
    Extension(cx): Extension<Cx>,
) -> Response {
    csv(&cx, &team, async |cx| domain::usage::csv(cx, &query).await).await
}

/// The team's keyword rules as CSV.
pub(super) async fn rules(Path(team): Path<String>, Extension(cx): Extension<Cx>) -> Response {
    csv(&cx, &team, async |cx| domain::rule::export(cx).await).await
}

/// A file of an export, part by part as it is unsealed.
pub(super) async fn export(
    Path((team, export, link, file)): Path<(String, String, String, String)>,
    Extension(cx): Extension<Cx>,
) -> Response {
    let opened = async {
        let id = export.parse().map_err(|_| domain::Error::NotFound)?;
        domain::audit::export::open(&cx.in_team(&team).await?, id, &link, &file).await
    };
    match opened.await {
        Ok((length, parts)) => attached(&file, length, parts),
        Err(error) => told(error.failure(cx.request())),
    }
}

/// The archive of everything that is the team's, in the same way.
pub(super) async fn data_export(
    Path((team, export, link, file)): Path<(String, String, String, String)>,
    Extension(cx): Extension<Cx>,
) -> Response {
    let opened = async {
        let id = export.parse().map_err(|_| domain::Error::NotFound)?;
        domain::data::export::open(&cx.in_team(&team).await?, id, &link, &file).await
    };
    match opened.await {
        Ok((length, parts)) => attached(&file, length, parts),
        Err(error) => told(error.failure(cx.request())),
    }
}

/// A file to be kept, whatever is in it.
fn attached(
    file: &str,
    length: u64,
    parts: impl Stream<Item = domain::Result<Bytes>> + Send + 'static,
) -> Response {
    (
        [
            (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
            (header::CONTENT_LENGTH, length.to_string()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
        ],
        Body::from_stream(parts),
    )
        .into_response()
}

/// A file that an operation names and writes, for whoever is in the team.
async fn csv(
    cx: &Cx,
    team: &str,
    write: impl AsyncFnOnce(&Cx) -> domain::Result<(String, String)>,
) -> Response {
    let written = match cx.in_team(team).await {
        Ok(inside) => write(&inside).await,
        Err(error) => Err(error),
    };
    match written {
        Ok((name, text)) => (
            [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
            ],
            text,
        )
            .into_response(),
        Err(error) => told(error.failure(cx.request())),
    }
}

fn told(failure: Failure) -> Response {
    Told::Failure(failure).into_response()
}
