//! Records that fit a filter, as far as the database looks: walked from the newest or the oldest on, or led
//! to by an index of those that have one thing in common.

use super::{
    filter::{Actors, Filter},
    read::{Among, Of, stored},
    row::Stored,
};
use crate::Result;
use model::audit::{ACTOR_KINDS, Outcome};
use sqlx::PgConnection;
use uuid::Uuid;

/// Values that are followed at most, one after the other: beyond, many records have one of them.
const FOLLOWED: usize = 16;

/// What all that fits has one of, where an index leads to those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lead {
    Targets(Vec<String>),
    Actors(Vec<Uuid>),
    Kinds(Vec<String>),
    Actions(Vec<String>),
    Refused,
}

/// In which order records are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Newest,
    Oldest,
}

/// Those of a ledger that fit a filter. (A customer's own detail stands in a record as it was sent, and JSON
/// may write any letter as `\u00…`: such a record is left to the program.)
macro_rules! fitting {
    ($desc:literal, $from:literal, [$($also:literal)*], $read:expr $(, $more:expr)?) => {{
        let Read { of, filter, among, most, asked } = $read;
        let (kind, ledger) = of.ledger.parts();
        let actors = asked.actors;
        stored!(
            [$from r#"(select e.* from audit_event e where e.kind = $1 and e.ledger = $2
                and ($5::text[] is null or e.action = any($5) or ($16::text[] <> '{}' and exists (
                    select from unnest($16) g (front) where starts_with(e.action, g.front))))
                and e.action <> all($6::text[])
                and ($17::text[] = '{}' or not exists (
                    select from unnest($17) g (front) where starts_with(e.action, g.front)))
                and ($7::text is null or e.outcome = $7)
                and ($8::text[] is null or e.actor_kind = any($8) or e.actor_id = any($9::uuid[]))
                and e.actor_kind <> all($10::text[])
                and (e.actor_id is null or e.actor_id <> all($11::uuid[]))
                and ($12::text[] is null or e.target_id = any($12))
                and e.target_id <> all($13::text[])
                and ($14::timestamptz is null or e.at >= $14)
                and ($15::timestamptz is null or e.at < $15)
                and e.seq > $3 and e.seq <= $4
                and (not exists (
                    select from unnest($19::text[]) w (part)
                    where position(w.part in lower(convert_from(e.record, 'UTF8') collate "C")) = 0)
                    or position('\u00' in convert_from(e.record, 'UTF8')) > 0)
            "# $($also)* " limit $18) e"]
            ["order by e.seq" $desc " limit $18"],
            kind,
            ledger,
            among.after,
            among.to,
            asked.actions as Option<&[String]>,
            &filter.not_actions,
            filter.outcome.as_deref(),
            actors.map(|actors| actors.kinds.as_slice()) as Option<&[String]>,
            actors.map(|actors| actors.ids.as_slice()) as Option<&[Uuid]>,
            &filter.not_actors.kinds,
            &filter.not_actors.ids,
            asked.targets as Option<&[String]>,
            &filter.not_targets,
            filter.since,
            filter.until,
            &filter.groups,
            &filter.not_groups,
            most,
            &filter.fit.parts()
            $(, $more)?
        )
    }};
}

/// One after the other.
macro_rules! walked {
    ($desc:literal, ($read:expr $(, $also:literal)?)) => {
        fitting!($desc, "", [$($also)? "order by e.seq" $desc], $read)
    };
}

/// Of each value some, and of these the first. Comparing both columns at once, and in their order, leaves
/// the database no other index: it does not know what is seldom in this ledger.
macro_rules! followed {
    ($desc:literal, ($column:literal in $list:literal, $values:expr, $read:expr)) => {
        fitting!(
            $desc,
            $list,
            ["and (" $column ", e.seq) > (d.one, $3) and (" $column ", e.seq) <= (d.one, $4) order by "
             $column $desc ", e.seq" $desc],
            $read,
            $values
        )
    };
}

macro_rules! in_order {
    ($order:expr, $sql:expr, $how:ident $what:tt) => {
        match $order {
            Order::Newest => $how!(" desc", $what).fetch_all($sql).await?,
            Order::Oldest => $how!("", $what).fetch_all($sql).await?,
        }
    };
}

