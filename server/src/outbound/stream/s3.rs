//! Deliveries as objects in a bucket: each has the numbers of its records as its name, so that a delivery
//! that is tried again overwrites itself.

use super::{
    super::https::{Client, Reach},
    judge,
    sign::{Signer, Unsigned, headers, path},
    webhook::rfc3339,
};
use bytes::Bytes;
use domain::audit::stream::{Bucket, Carried, Content, NotCarried, Parcel};
use http::{Request, header};
use http_body_util::Full;
use secrecy::ExposeSecret;
use url::Url;

/// The server of a bucket: a host and nothing behind it.
pub(super) fn endpoint(reach: &Reach, typed: &str) -> Result<Url, &'static str> {
    let url = reach.refuses(typed)?;
    match url.path() == "/" && url.query().is_none() {
        true => Ok(url),
        false => Err("Enter the server alone; the bucket has a field of its own."),
    }
}

pub(super) async fn put(
    client: &Client,
    bucket: &Bucket,
    parcel: &Parcel,
) -> Result<Carried, NotCarried> {
    let url = endpoint(client.reach(), &bucket.endpoint).map_err(NotCarried::because)?;
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let (path, body) = (path(&format!("/{}/{}", bucket.name, name(bucket, parcel))), body(parcel));
    let signer = Signer {
        access_key: &bucket.access_key,
        secret_key: bucket.secret_key.expose_secret(),
        region: &bucket.region,
    };
    let unsigned = Unsigned {
        method: "PUT",
        host,
        path: &path,
        headers: &[],
        body: body.as_bytes(),
        at: parcel.at,
    };
    let mut request = Request::put(&path)
        .header(header::HOST, host)
        .header(header::CONTENT_TYPE, "application/x-ndjson")
        .header(header::USER_AGENT, "Probity");
    for (name, value) in headers(&signer, &unsigned) {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(Bytes::from(body)));
    let request = request.map_err(|_| NotCarried::because("The bucket cannot be asked."))?;
    let answer = client.send(&url, request).await;
    let answer = answer.map_err(|unsent| NotCarried::because(unsent.to_string()))?;
    judge(&answer, parcel.at)
}

/// `prefix/2026/11/27/000000000120-000000000145.jsonl`, by the day of the first record.
fn name(bucket: &Bucket, parcel: &Parcel) -> String {
    let name = match &parcel.content {
        Content::Records(lines) => {
            let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
                return bucket.prefix.clone();
            };
            let day = first.at.date();
            let (year, month, day) = (day.year(), u8::from(day.month()), day.day());
            let (first, last) = (first.seq, last.seq);
            format!("{year}/{month:02}/{day:02}/{first:012}-{last:012}.jsonl")
        }
        Content::Test => "audit-test.json".to_owned(),
    };
    [bucket.prefix.as_str(), &name].join("/").trim_start_matches('/').to_owned()
}

fn body(parcel: &Parcel) -> String {
    match &parcel.content {
        Content::Records(lines) => lines.iter().map(|line| line.text.clone() + "\n").collect(),
        Content::Test => {
            let at = rfc3339(parcel.at);
            format!("{{\"type\":\"audit.test\",\"timestamp\":\"{at}\"}}\n")
        }
    }
}
