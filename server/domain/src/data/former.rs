//! Files of an earlier Probity's export that an import keeps as they came, packed and sealed, in parts.

use super::archive::Archive;
use crate::{
    Cx, Error, Result, View,
    crypto::{DataKey, Owner, Place},
};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use model::TeamId;
use sqlx::PgConnection;
use std::{
    io::{Read, Write},
    sync::Arc,
};
use uuid::Uuid;

/// Where they stand in the next export, before their names.
pub(super) const FOLDER: &str = "former/";
/// Bytes of a file in one part.
pub(super) const PART: usize = 1 << 20;

const fn place(team: Uuid) -> Place {
    Place { table: "former_file", column: "sealed", row: team }
}

/// Which part of which file it is stands in it: none can be moved.
fn head(name: &str, part: i32) -> Vec<u8> {
    [part.to_be_bytes().as_slice(), name.as_bytes(), b"\0"].concat()
}

/// Writes all of them into the next export.
pub(super) async fn copy(cx: &Cx, view: &mut View, to: &mut Archive) -> Result<()> {
    let team = cx.seat()?.id;
    let parts = sqlx::query!(
        r#"select name, part from former_file where team_id = $1 order by name collate "C", part"#,
        team.0
    )
    .fetch_all(view.sql())
    .await?;
    if parts.is_empty() {
        return Ok(());
    }
    let key = cx.deps().keyring().find(Owner::Team(team)).await?.ok_or(Error::NotFound)?;
    for at in parts {
        if at.part == 0 {
            to.begin(&format!("{FOLDER}{}", at.name))?;
        }
        let bytes = part(view.sql(), (team, &key), &at.name, at.part).await?;
        to.add(&bytes).await?;
        if bytes.len() < PART {
            to.end().await?;
        }
    }
    Ok(())
}

async fn part(
    sql: &mut PgConnection,
    (team, key): (TeamId, &Arc<DataKey>),
    name: &str,
    part: i32,
) -> Result<Vec<u8>> {
    const OTHER: Error = Error::Seal("a kept file was altered");
    let sealed = sqlx::query_scalar!(
        "select sealed from former_file where team_id = $1 and name = $2 and part = $3",
        team.0,
        name,
        part
    );
    let sealed = sealed.fetch_one(sql).await?;
    let plain = key.open(&place(team.0), &sealed)?;
    let packed = plain.strip_prefix(head(name, part).as_slice()).ok_or(OTHER)?;
    let mut bytes = Vec::new();
    DeflateDecoder::new(packed).take(PART as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A part, packed and sealed. All parts but the last are full; the last may be empty.
pub(super) fn seal(
    cx: &Cx,
    (team, key): (TeamId, &DataKey),
    name: &str,
    (part, text): (i32, &[u8]),
) -> Result<Vec<u8>> {
    let mut packed = DeflateEncoder::new(head(name, part), Compression::new(3));
    packed.write_all(text)?;
    key.seal(cx.deps().random(), &place(team.0), &packed.finish()?)
}
