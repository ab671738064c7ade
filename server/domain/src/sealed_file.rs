//! A file in parts, each sealed under the team's key, so that neither the disk nor its copies tell what is
//! in it. A part carries its number and whether it is the last: none can be moved, left out or added.

use crate::{
    Deps, Error, Result,
    crypto::{DataKey, Owner, Place},
};
use bytes::{Buf, Bytes, BytesMut};
use futures::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use model::TeamId;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart, path::Path};
use std::sync::Arc;
use uuid::Uuid;

/// Bytes in one part.
const PART: usize = 1 << 16;
/// Number and mark of the last before the bytes.
const HEAD: usize = 9;
/// Bytes that the store is given at once: a folder takes any number.
const CHUNK: usize = 1 << 20;
/// Such pieces on their way to the store at once.
const AHEAD: usize = 2;

/// One of the files of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Which<'a> {
    pub(crate) team: TeamId,
    /// The table and the row that tell of it.
    pub(crate) table: &'static str,
    pub(crate) row: Uuid,
    /// What of the row it is: `file`, or what waits to become a part of one.
    pub(crate) column: &'static str,
    pub(crate) name: &'a str,
}

impl Which<'_> {
    fn path(self) -> Path {
        Path::from(format!("{}/{}/{}", self.team, self.row.simple(), self.name))
    }

    const fn place(self) -> Place {
        Place { table: self.table, column: self.column, row: self.row }
    }
}

/// Takes a file away; it need not be there.
pub(crate) async fn remove(deps: &Deps, which: Which<'_>) -> Result<()> {
    delete(deps, &which.path()).await
}

/// Takes away all files of a row; there need not be any.
pub(crate) async fn remove_all(deps: &Deps, team: TeamId, row: Uuid) -> Result<()> {
    let folder = Path::from(format!("{team}/{}", row.simple()));
    let files: Vec<_> = deps.exports().list(Some(&folder)).try_collect().await?;
    for file in files {
        delete(deps, &file.location).await?;
    }
    Ok(())
}

async fn delete(deps: &Deps, path: &Path) -> Result<()> {
    match deps.exports().delete(path).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(other) => Err(other.into()),
    }
}

/// Writes one file.
pub(crate) struct Writer {
    deps: Deps,
    key: Arc<DataKey>,
    place: Place,
    upload: WriteMultipart,
    gathered: Vec<u8>,
    number: u64,
}

impl Writer {
    pub(crate) async fn open(deps: &Deps, which: Which<'_>) -> Result<Self> {
        let key = deps.keyring().key_of(Owner::Team(which.team)).await?;
        let upload = deps.exports().put_multipart(&which.path()).await?;
        let (deps, place, upload) =
            (deps.clone(), which.place(), WriteMultipart::new_with_chunk_size(upload, CHUNK));
        Ok(Self { deps, key, place, upload, gathered: Vec::with_capacity(PART), number: 0 })
    }

    /// Writes these behind the others.
    pub(crate) async fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            if self.gathered.len() == PART {
                let part = std::mem::replace(&mut self.gathered, Vec::with_capacity(PART));
                self.seal(&part, false)?;
                self.upload.wait_for_capacity(AHEAD).await?;
            }
            let fits = bytes.len().min(PART - self.gathered.len());
            let (now, rest) = bytes.split_at(fits);
            self.gathered.extend_from_slice(now);
            bytes = rest;
        }
        Ok(())
    }

    /// Nothing more comes: from now on there is a file.
    pub(crate) async fn finish(mut self) -> Result<()> {
        let last = std::mem::take(&mut self.gathered);
        self.seal(&last, true)?;
        self.upload.finish().await?;
        Ok(())
    }

    /// Leaves nothing.
    pub(crate) async fn abort(self) -> Result<()> {
        Ok(self.upload.abort().await?)
    }

    fn seal(&mut self, part: &[u8], is_last: bool) -> Result<()> {
        let mut plain = Vec::with_capacity(HEAD + part.len());
        plain.extend_from_slice(&self.number.to_be_bytes());
        plain.push(is_last.into());
        plain.extend_from_slice(part);
        let sealed = self.key.seal(self.deps.random(), &self.place, &plain)?;
        let length = u32::try_from(sealed.len()).expect("a part has some kilobytes");
        self.upload.write(&length.to_be_bytes());
        self.upload.write(&sealed);
        self.number += 1;
        Ok(())
    }
}

/// Reads one file, from its beginning to its end: its length in bytes, and its parts.
pub(crate) async fn read(
    deps: &Deps,
    which: Which<'_>,
) -> Result<(u64, impl Stream<Item = Result<Bytes>> + Send + use<>)> {
    let key = deps.keyring().find(Owner::Team(which.team)).await?.ok_or(Error::NotFound)?;
    let found = match deps.exports().get(&which.path()).await {
        Err(object_store::Error::NotFound { .. }) => return Err(Error::NotFound),
        found => found?,
    };
    let length = unsealed(found.meta.size);
    let (place, from) = (which.place(), found.into_stream());
    let reader = Reader { key, place, from, come: BytesMut::new(), number: 0 };
    let parts = futures::stream::try_unfold(Some(reader), async |reader| {
        let Some(mut reader) = reader else { return Ok(None) };
        let (part, is_last) = reader.part().await?;
        Ok(Some((part, (!is_last).then_some(reader))))
    });
    Ok((length, parts))
}

/// How long a file is whose sealed parts are so long together: all parts but the last are full.
fn unsealed(sealed: u64) -> u64 {
    let longer = (4 + DataKey::LONGER + HEAD) as u64;
    sealed - sealed.div_ceil(PART as u64 + longer) * longer
}

struct Reader {
    key: Arc<DataKey>,
    place: Place,
    from: BoxStream<'static, object_store::Result<Bytes>>,
    come: BytesMut,
    number: u64,
}

impl Reader {
    async fn part(&mut self) -> Result<(Bytes, bool)> {
        const CUT: Error = Error::Seal("a file was cut, or put together from others");
        self.fetch(4).await?;
        let length = usize::try_from(self.come.get_u32()).map_err(|_| CUT)?;
        if length > 2 * PART {
            return Err(CUT);
        }
        self.fetch(length).await?;
        let sealed = self.come.split_to(length);
        let plain = self.key.open(&self.place, &sealed)?;
        let (head, part) = plain.split_at_checked(HEAD).ok_or(CUT)?;
        if head[..8] != self.number.to_be_bytes() {
            return Err(CUT);
        }
        self.number += 1;
        Ok((Bytes::copy_from_slice(part), head[8] == 1))
    }

    /// Waits until so many bytes have come.
    async fn fetch(&mut self, length: usize) -> Result<()> {
        while self.come.len() < length {
            let more = self.from.next().await.ok_or(Error::Seal("a file was cut"))?;
            self.come.extend_from_slice(&more?);
        }
        Ok(())
    }
}
