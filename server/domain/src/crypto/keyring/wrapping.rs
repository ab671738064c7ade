//! How one master key wraps data keys, and where what it wrapped lies.

use super::{MasterKey, Owner};
use crate::{
    Error, Result,
    crypto::seal::{DataKey, Version, decrypt, encrypt, hmac},
    ports::{Random, random_256},
};
use futures::StreamExt;
use object_store::{ObjectStore, path::Path};
use std::collections::BTreeMap;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The folder of an instance whose master key was never rotated.
const FIRST: &str = "keys";
/// Behind the id, instead of the key, in the file of one that was destroyed for good.
const DESTROYED: &[u8] = b"destroyed";

/// Bytes of a wrapped version: its id, a nonce, 256 bits and a tag.
pub(super) const WRAPPED: usize = 16 + 12 + 32 + 16;

/// The mark that stays of a data key with this id; none when there never was one.
pub(super) fn mark(id: Option<Uuid>) -> Vec<u8> {
    [id.unwrap_or_default().as_bytes().as_slice(), DESTROYED].concat()
}

/// The id of a data key, or of one that was destroyed, as its file says.
pub(super) fn id_in(file: &[u8]) -> Option<Uuid> {
    file.first_chunk().copied().map(Uuid::from_bytes).filter(|id| !id.is_nil())
}

pub(super) fn is_mark(file: &[u8]) -> bool {
    file.get(16..) == Some(DESTROYED)
}

/// A master key with the folder of what it wraps.
#[derive(Clone)]
pub(super) struct Wrapping {
    master: MasterKey,
    folder: String,
}

impl Wrapping {
    /// As after a rotation: each master key has a folder that bears its name.
    pub(super) fn of(master: &MasterKey) -> Self {
        let sum = hmac(&master.0[..], b"name of a master key");
        let name: String = sum.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Self { master: master.clone(), folder: format!("{FIRST}-{name}") }
    }

    /// As it lies there: in the first folder, if none bears its name.
    pub(super) async fn there(store: &dyn ObjectStore, master: &MasterKey) -> Result<Self> {
        let named = Self::of(master);
        let folders = folders(store).await?;
        let is_there = |name: &str| folders.iter().any(|folder| folder == name);
        if is_there(&named.folder) {
            Ok(named)
        } else if folders.is_empty() || is_there(FIRST) {
            Ok(Self { folder: FIRST.to_owned(), ..named })
        } else {
            Err(Error::Seal("it was wrapped by another master key"))
        }
    }

    pub(super) fn name(&self) -> String {
        Self::of(&self.master).folder[FIRST.len() + 1..].to_owned()
    }

    pub(super) fn folder(&self) -> &str {
        &self.folder
    }

    pub(super) fn is_by(&self, master: &MasterKey) -> bool {
        self.master.0 == master.0
    }

    pub(super) fn path(&self, owner: &dyn std::fmt::Display) -> Path {
        Path::from(format!("{}/{owner}", self.folder))
    }

    pub(super) fn make(&self, random: &dyn Random, owner: Owner) -> Result<(DataKey, Vec<u8>)> {
        let mut id = [0; 16];
        random.fill(&mut id);
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        let key = DataKey { owner, versions: vec![Version { id, bytes: random_256(random) }] };
        let file = self.wrap(random, &key)?;
        Ok((key, file))
    }

    /// One version after the other, the present first: its id, and itself wrapped.
    pub(super) fn wrap(&self, random: &dyn Random, key: &DataKey) -> Result<Vec<u8>> {
        let mut file = Vec::with_capacity(key.versions.len() * WRAPPED);
        for Version { id, bytes } in &key.versions {
            let bound = bound_to(key.owner, *id);
            file.extend_from_slice(id.as_bytes());
            file.extend(encrypt(&self.master.0, random, &bound, bytes.as_slice())?);
        }
        Ok(file)
    }

    /// None when it was destroyed for good.
    pub(super) fn unwrap(&self, owner: Owner, file: &[u8]) -> Result<Option<DataKey>> {
        if is_mark(file) {
            return Ok(None);
        }
        let (parts, rest) = file.as_chunks::<WRAPPED>();
        if parts.is_empty() || !rest.is_empty() {
            return Err(Error::Seal("a data key's file is cut"));
        }
        let versions = parts.iter().map(|part| self.version(owner, part));
        Ok(Some(DataKey { owner, versions: versions.collect::<Result<_>>()? }))
    }

    fn version(&self, owner: Owner, part: &[u8; WRAPPED]) -> Result<Version> {
        let (id, body) = part.split_first_chunk::<16>().expect("it is longer than an id");
        let id = Uuid::from_bytes(*id);
        let plain = decrypt(&self.master.0, &bound_to(owner, id), body)?;
        let bytes = <[u8; 32]>::try_from(plain.as_slice())
            .map_err(|_| Error::Seal("a data key of the wrong length"))?;
        Ok(Version { id, bytes: Zeroizing::new(bytes) })
    }

    /// What lies in its folder, by name; and of each how many versions it holds, which its length tells: only
    /// a mark holds none.
    pub(super) async fn files(&self, store: &dyn ObjectStore) -> Result<BTreeMap<String, u64>> {
        let mut listed = store.list(Some(&Path::from(self.folder.as_str())));
        let mut files = BTreeMap::new();
        while let Some(file) = listed.next().await {
            let file = file?;
            let name = file.location.filename().map(str::to_owned);
            files.extend(name.map(|name| (name, file.size / WRAPPED as u64)));
        }
        Ok(files)
    }
}

/// The folders of all master keys.
pub(super) async fn folders(store: &dyn ObjectStore) -> Result<Vec<String>> {
    let found = store.list_with_delimiter(None).await?.common_prefixes;
    let names = found.iter().filter_map(|path| path.filename().map(str::to_owned));
    Ok(names.filter(|name| name.split('-').next() == Some(FIRST)).collect())
}

fn bound_to(owner: Owner, id: Uuid) -> String {
    format!("data key|{owner}|{id}")
}
