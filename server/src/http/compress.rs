//! Pages in a quarter of their size, for browsers that read Brotli. Files are compressed when they
//! are built ([`super::assets`]), API answers are too short to gain anything.

use super::{failure::HTML, refusal::Refusal};
use axum::{
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use brotli::enc::{
    BrotliCompress,
    backward_references::{BrotliEncoderMode, BrotliEncoderParams},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use http_body_util::BodyExt;

/// 0 to 11. Measured on our pages: 4 takes a tenth of a millisecond; 11 saves little and takes 30.
const QUALITY: i32 = 4;
/// Bits of the window: 64 kB holds a whole page, and more would only cost memory.
const WINDOW: i32 = 16;
/// Bytes below which a page fits into one packet anyway.
const LEAST: usize = 1024;

/// Marks a page that shows a secret: how well it compresses would tell something about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShowsSecret;

/// Compresses the page that answers a request.
pub(super) async fn pages(request: Request, next: Next) -> Response {
    let takes = accepts_brotli(request.headers());
    let mut response = next.run(request).await;
    if response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != HTML) {
        return response;
    }
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !takes || response.extensions().get::<ShowsSecret>().is_some() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(page) = body.collect().await else {
        return Refusal::Broken.into_response();
    };
    let page = page.to_bytes();
    match brotli(&page) {
        Some(small) => {
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(small))
        }
        None => Response::from_parts(parts, Body::from(page)),
    }
}

/// `page` compressed, if it is worth it.
fn brotli(page: &Bytes) -> Option<Bytes> {
    if page.len() < LEAST {
        return None;
    }
    let params = BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        size_hint: page.len(),
        mode: BrotliEncoderMode::BROTLI_MODE_TEXT,
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::with_capacity(page.len() / 3);
    BrotliCompress(&mut &page[..], &mut compressed, &params).ok()?;
    Some(compressed.into())
}

fn accepts_brotli(request: &HeaderMap) -> bool {
    let lines = request.get_all(header::ACCEPT_ENCODING).iter();
    lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next() == Some("br") && !parts.any(is_zero)
    })
}

/// `q=0`, also as `q=0.000`: "anything but this".
fn is_zero(parameter: &str) -> bool {
    let weight = parameter.strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
    weight.is_some_and(|weight| weight <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_page_becomes_much_smaller_and_a_short_one_is_left_alone() {
        let page = Bytes::from("<p>every page says much the same</p>".repeat(200));
        let small = brotli(&page).expect("compressed");
        assert!(small.len() * 10 < page.len(), "{} bytes", small.len());
        assert_eq!(brotli(&Bytes::from_static(b"short")), None);
    }

    #[test]
    fn nobody_gets_what_they_did_not_ask_for() {
        for value in ["gzip", "br;q=0", "br; q=0.0", "brx", ""] {
            assert!(!accepts_brotli(&accepting(value)), "{value}");
        }
        for value in ["gzip, deflate, br, zstd", "br;q=0.5"] {
            assert!(accepts_brotli(&accepting(value)), "{value}");
        }
    }
}
