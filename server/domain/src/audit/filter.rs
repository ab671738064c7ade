//! What is looked for in a ledger, in the database's words.

use super::{
    fit::{Fit, Sought},
    term::Terms,
};
use crate::{Cx, Error, Result, zone};
use model::{
    KeyId, PersonId,
    audit::{Search, SoughtActor},
};
use serde::Serialize;
use sqlx::PgConnection;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// How long one search may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// Every part that is empty, or none, lets everything through.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// Whether anything is looked for.
    pub(super) is_some: bool,
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
    /// What the database is not asked for.
    pub(super) fit: Fit,
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
            is_some: !search.is_all(),
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
            fit: Fit::of(search, &named(cx, sql, &texts(search)).await?),
        })
    }
}

/// Terms of which a block must have one: of `any`, or all of one of `all`.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Group {
    any: Vec<i32>,
    all: Vec<Vec<i32>>,
}

impl Filter {
    /// What a block must have that holds what is looked for. What only some may not be is not asked for.
    pub(super) fn groups(&self, terms: &Terms) -> Vec<Group> {
        let any = |terms: Vec<i32>| Group { any: terms, all: Vec::new() };
        let mut groups: Vec<Group> =
            self.fit.words.iter().filter_map(|word| group_of(terms, word)).collect();
        let nets: Option<Vec<_>> = self.fit.nets.iter().map(|net| terms.net(*net)).collect();
        groups.extend(nets.map(|nets| any(nets.concat())));
        let countries = self.fit.countries.iter().flat_map(|one| terms.country(one.code()));
        groups.push(any(countries.collect()));
        groups.push(any(self.fit.requests.iter().map(|id| terms.request(id)).collect()));
        let actions = self.actions.iter().flatten().map(|name| terms.action(name));
        let fronts = self.groups.iter().map(|front| terms.group(front));
        groups.push(any(actions.chain(fronts).collect()));
        groups.push(any(self.outcome.iter().map(|name| terms.outcome(name)).collect()));
        groups.push(any(self.targets.iter().flatten().map(|id| terms.target(id)).collect()));
        groups.extend(self.actors.as_ref().map(|actors| {
            let kinds = actors.kinds.iter().map(|kind| terms.kind(kind));
            any(kinds.chain(actors.ids.iter().map(|id| terms.actor(*id))).collect())
        }));
        groups.retain(|group| !group.any.is_empty() || !group.all.is_empty());
        groups
    }
}

/// Of a text: itself, who has it in their name, actions that have it in their heading, and what has it as
/// its id. None if it is too short to tell.
fn group_of(terms: &Terms, word: &Sought) -> Option<Group> {
    let text = terms.sought(&word.text);
    (!text.is_empty()).then(|| {
        let id = word.text.parse::<PersonId>().map(|id| id.0);
        let id = id.or_else(|_| word.text.parse::<KeyId>().map(|id| id.0)).ok();
        let actors = word.actors.iter().copied().chain(id).map(|id| terms.actor(id));
        let actions = word.actions.iter().map(|name| terms.action(name));
        let ids = [terms.target(&word.text), terms.request(&word.text)];
        Group { any: actors.chain(actions).chain(ids).collect(), all: vec![text] }
    })
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
            SoughtActor::Name(name) => names.push(name.clone()),
        }
    }
    found.ids.extend(named(cx, sql, &names).await?.into_iter().map(|(_, id)| id));
    Ok(found)
}

/// Members and keys of the team that have one of these in their name.
async fn named(cx: &Cx, sql: &mut PgConnection, parts: &[String]) -> Result<Vec<(String, Uuid)>> {
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"select p.name as "name!", p.id as "id!"
           from member m join person p on p.id = m.person_id
           where m.team_id = $1 and exists (
               select from unnest($2::text[]) n (part) where position(lower(n.part) in lower(p.name)) > 0)
           union all
           select k.name, k.id from api_key k
           where k.team_id = $1 and exists (
               select from unnest($2::text[]) n (part) where position(lower(n.part) in lower(k.name)) > 0)"#,
        cx.seat()?.id.0,
        parts
    )
    .fetch_all(sql)
    .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.id)).collect())
}

fn texts(search: &Search) -> Vec<String> {
    [&*search.words, &*search.not_words].concat()
}

/// From here on until the end of the transaction, a search that takes too long is given up; and each is
/// planned for what it looks for.
pub(super) async fn be_quick(sql: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        r#"select set_config('statement_timeout', $1, true) as "a!",
                  set_config('plan_cache_mode', 'force_custom_plan', true) as "b!""#,
        PATIENCE.as_millis().to_string()
    )
    .fetch_one(sql)
    .await?;
    Ok(())
}

/// What whoever searches is told of a search that was given up.
pub(super) fn given_up(error: Error) -> Error {
    const CANCELED: &str = "57014";
    if error.is_code(CANCELED) { too_long() } else { error }
}

pub(super) fn too_long() -> Error {
    Error::field(
        "q",
        "This takes longer than two seconds. Look for less: an action, an actor, some days.",
    )
}
