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
use model::{Failure, Typed, review::ReviewQuery, usage::UsageQuery};

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
        Ok((length, parts)) => attached(&file, Some(length), parts),
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
        Ok((length, parts)) => attached(&file, Some(length), parts),
        Err(error) => told(error.failure(cx.request())),
    }
}

/// Everything about the person who asks, written as they fetch it.
pub(super) async fn own_export(
    Path((link, file)): Path<(String, String)>,
    Extension(cx): Extension<Cx>,
) -> Response {
    let opened = async {
        cx.person().ok_or(domain::Error::Unauthenticated)?;
        match file.as_str() {
            "my-data.zip" => domain::account::export(&cx, &link).await,
            _ => Err(domain::Error::NotFound),
        }
    };
    match opened.await {
        Ok(parts) => attached(&file, None, parts),
        Err(error) => told(error.failure(cx.request())),
    }
}

/// The certificate of a team that was deleted, for whoever has the link of its deletion.
pub(super) async fn certificate(
    Path((link, file)): Path<(String, String)>,
    Extension(cx): Extension<Cx>,
) -> Response {
    let line = async {
        if file != model::deletion::CERTIFICATE {
            return Err(domain::Error::NotFound);
        }
        let card = domain::team::deletion_card(&cx, &Typed::new(link)).await?;
        card.certificate.ok_or(domain::Error::NotFound)
    };
    match line.await {
        Ok(line) => {
            let line = Bytes::from(line + "\n");
            attached(&file, Some(line.len() as u64), futures::stream::iter([Ok(line)]))
        }
        Err(error) => told(error.failure(cx.request())),
    }
}

/// A file to be kept, whatever is in it. `length`: where it is known before.
fn attached(
    file: &str,
    length: Option<u64>,
    parts: impl Stream<Item = domain::Result<Bytes>> + Send + 'static,
) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
    ];
    let length = length.map(|length| [(header::CONTENT_LENGTH, length.to_string())]);
    let body = Body::from_stream(parts);
    match length {
        Some(length) => (headers, length, body).into_response(),
        None => (headers, body).into_response(),
    }
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
