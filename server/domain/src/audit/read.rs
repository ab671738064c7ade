//! Reading records of a ledger as they are stored.

use super::{filter::Filter, row::Stored};
use crate::{Cx, Result};
use model::ledger::LedgerId;
use sqlx::PgConnection;
use uuid::Uuid;

/// Which ledger is read.
#[derive(Clone, Copy)]
pub(super) struct Of {
    pub(super) ledger: LedgerId,
    /// Whether the reader sees all of it.
    pub(super) is_whole: bool,
}

/// Records as they are stored, with the names of today.
macro_rules! stored {
    ($($rest:literal)+, $($given:expr),* $(,)?) => {
        sqlx::query_as!(
            Stored,
            r#"select e.kind, e.ledger, e.seq, e.record, e.sealed, e.previous_hash, e.hash, e.id, e.at,
                      e.actor_kind, e.actor_id, coalesce(p.name, k.name) as actor_name
               from audit_event e
               left join person p on e.actor_kind = 'person' and p.id = e.actor_id
               left join api_key k
                   on e.actor_kind = 'key' and k.team_id = e.ledger and k.id = e.actor_id "#
                $(+ $rest)+,
            $($given),*
        )
    };
}

/// Those of a ledger that fit a filter, as far as the database looks. (A customer's own detail stands in a
/// record as it was sent, and JSON may write any letter as `\u00…`: such a record is left to the program.)
macro_rules! fitting {
    ($order:literal, $of:expr, $filter:expr, $among:expr, $most:expr) => {
        stored!(
            r#"where e.kind = $1 and e.ledger = $2
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
            "# $order,
            $of.ledger.parts().0,
            $of.ledger.parts().1,
            $among.after,
            $among.to,
            $filter.actions.as_deref() as Option<&[String]>,
            &$filter.not_actions,
            $filter.outcome.as_deref(),
            $filter.actors.as_ref().map(|actors| actors.kinds.as_slice()) as Option<&[String]>,
            $filter.actors.as_ref().map(|actors| actors.ids.as_slice()) as Option<&[Uuid]>,
            &$filter.not_actors.kinds,
            &$filter.not_actors.ids,
            $filter.targets.as_deref() as Option<&[String]>,
            &$filter.not_targets,
            $filter.since,
            $filter.until,
            &$filter.groups,
            &$filter.not_groups,
            $most,
            &$filter.fit.parts()
        )
    };
}

/// Records that follow each other, behind one number and up to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Among {
    pub(super) after: i64,
    pub(super) to: i64,
}

impl Among {
    pub(super) const fn is_empty(self) -> bool {
        self.after >= self.to
    }

    /// Those that are in both.
    pub(super) fn cut(self, other: Self) -> Self {
        Self { after: self.after.max(other.after), to: self.to.min(other.to) }
    }

    /// So many of them, the last ones or the first ones, and the others.
    pub(super) fn parted(self, many: i64, is_newest: bool) -> (Self, Self) {
        if is_newest {
            let middle = self.to.saturating_sub(many).max(self.after);
            (Self { after: middle, ..self }, Self { to: middle, ..self })
        } else {
            let middle = self.after.saturating_add(many).min(self.to);
            (Self { to: middle, ..self }, Self { after: middle, ..self })
        }
    }
}

/// Those among them that the filter lets through, as far as the database looks, the newest first.
pub(super) async fn newest(
    sql: &mut PgConnection,
    of: Of,
    filter: &Filter,
    among: Among,
    most: i64,
) -> Result<Vec<Stored>> {
    let rows = fitting!("order by e.seq desc limit $18", of, filter, among, most);
    Ok(rows.fetch_all(sql).await?)
}

/// The same, the oldest first.
pub(super) async fn oldest(
    sql: &mut PgConnection,
    of: Of,
    filter: &Filter,
    among: Among,
    most: i64,
) -> Result<Vec<Stored>> {
    let rows = fitting!("order by e.seq limit $18", of, filter, among, most);
    Ok(rows.fetch_all(sql).await?)
}

/// The records behind `seq`, at most so many, the oldest first.
pub(super) async fn behind(
    sql: &mut PgConnection,
    ledger: LedgerId,
    seq: i64,
    most: i64,
) -> Result<Vec<Stored>> {
    let (kind, id) = ledger.parts();
    let rows = stored!(
        "where e.kind = $1 and e.ledger = $2 and e.seq > $3 order by e.seq limit $4",
        kind,
        id,
        seq,
        most
    );
    Ok(rows.fetch_all(sql).await?)
}

/// One record of the team.
pub(super) async fn one(sql: &mut PgConnection, cx: &Cx, seq: i64) -> Result<Option<Stored>> {
    let team = cx.seat()?.id.0;
    let row = stored!("where e.kind = 'team' and e.ledger = $1 and e.seq = $2", team, seq);
    Ok(row.fetch_optional(sql).await?)
}
