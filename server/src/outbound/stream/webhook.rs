//! Deliveries by HTTPS, signed as Standard Webhooks says (standardwebhooks.com, version 1.0.0).

use super::{super::https::Client, judge, sign::hmac};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use domain::audit::stream::{Carried, Content, NotCarried, Parcel};
use http::{Request, header};
use http_body_util::Full;
use secrecy::{ExposeSecret, SecretString};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

pub(super) async fn post(
    client: &Client,
    url: &SecretString,
    parcel: &Parcel,
) -> Result<Carried, NotCarried> {
    let url = client.reach().refuses(url.expose_secret()).map_err(NotCarried::because)?;
    let (id, body) = (id(parcel), body(parcel));
    let timestamp = parcel.at.unix_timestamp();
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let request = Request::post(path)
        .header(header::HOST, authority)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, "Probity")
        .header("webhook-id", &id)
        .header("webhook-timestamp", timestamp)
        .header("webhook-signature", signatures(parcel, &id, timestamp, &body))
        .body(Full::new(Bytes::from(body)));
    let request = request.map_err(|_| NotCarried::because("The address cannot be asked."))?;
    let answer = client.send(&url, request).await;
    let answer = answer.map_err(|unsent| NotCarried::because(unsent.to_string()))?;
    judge(&answer, parcel.at)
}

/// The same for the same records of the same stream, so that a receiver can pass over what it has.
fn id(parcel: &Parcel) -> String {
    let stream = parcel.stream;
    match &parcel.content {
        Content::Records(lines) => {
            let (first, last) = (lines.first().map(|it| it.seq), lines.last().map(|it| it.seq));
            format!("{stream}_{}-{}", first.unwrap_or(0), last.unwrap_or(0))
        }
        Content::Test => format!("{stream}_test-{}", parcel.at.unix_timestamp_nanos() / 1_000),
    }
}

/// Records stand in it as they were written, byte for byte.
fn body(parcel: &Parcel) -> String {
    let (kind, at, events) = match &parcel.content {
        Content::Records(lines) => {
            let events: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
            let at = lines.last().map_or(parcel.at, |line| line.at);
            ("audit.events", at, format!("\"events\":[{}]", events.join(",")))
        }
        Content::Test => ("audit.test", parcel.at, "\"events\":[]".to_owned()),
    };
    format!(
        r#"{{"type":"{kind}","timestamp":"{}","data":{{"team":"{}","stream":"{}",{events}}}}}"#,
        rfc3339(at),
        parcel.team,
        parcel.stream
    )
}

/// One with each secret, with spaces between.
fn signatures(parcel: &Parcel, id: &str, timestamp: i64, body: &str) -> String {
    let signed = format!("{id}.{timestamp}.{body}");
    let one = |secret: &[u8; 32]| format!("v1,{}", BASE64_STANDARD.encode(hmac(secret, &signed)));
    parcel.keys.iter().map(|key| one(key.expose())).collect::<Vec<_>>().join(" ")
}

pub(super) fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).expect("a time of this era has an RFC 3339 form")
}