/// What is read of a ledger.
#[derive(Clone, Copy)]
pub(super) struct Read<'a> {
    of: Of,
    filter: &'a Filter,
    among: Among,
    /// At most so many.
    most: i64,
    asked: Asked<'a>,
}

/// Parts of a filter. What an index led by is not asked for again: the planner would take what it finds for
/// less than it is.
#[derive(Clone, Copy)]
struct Asked<'a> {
    actions: Option<&'a [String]>,
    actors: Option<&'a Actors>,
    targets: Option<&'a [String]>,
}

impl<'a> Read<'a> {
    /// At most so many of those that fit.
    pub(super) fn of(of: Of, filter: &'a Filter, among: Among, most: i64) -> Self {
        let asked = Asked {
            actions: filter.actions.as_deref(),
            actors: filter.actors.as_ref(),
            targets: filter.targets.as_deref(),
        };
        Self { of, filter, among, most, asked }
    }

    /// Without what is so where this led.
    fn led_by(mut self, lead: &Lead) -> Self {
        match lead {
            Lead::Targets(_) => self.asked.targets = None,
            Lead::Actors(_) | Lead::Kinds(_) => self.asked.actors = None,
            Lead::Actions(_) => self.asked.actions = None,
            Lead::Refused => {}
        }
        self
    }

    /// One record after the other, whatever is looked for.
    pub(super) async fn walk(self, sql: &mut PgConnection, order: Order) -> Result<Vec<Stored>> {
        Ok(in_order!(order, sql, walked(self)))
    }

    /// The same records, where these lead.
    pub(super) async fn follow(
        self,
        sql: &mut PgConnection,
        way: &[Lead],
        order: Order,
    ) -> Result<Vec<Stored>> {
        let mut rows = Vec::new();
        for lead in way {
            rows.extend(lead.follow(self.led_by(lead), &mut *sql, order).await?);
        }
        if way.len() > 1 {
            rows.sort_by_key(|row| row.seq);
            rows.dedup_by_key(|row| row.seq);
            if order == Order::Newest {
                rows.reverse();
            }
            rows.truncate(usize::try_from(self.most).unwrap_or(usize::MAX));
        }
        Ok(rows)
    }
}

impl Lead {
    fn is_short(&self) -> bool {
        FOLLOWED
            >= match self {
                Self::Targets(many) | Self::Kinds(many) | Self::Actions(many) => many.len(),
                Self::Actors(many) => many.len(),
                Self::Refused => 1,
            }
    }

    async fn follow(
        &self,
        read: Read<'_>,
        sql: &mut PgConnection,
        order: Order,
    ) -> Result<Vec<Stored>> {
        Ok(match self {
            Self::Targets(many) => in_order!(order, sql, followed("e.target_id" in
                "unnest($20::text[]) d (one) cross join lateral ", many, read)),
            Self::Actors(many) => in_order!(order, sql, followed("e.actor_id" in
                "unnest($20::uuid[]) d (one) cross join lateral ", many, read)),
            Self::Kinds(many) => in_order!(order, sql, followed("e.actor_kind" in
                "unnest($20::text[]) d (one) cross join lateral ", many, read)),
            Self::Actions(many) => in_order!(order, sql, followed("e.action" in
                "unnest($20::text[]) d (one) cross join lateral ", many, read)),
            Self::Refused => in_order!(order, sql, walked(read, "and e.outcome <> 'ok' ")),
        })
    }
}

