//! The signed statement about a deletion, and the link to its page.

use super::held::HELD;
use crate::{
    Deps, Error, Result,
    change::Change,
    crypto::{Owner, hex, token},
    event::rfc3339,
};
use model::{
    TeamId,
    deletion::{Certificate, Removed, Stage, StageAt},
};
use secrecy::SecretString;

/// What nobody guesses who has not the letter: made of the team's id with a key of the instance's, so that
/// it stands nowhere.
pub(crate) async fn link(deps: &Deps, team: TeamId) -> Result<SecretString> {
    links(deps, team)
        .await?
        .into_iter()
        .next()
        .ok_or(Error::Inconsistent("a key without a version"))
}

/// The same of a deletion that was begun, maybe before the instance's key was renewed: by its hash.
pub(crate) async fn link_of(deps: &Deps, team: TeamId, hash: &[u8]) -> Result<SecretString> {
    let mut links = links(deps, team).await?.into_iter();
    let link = links.find(|link| token::hash(link) == hash);
    link.ok_or(Error::Inconsistent("the link of a deletion was made with a key that is gone"))
}

/// One of each version of the key.
async fn links(deps: &Deps, team: TeamId) -> Result<Vec<SecretString>> {
    let key = deps.keyring().key_of(Owner::Instance).await?;
    let links = key.derived("deletion.link", team.0.as_bytes());
    Ok(links.map(|link| hex(&link).into()).collect())
}

/// What is signed in the transaction that removes the team, with what that removes itself.
pub(super) async fn certificate(
    change: &mut Change,
    team: TeamId,
    owners: usize,
) -> Result<Certificate> {
    let instance = change.cx().deps().public_url().to_owned();
    let row = sqlx::query!(
        r#"select asked_at, confirmed_at, begun_at, key_id, key_at, access_at, files, files_at, rows_at,
                  app.at() as "now!"
           from deletion where team_id = $1"#,
        team.0
    )
    .fetch_one(change.sql())
    .await?;
    let at = |stage| match stage {
        Stage::Asked => Some(row.asked_at),
        Stage::Confirmed => Some(row.confirmed_at),
        Stage::Begun => Some(row.begun_at),
        Stage::Key => row.key_at,
        Stage::Access => row.access_at,
        Stage::Files => row.files_at,
        Stage::Rows => row.rows_at,
        Stage::Done => Some(row.now),
    };
    let stage = |stage| {
        let at = at(stage).ok_or(Error::Inconsistent("a stage was left out"))?;
        Ok(StageAt { stage, at: rfc3339(at) })
    };
    let stages: Result<Vec<StageAt>> = Stage::ALL.into_iter().map(stage).collect();
    let tables = removed(change, team, owners).await?;
    let (stages, key, files) = (stages?, row.key_id.map(|id| id.to_string()), row.files);
    Ok(Certificate { instance, team, key, stages, tables, files })
}

/// Rows of each table that had any, in our order.
async fn removed(change: &mut Change, team: TeamId, owners: usize) -> Result<Vec<Removed>> {
    let counts = sqlx::query!("select name, rows from deletion_count where team_id = $1", team.0)
        .fetch_all(change.sql())
        .await?;
    let owners = i64::try_from(owners).unwrap_or(i64::MAX);
    let with_the_team = [("member", owners), ("ledger_head", 1), ("team_deletion", 1), ("team", 1)];
    let tables = HELD.iter().map(|held| held.table).chain(["team_deletion", "team"]);
    let removed = tables.map(|table| {
        let before = counts.iter().find(|row| row.name == table).map_or(0, |row| row.rows);
        let last =
            with_the_team.iter().find(|(name, _)| *name == table).map_or(0, |(_, rows)| *rows);
        Removed { table: table.to_owned(), rows: before + last }
    });
    Ok(removed.filter(|removed| removed.rows > 0).collect())
}
