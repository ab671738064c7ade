//! Reading records of a ledger as they are stored.

use super::row::Stored;
use crate::{Cx, Result};
use model::ledger::LedgerId;
use sqlx::PgConnection;

/// Which ledger is read.
#[derive(Clone, Copy)]
pub(super) struct Of {
    pub(super) ledger: LedgerId,
    /// Whether the reader sees all of it.
    pub(super) is_whole: bool,
}

/// Records as they are stored, with the names of today.
macro_rules! stored {
    ([$($from:literal)+] [$($rest:literal)+], $($given:expr),* $(,)?) => {
        sqlx::query_as!(
            Stored,
            r#"select e.kind, e.ledger, e.seq, e.record, e.sealed, e.previous_hash, e.hash, e.id, e.at,
                      e.actor_kind, e.actor_id, coalesce(p.name, k.name) as actor_name
               from "# $(+ $from)+ + r#"
               left join person p on e.actor_kind = 'person' and p.id = e.actor_id
               left join api_key k
                   on e.actor_kind = 'key' and k.team_id = e.ledger and k.id = e.actor_id "#
                $(+ $rest)+,
            $($given),*
        )
    };
}
pub(super) use stored;

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

/// The records behind `seq`, at most so many, the oldest first.
pub(super) async fn behind(
    sql: &mut PgConnection,
    ledger: LedgerId,
    seq: i64,
    most: i64,
) -> Result<Vec<Stored>> {
    let (kind, id) = ledger.parts();
    let rows = stored!(
        ["audit_event e"]["where e.kind = $1 and e.ledger = $2 and e.seq > $3 order by e.seq limit $4"],
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
    let row = stored!(
        ["audit_event e"]["where e.kind = 'team' and e.ledger = $1 and e.seq = $2"],
        team,
        seq
    );
    Ok(row.fetch_optional(sql).await?)
}