impl Filter {
    /// Indexes that lead to all that fits. What only some may not be leads nowhere, but for the kinds of actors:
    /// there are three.
    fn ways(&self) -> Vec<Vec<Lead>> {
        let targets = self.targets.clone().map(|ids| vec![Lead::Targets(ids)]);
        let refused = self.outcome.as_deref() == Some(Outcome::Refused.name());
        let actors = self.actors.as_ref().map(|Actors { kinds, ids }| {
            let ids = Some(ids.clone()).filter(|ids| !ids.is_empty()).map(Lead::Actors);
            let kinds = Some(kinds.clone()).filter(|kinds| !kinds.is_empty()).map(Lead::Kinds);
            ids.into_iter().chain(kinds).collect()
        });
        let is_other = self.actors.is_none() && !self.not_actors.kinds.is_empty();
        let others = is_other.then(|| {
            let is_other = |kind: &&str| !self.not_actors.kinds.iter().any(|not| not == kind);
            let kinds = ACTOR_KINDS.into_iter().filter(is_other);
            vec![Lead::Kinds(kinds.map(str::to_owned).collect())]
        });
        let actions = self.actions.clone().filter(|_| self.groups.is_empty());
        let actions = actions.map(|names| vec![Lead::Actions(names)]);
        let refused = refused.then(|| vec![Lead::Refused]);
        let ways = [targets, refused, actors, others, actions].into_iter().flatten();
        ways.filter(|way: &Vec<Lead>| way.iter().all(Lead::is_short)).collect()
    }

    /// The way to the fewest records, if there is one to what fits.
    pub(super) async fn way(
        &self,
        sql: &mut PgConnection,
        of: Of,
        among: Among,
    ) -> Result<Option<Vec<Lead>>> {
        let mut ways = self.ways();
        if ways.len() < 2 {
            return Ok(ways.pop());
        }
        let mut best = None;
        for way in ways {
            let reach = reach(&mut *sql, of, among, &way).await?;
            if best.as_ref().is_none_or(|(least, _)| reach < *least) {
                best = Some((reach, way));
            }
        }
        Ok(best.map(|(_, way)| way))
    }
}

/// How far back the newest 64 reach to which a way leads; zero where there are fewer.
async fn reach(sql: &mut PgConnection, of: Of, among: Among, way: &[Lead]) -> Result<i64> {
    let (kind, ledger) = of.ledger.parts();
    let mut asked = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), false);
    for lead in way {
        match lead.clone() {
            Lead::Targets(many) => asked.0 = many,
            Lead::Actors(many) => asked.1 = many,
            Lead::Kinds(many) => asked.2 = many,
            Lead::Actions(many) => asked.3 = many,
            Lead::Refused => asked.4 = true,
        }
    }
    let reach = sqlx::query_scalar!(
        r#"with found as (
            (select s.seq from unnest($5::text[]) d (one) cross join lateral (
                select e.seq from audit_event e where e.kind = $1 and e.ledger = $2
                    and (e.target_id, e.seq) > (d.one, $3) and (e.target_id, e.seq) <= (d.one, $4)
                order by e.target_id desc, e.seq desc limit 64) s)
            union all
            (select s.seq from unnest($6::uuid[]) d (one) cross join lateral (
                select e.seq from audit_event e where e.kind = $1 and e.ledger = $2
                    and (e.actor_id, e.seq) > (d.one, $3) and (e.actor_id, e.seq) <= (d.one, $4)
                order by e.actor_id desc, e.seq desc limit 64) s)
            union all
            (select s.seq from unnest($7::text[]) d (one) cross join lateral (
                select e.seq from audit_event e where e.kind = $1 and e.ledger = $2
                    and (e.actor_kind, e.seq) > (d.one, $3) and (e.actor_kind, e.seq) <= (d.one, $4)
                order by e.actor_kind desc, e.seq desc limit 64) s)
            union all
            (select s.seq from unnest($8::text[]) d (one) cross join lateral (
                select e.seq from audit_event e where e.kind = $1 and e.ledger = $2
                    and (e.action, e.seq) > (d.one, $3) and (e.action, e.seq) <= (d.one, $4)
                order by e.action desc, e.seq desc limit 64) s)
            union all
            (select e.seq from audit_event e where $9 and e.kind = $1 and e.ledger = $2
                and e.seq > $3 and e.seq <= $4 and e.outcome <> 'ok' order by e.seq desc limit 64))
           select case when count(*) < 64 then 0 else min(f.seq) end as "seq!"
           from (select seq from found order by seq desc limit 64) f"#,
        kind,
        ledger,
        among.after,
        among.to,
        &asked.0,
        &asked.1,
        &asked.2,
        &asked.3,
        asked.4
    );
    Ok(reach.fetch_one(sql).await?)
}
