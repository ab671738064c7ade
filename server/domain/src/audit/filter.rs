//! What is looked for in a ledger, in the database's words.

use crate::{Cx, Error, Result, key, zone};
use model::{
    KeyId, PersonId,
    audit::{Search, SoughtActor},
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// How long one search may keep the database busy, in milliseconds.
const PATIENCE: &str = "2000";

/// Every part that is empty, or none, lets everything through.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub(super) actions: Option<Vec<String>>,
    pub(super) not_actions: Vec<String>,
    pub(super) outcome: Option<String>,
    pub(super) actors: Option<Actors>,
    pub(super) not_actors: Actors,
    pub(super) targets: Option<Vec<String>>,
    pub(super) not_targets: Vec<String>,
    pub(super) since: Option<OffsetDateTime>,
    pub(super) until: Option<OffsetDateTime>,
    pub(super) words: Vec<String>,
    pub(super) not_words: Vec<String>,
}

/// Whoever is of one of these kinds, or one of these.
#[derive(Debug, Default, Clone)]
pub(super) struct Actors {
    pub(super) kinds: Vec<String>,
    pub(super) ids: Vec<Uuid>,
}

impl Filter {
    /// Days begin where the clocks of `zone` say, and names are those of today.
    pub(super) async fn of(cx: &Cx, sql: &mut PgConnection, search: &Search) -> Result<Self> {
        let zone = cx.viewer().map_or("UTC", |viewer| viewer.zone.as_str());
        let names = |actions: &[model::AuditAction]| -> Vec<String> {
            actions.iter().map(|action| action.name().to_owned()).collect()
        };
        let edges = |days: &[model::audit::Day]| -> Vec<OffsetDateTime> {
            let begins = days.iter().filter_map(|at| match at.next {
                true => zone::midnight_after(&at.day, zone),
                false => zone::midnight(&at.day, zone),
            });
            begins.collect()
        };
        let some = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
        let actors = match search.actors.is_empty() {
            true => None,
            false => Some(actors(cx, sql, &search.actors).await?),
        };
        Ok(Self {
            actions: search.actions.as_deref().map(names),
            not_actions: names(&search.not_actions),
            outcome: search.outcome.map(|outcome| outcome.name().to_owned()),
            actors,
            not_actors: actors_or_none(cx, sql, &search.not_actors).await?,
            targets: some(&search.targets),
            not_targets: search.not_targets.clone(),
            since: edges(&search.since).into_iter().max(),
            until: edges(&search.until).into_iter().min(),
            words: search.words.clone(),
            not_words: search.not_words.clone(),
        })
    }
}
