//! Where streams of audit logs go: a receiver of signed events, a bucket, a folder.

mod folder;
mod s3;
mod sign;
mod webhook;

use super::https::{Answer, Client, Reach};
use domain::{
    audit::stream::{Carried, Destination, NotCarried, Parcel},
    ports::Carrier,
};
use folder::Folder;
use futures::future::BoxFuture;
use ipnet::IpNet;
use model::{FieldError, audit::StreamKind};
use secrecy::ExposeSecret;
use std::{path::PathBuf, sync::Arc, time::Duration};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

/// What the settings say about streams.
#[derive(Debug, Clone)]
pub struct StreamSettings {
    /// Below it, folders can be streamed to. None: that is not offered.
    pub folder: Option<PathBuf>,
    /// Networks besides the public ones that requests may reach.
    pub allowed: Vec<IpNet>,
}

impl StreamSettings {
    /// The way out. Nothing is sent yet, and nobody is asked.
    pub fn open(&self) -> Arc<dyn Carrier> {
        let client = Client::open(Reach::with(self.allowed.clone()));
        Arc::new(Ways { client, folder: self.folder.clone().map(Folder) })
    }
}

/// Every way that a stream can go.
struct Ways {
    client: Client,
    folder: Option<Folder>,
}

impl Carrier for Ways {
    fn kinds(&self) -> Vec<StreamKind> {
        let offered = |kind: &StreamKind| *kind != StreamKind::Folder || self.folder.is_some();
        StreamKind::ALL.into_iter().filter(offered).collect()
    }

    fn refuses(&self, to: &Destination) -> Option<FieldError> {
        let (field, refused) = match to {
            Destination::Https(url) => {
                ("url", self.client.reach().refuses(url.expose_secret()).err())
            }
            Destination::S3(bucket) => {
                ("endpoint", s3::endpoint(self.client.reach(), &bucket.endpoint).err())
            }
            Destination::Folder => ("kind", None),
        };
        refused.map(|said| FieldError::new(field, said))
    }

    fn carry<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<Carried, NotCarried>> {
        Box::pin(async move {
            match (&parcel.to, &self.folder) {
                (Destination::Https(url), _) => webhook::post(&self.client, url, parcel).await,
                (Destination::S3(bucket), _) => s3::put(&self.client, bucket, parcel).await,
                (Destination::Folder, Some(folder)) => folder.append(parcel).await,
                (Destination::Folder, None) => {
                    Err(NotCarried::because("Folders are not offered here any more."))
                }
            }
        })
    }
}

/// What an answer means: taken in, or not.
fn judge(answer: &Answer, now: OffsetDateTime) -> Result<Carried, NotCarried> {
    let status = answer.status.as_u16();
    if answer.status.is_success() {
        return Ok(Carried { status: Some(status) });
    }
    let said = match status {
        300..=399 => {
            format!("It answered {status}: redirects are not followed. Use the final address.")
        }
        _ => format!("It answered {status}."),
    };
    let asked = answer.retry_after.as_ref().and_then(|value| value.to_str().ok());
    let retry_after = asked.and_then(|asked| retry_after(asked, now));
    Err(NotCarried { said, status: Some(status), retry_after })
}

/// Seconds, or a date (RFC 9110, 10.2.3).
fn retry_after(value: &str, now: OffsetDateTime) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = OffsetDateTime::parse(value.trim(), &Rfc2822).ok()?;
    Duration::try_from(at - now).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, StatusCode};
    use time::macros::datetime;

    #[test]
    fn two_hundred_and_something_is_taken_in_and_nothing_else_is() {
        let now = datetime!(2026-11-27 00:00 UTC);
        let answer = |status: u16, retry: Option<&'static str>| Answer {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: retry.map(HeaderValue::from_static),
        };
        for status in [200, 202, 204] {
            assert_eq!(judge(&answer(status, None), now), Ok(Carried { status: Some(status) }));
        }
        let refused = |status, retry| judge(&answer(status, retry), now).unwrap_err();
        assert_eq!(refused(500, None).said, "It answered 500.");
        assert!(refused(302, None).said.contains("redirects are not followed"));
        assert_eq!(refused(429, Some("7")).retry_after, Some(Duration::from_secs(7)));
        let date = refused(503, Some("Fri, 27 Nov 2026 00:01:00 GMT"));
        assert_eq!(date.retry_after, Some(Duration::from_secs(60)));
        for odd in ["soon", "-3", "Thu, 26 Nov 2026 00:01:00 GMT"] {
            assert_eq!(refused(503, Some(odd)).retry_after, None, "{odd}");
        }
    }
}
