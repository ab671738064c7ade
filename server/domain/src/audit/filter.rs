//! What is looked for in a ledger, in the database's words.

use crate::{Cx, Error, Result, zone};
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
    /// Beginnings of actions.
    pub(super) groups: Vec<String>,
    pub(super) not_groups: Vec<String>,
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
        let (groups, own) = parted(&search.own_actions);
        let (not_groups, not_own) = parted(&search.not_own_actions);
        let some = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
        let not_actors = actors(cx, sql, &search.not_actors).await?;
        let actors = match search.actors.is_empty() {
            true => None,
            false => Some(actors(cx, sql, &search.actors).await?),
        };
        Ok(Self {
            actions: search.actions.as_deref().map(|known| [names(known), own].concat()),
            not_actions: [names(&search.not_actions), not_own].concat(),
            groups,
            not_groups,
            outcome: search.outcome.map(|outcome| outcome.name().to_owned()),
            actors,
            not_actors,
            targets: some(&search.targets),
            not_targets: search.not_targets.clone(),
            since: edges(&search.since).into_iter().max(),
            until: edges(&search.until).into_iter().min(),
            words: search.words.clone(),
            not_words: search.not_words.clone(),
        })
    }
}

/// Beginnings, and whole names.
fn parted(actions: &[String]) -> (Vec<String>, Vec<String>) {
    let (groups, whole): (Vec<_>, Vec<_>) =
        actions.iter().cloned().partition(|action| action.ends_with('*'));
    (groups.iter().map(|group| group.trim_end_matches('*').to_owned()).collect(), whole)
}

/// Who is meant, by id. Whoever left the team is found by id only, and a name that nobody has by nothing.
async fn actors(cx: &Cx, sql: &mut PgConnection, sought: &[SoughtActor]) -> Result<Actors> {
    let mut found = Actors::default();
    let mut names = Vec::new();
    for actor in sought {
        match actor {
            SoughtActor::Me => found.ids.extend(cx.person().map(|person| person.0)),
            SoughtActor::Kind(kind) => found.kinds.push((*kind).to_owned()),
            SoughtActor::Id(id) => {
                let person = id.parse::<PersonId>().map(|id| id.0);
                let id = person.or_else(|_| id.parse::<KeyId>().map(|id| id.0));
                found.ids.extend(id.ok());
            }
            SoughtActor::Name(name) => names.push(name.to_lowercase()),
        }
    }
    if !names.is_empty() {
        let named = sqlx::query_scalar!(
            r#"select p.id as "id!" from member m join person p on p.id = m.person_id
               where m.team_id = $1 and exists (
                   select from unnest($2::text[]) n (name) where position(n.name in lower(p.name)) > 0)
               union all
               select k.id from api_key k
               where k.team_id = $1 and exists (
                   select from unnest($2::text[]) n (name) where position(n.name in lower(k.name)) > 0)"#,
            cx.seat()?.id.0,
            &names
        )
        .fetch_all(sql)
        .await?;
        found.ids.extend(named);
    }
    Ok(found)
}

/// From here on until the end of the transaction, a search that takes too long is given up; and each is
/// planned for what it looks for.
pub(super) async fn be_quick(sql: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        r#"select set_config('statement_timeout', $1, true) as "a!",
                  set_config('plan_cache_mode', 'force_custom_plan', true) as "b!""#,
        PATIENCE
    )
    .fetch_one(sql)
    .await?;
    Ok(())
}

/// What whoever searches is told of a search that was given up.
pub(super) fn given_up(error: Error) -> Error {
    const CANCELED: &str = "57014";
    match error.is_code(CANCELED) {
        true => Error::field(
            "q",
            "This takes longer than two seconds. Look for less: an action, an actor, some days.",
        ),
        false => error,
    }
}
