//! An archive that is written as it goes: packed, summed and sealed, piece by piece.

use crate::{
    Deps, Error, Result,
    sealed_file::{Which, Writer},
};
use bytes::Bytes;
use model::{data::Entry, ledger::Hash};
use sha2::{Digest, Sha256};
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use tokio::{
    sync::mpsc::Sender,
    task::{JoinHandle, spawn_blocking},
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions, write::StreamWriter};

/// Bytes that are packed at once.
const PIECE: usize = 1 << 18;
/// Little is gained by more, and an export shall not keep a processor for long.
const LEVEL: i64 = 1;

/// An archive under way.
pub(crate) struct Archive {
    zip: Zip,
    sink: Sink,
    to: To,
    sum: Sha256,
    bytes: u64,
    entries: Vec<Entry>,
    open: Open,
    /// The piece that is being packed while the next one is gathered.
    packing: Option<Packing>,
    /// The memory of the piece before, for the next one.
    spare: Vec<u8>,
}

/// Where it goes.
enum To {
    /// Into a sealed file.
    File(Writer),
    /// To whoever fetches it now.
    Sent(Sender<Result<Bytes>>),
}

type Zip = ZipWriter<StreamWriter<Sink>>;

/// A thread that packs a piece, and gives back what it packs into, its sum, and the memory of the piece.
type Packing = JoinHandle<io::Result<(Zip, Sha256, Vec<u8>)>>;

/// The file in it that is being written.
#[derive(Default)]
struct Open {
    name: String,
    gathered: Vec<u8>,
    sum: Sha256,
    bytes: u64,
    rows: Option<u64>,
}

/// What an archive came to.
pub(crate) struct Written {
    pub(crate) bytes: u64,
    pub(crate) sum: [u8; 32],
}

impl Archive {
    pub(crate) async fn open(deps: &Deps, which: Which<'_>) -> Result<Self> {
        Ok(Self::of(To::File(Writer::open(deps, which).await?)))
    }

    /// One that lies nowhere, and waits as long as nobody takes what is sent.
    pub(crate) fn sent(to: Sender<Result<Bytes>>) -> Self {
        Self::of(To::Sent(to))
    }

    fn of(to: To) -> Self {
        let sink = Sink::default();
        let zip = ZipWriter::new_stream(sink.clone());
        let (sum, entries, open) = (Sha256::new(), Vec::new(), Open::default());
        Self { zip, sink, to, sum, bytes: 0, entries, open, packing: None, spare: Vec::new() }
    }

    /// A file of this name follows. The one before has been ended.
    pub(crate) fn begin(&mut self, name: &str) -> Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(LEVEL))
            .large_file(true);
        self.zip.start_file(name, options).map_err(broken)?;
        self.open = Open { name: name.to_owned(), ..Open::default() };
        Ok(())
    }

    /// Adds these bytes to it.
    pub(crate) async fn add(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let fits = bytes.len().min(PIECE - self.open.gathered.len());
            let (now, rest) = bytes.split_at(fits);
            self.open.gathered.extend_from_slice(now);
            bytes = rest;
            if self.open.gathered.len() == PIECE {
                self.pack().await?;
            }
        }
        Ok(())
    }

    /// Adds rows, so many.
    pub(crate) async fn add_rows(&mut self, text: &str, rows: u64) -> Result<()> {
        *self.open.rows.get_or_insert(0) += rows;
        self.add(text.as_bytes()).await
    }

    /// Says that it has rows, were it none.
    pub(crate) fn has_rows(&mut self) {
        self.open.rows.get_or_insert(0);
    }

    /// The file is complete.
    pub(crate) async fn end(&mut self) -> Result<()> {
        self.pack().await?;
        self.packed().await?;
        let Open { name, sum, bytes, rows, .. } = std::mem::take(&mut self.open);
        self.entries.push(Entry { name, rows, bytes, sha256: Hash(sum.finalize().into()) });
        Ok(())
    }

    /// Files that are complete.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Nothing follows.
    pub(crate) async fn finish(mut self) -> Result<Written> {
        let zip = self.zip;
        let done = spawn_blocking(move || zip.finish().map(drop)).await;
        done.map_err(|_| BROKE)?.map_err(broken)?;
        let packed = self.sink.take();
        self.sum.update(&packed);
        self.bytes += packed.len() as u64;
        self.to.write(packed).await?;
        self.to.finish().await?;
        Ok(Written { bytes: self.bytes, sum: self.sum.finalize().into() })
    }

    /// Leaves nothing.
    pub(crate) async fn abort(self) -> Result<()> {
        self.to.abort().await
    }

    /// On a thread of its own: packing keeps no request waiting.
    async fn pack(&mut self) -> Result<()> {
        self.packed().await?;
        let spare = std::mem::take(&mut self.spare);
        let bytes = std::mem::replace(&mut self.open.gathered, spare);
        let empty = ZipWriter::new_stream(Sink::default());
        let mut zip = std::mem::replace(&mut self.zip, empty);
        let mut sum = self.open.sum.clone();
        self.open.bytes += bytes.len() as u64;
        self.packing = Some(spawn_blocking(move || {
            sum.update(&bytes);
            let packed = zip.write_all(&bytes);
            packed.map(|()| (zip, sum, bytes))
        }));
        Ok(())
    }

    /// Waits for the piece that is being packed, and sends it on.
    async fn packed(&mut self) -> Result<()> {
        let Some(packing) = self.packing.take() else { return Ok(()) };
        (self.zip, self.open.sum, self.spare) = packing.await.map_err(|_| BROKE)??;
        self.spare.clear();
        let packed = self.sink.take();
        self.sum.update(&packed);
        self.bytes += packed.len() as u64;
        self.to.write(packed).await
    }
}

impl To {
    async fn write(&mut self, packed: Vec<u8>) -> Result<()> {
        match self {
            Self::File(file) => file.write(&packed).await,
            Self::Sent(to) => to.send(Ok(packed.into())).await.map_err(|_| GONE),
        }
    }

    async fn finish(self) -> Result<()> {
        match self {
            Self::File(file) => file.finish().await,
            Self::Sent(_) => Ok(()),
        }
    }

    async fn abort(self) -> Result<()> {
        match self {
            Self::File(file) => file.abort().await,
            Self::Sent(_) => Ok(()),
        }
    }
}

const GONE: Error = Error::Busy("nobody fetches it any more");
const BROKE: Error = Error::Inconsistent("packing an archive broke");

fn broken(error: zip::result::ZipError) -> Error {
    Error::Files(error.into())
}

/// Where what is packed waits to be taken.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().expect("nobody panics while they hold it"))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics while they hold it").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
