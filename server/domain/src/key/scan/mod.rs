//! Keys in places where others can read them: found in any text, looked up, and their team warned.
//!
//! Whoever has the text has the keys in it already. So anybody may ask, and is told what verify
//! tells whoever has a key, and less of it.

mod find;
mod leak;
mod source;

pub use find::Finder;
pub use leak::dismiss_leak;

use super::{Known, verify};
use crate::{Cx, Deps, Result, limit, policy::Actor, task::Task};
use find::Sighting;
use model::{
    Limit,
    key::{KeyState, Reporter},
};
use std::sync::Arc;
use uuid::Uuid;

/// Different keys of one call.
const KEYS: usize = 100;

/// A key that was found in a text.
#[derive(Debug, Clone)]
pub struct Found {
    /// As much of it as may be shown.
    pub start: String,
    /// Where it stands, from 1; the first few.
    pub lines: Vec<u64>,
    /// Which it is, as it was when it was found; none where nothing is known of it.
    pub key: Option<Arc<Known>>,
    pub state: Option<KeyState>,
}

impl Found {
    /// Whether it worked when it was found.
    pub fn is_live(&self) -> bool {
        self.state == Some(KeyState::Working)
    }

    /// The key, if it works or may work again.
    fn usable(&self) -> Option<&Known> {
        let over = matches!(self.state, Some(KeyState::Revoked | KeyState::Ended));
        self.key.as_deref().filter(|_| !over)
    }

    /// Whether those who can rotate it hear of it.
    pub fn is_told(&self) -> bool {
        self.usable().is_some()
    }
}

/// Finds the keys in a text, and warns the teams of those that work or may work again. Of a revoked
/// key nothing is known, as of one that never was. `source`: the https address where the text was
/// found; empty where nobody says.
///
/// # Errors
/// [`Error::TooMany`](crate::Error); a sentence at `text` or `source`; when the database does not
/// answer: what was reported before that stands, and reporting it again is harmless.
pub async fn scan(cx: &Cx, text: &str, source: &str) -> Result<Vec<Found>> {
    limit::take_by_address(cx, Limit::KeyScan).await?;
    let source = source::read(source)?;
    let mut finder = Finder::new(KEYS);
    finder.read(text.as_bytes())?;
    let mut all = Vec::new();
    for sighting in finder.keys() {
        let mut found = look(cx, sighting).await?;
        if found.state == Some(KeyState::Revoked) {
            (found.key, found.state) = (None, None);
        }
        if let Some(key) = found.usable() {
            leak::report(cx, key, Reporter::Scanner, &source).await?;
        }
        all.push(found);
    }
    Ok(all)
}

/// The same for the operator, of what a finder has found: with the slug of each key's team, and
/// telling nobody.
///
/// # Errors
/// When the database does not answer.
pub async fn look_up(deps: &Deps, finder: Finder) -> Result<Vec<(Found, String)>> {
    let cx = Cx::system(deps);
    let mut all = Vec::new();
    for sighting in finder.keys() {
        let found = look(&cx, sighting).await?;
        let slug = match &found.key {
            Some(key) => slug(&cx, key.team.0).await?,
            None => String::new(),
        };
        all.push((found, slug));
    }
    Ok(all)
}

/// Warns the teams of these keys, for the operator; says how many keys that concerns.
///
/// # Errors
/// As [`scan`].
pub async fn report(deps: &Deps, found: &[Found], source: &str) -> Result<usize> {
    let (cx, source) = (Cx::system(deps), source::read(source)?);
    let keys: Vec<&Known> = found.iter().filter_map(Found::usable).collect();
    for key in &keys {
        leak::report(&cx, key, Reporter::Operator, &source).await?;
    }
    Ok(keys.len())
}

async fn look(cx: &Cx, sighting: Sighting) -> Result<Found> {
    let Sighting { hash, start, lines } = sighting;
    let key = verify::known(cx, hash).await?;
    let state = key.as_ref().map(|key| key.state(cx.now()));
    Ok(Found { start, lines, key, state })
}

async fn slug(cx: &Cx, team: Uuid) -> Result<String> {
    let mut change = cx.change_as(Task::Operator, Actor::default()).await?;
    let slug = sqlx::query_scalar!("select slug from team where id = $1", team)
        .fetch_one(change.sql())
        .await?;
    change.commit_unaudited("looking changes nothing").await?;
    Ok(slug)
}
