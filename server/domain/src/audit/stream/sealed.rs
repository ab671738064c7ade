//! Where a stream goes and what it is signed with, sealed under the team's data key for their places.

use super::parcel::{Bucket, Destination, SigningKey};
use crate::{
    Cx, Error, Result,
    crypto::{Owner, Place},
};
use model::{StreamId, TeamId};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

const fn place(stream: StreamId, column: &'static str) -> Place {
    Place { table: "audit_stream", column, row: stream.0 }
}

/// What is sealed of a destination.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kept<'a> {
    Https {
        url: &'a str,
    },
    S3 {
        endpoint: &'a str,
        region: &'a str,
        bucket: &'a str,
        prefix: &'a str,
        access_key: &'a str,
        secret_key: &'a str,
    },
    Folder,
}

impl<'a> Kept<'a> {
    fn of(to: &'a Destination) -> Self {
        match to {
            Destination::Https(url) => Self::Https { url: url.expose_secret() },
            Destination::S3(bucket) => Self::S3 {
                endpoint: &bucket.endpoint,
                region: &bucket.region,
                bucket: &bucket.name,
                prefix: &bucket.prefix,
                access_key: &bucket.access_key,
                secret_key: bucket.secret_key.expose_secret(),
            },
            Destination::Folder => Self::Folder,
        }
    }

    fn destination(&self) -> Destination {
        match *self {
            Self::Https { url } => Destination::Https(SecretString::from(url)),
            Self::S3 { endpoint, region, bucket, prefix, access_key, secret_key } => {
                Destination::S3(Bucket {
                    endpoint: endpoint.to_owned(),
                    region: region.to_owned(),
                    name: bucket.to_owned(),
                    prefix: prefix.to_owned(),
                    access_key: access_key.to_owned(),
                    secret_key: SecretString::from(secret_key),
                })
            }
            Self::Folder => Destination::Folder,
        }
    }
}

/// Seals where a stream of the caller's team goes.
pub(super) async fn destination(cx: &Cx, id: StreamId, to: &Destination) -> Result<Vec<u8>> {
    let text = serde_json::to_vec(&Kept::of(to)).map(Zeroizing::new).expect("strings become JSON");
    let key = cx.deps().keyring().key_of(Owner::Team(cx.seat()?.id)).await?;
    key.seal(cx.deps().random(), &place(id, "sealed"), &text)
}

/// A new signing secret for a stream of the caller's team, and the same sealed.
pub(super) async fn new_secret(cx: &Cx, id: StreamId) -> Result<(SigningKey, Vec<u8>)> {
    let secret = SigningKey(crate::ports::random_256(cx.deps().random()));
    let key = cx.deps().keyring().key_of(Owner::Team(cx.seat()?.id)).await?;
    let sealed = key.seal(cx.deps().random(), &place(id, "secret"), secret.expose())?;
    Ok((secret, sealed))
}

/// Opens where a stream goes, and what it is signed with.
pub(super) async fn open(
    cx: &Cx,
    team: TeamId,
    id: StreamId,
    sealed: &[u8],
    secrets: &[Vec<u8>],
) -> Result<(Destination, Vec<SigningKey>)> {
    const ODD: Error = Error::Seal("what is sealed is no stream's");
    let key = cx.deps().keyring().find(Owner::Team(team)).await?;
    let key = key.ok_or(Error::Seal("the team's data key is gone"))?;
    let text = key.open(&place(id, "sealed"), sealed)?;
    let to = serde_json::from_slice::<Kept<'_>>(&text).map_err(|_| ODD)?.destination();
    let mut keys = Vec::with_capacity(secrets.len());
    for secret in secrets {
        // The one before it was sealed for the same place.
        let bytes = key.open(&place(id, "secret"), secret)?;
        let bytes = bytes.as_slice().try_into().map_err(|_| ODD)?;
        keys.push(SigningKey(Zeroizing::new(bytes)));
    }
    Ok((to, keys))
}
