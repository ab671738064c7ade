//! Finding the records of a page. What is looked for is read where it can stand: in the blocks that have
//! its terms, and in what is too new to be in a block.

use super::{
    filter::{Filter, PATIENCE, too_long},
    lead::{Lead, Order, Read},
    read::{Among, Of},
    row::Stored,
    term::Terms,
};
use crate::{Cx, Result};
use model::ledger::LedgerId;
use sqlx::PgConnection;
use std::{collections::VecDeque, time::Instant};
use time::OffsetDateTime;

/// Records of a block.
pub(super) const BLOCK: i64 = 64;
/// Blocks that are read at once: few at first, for most searches end soon.
const STEP: usize = 16;
const STEPS: usize = 256;
/// Blocks that are asked for at once.
const BLOCKS: usize = 512;
/// Records that are read at once where the program looks, too.
const RECORDS: i64 = 16 * BLOCK;

/// Which part of what fits is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Within {
    among: Among,
    is_newest: bool,
    most: i64,
}

impl Within {
    /// What stands before a number, the newest first, or what stands behind one, the oldest first.
    pub(super) fn of((before, after): (Option<i64>, Option<i64>), most: i64) -> Self {
        let to = before.map_or(i64::MAX, |before| before.saturating_sub(1));
        Self { among: Among { after: after.unwrap_or(0), to }, is_newest: after.is_none(), most }
    }
}

/// Records that fit: the newest first, or the oldest where those after a number are asked for.
pub(super) async fn rows(
    cx: &Cx,
    sql: &mut PgConnection,
    of: Of,
    filter: &Filter,
    within: Within,
) -> Result<Vec<Stored>> {
    let began = Instant::now();
    let order = if within.is_newest { Order::Newest } else { Order::Oldest };
    let mut places = Places::of(cx, sql, of, filter, within).await?;
    let mut found = Vec::new();
    let most = usize::try_from(within.most).unwrap_or(usize::MAX);
    while let Some(mut among) = places.next(sql).await? {
        loop {
            if filter.is_some && began.elapsed() > PATIENCE {
                return Err(too_long());
            }
            let limit = match filter.fit.is_all() {
                true => within.most.saturating_sub(i64::try_from(found.len()).unwrap_or_default()),
                false => RECORDS,
            };
            let read = Read::of(of, filter, among, limit);
            let rows = match &places.way {
                Some(way) => read.follow(sql, way, order).await?,
                None => read.walk(sql, order).await?,
            };
            let last = rows.last().map(|row| row.seq);
            let is_end = i64::try_from(rows.len()).is_ok_and(|read| read < limit);
            for row in rows {
                if filter.fit.fits(cx, &row).await? {
                    found.push(row);
                }
                if found.len() == most {
                    return Ok(found);
                }
            }
            match last {
                Some(seq) if !is_end && within.is_newest => among.to = seq - 1,
                Some(seq) if !is_end => among.after = seq,
                _ => break,
            }
        }
    }
    Ok(found)
}

/// All records among these that fit, the oldest first.
pub(super) async fn among(
    cx: &Cx,
    sql: &mut PgConnection,
    of: Of,
    filter: &Filter,
    among: Among,
) -> Result<Vec<Stored>> {
    let read = Read::of(of, filter, among, among.to - among.after);
    let mut rows = read.walk(sql, Order::Oldest).await?;
    if !filter.fit.is_all() {
        let mut fitting = Vec::with_capacity(rows.len());
        for row in rows {
            if filter.fit.fits(cx, &row).await? {
                fitting.push(row);
            }
        }
        rows = fitting;
    }
    Ok(rows)
}

/// Where it is looked, one after the other.
struct Places {
    is_newest: bool,
    /// Whether an index leads there.
    way: Option<Vec<Lead>>,
    step: usize,
    first: VecDeque<Among>,
    /// Among which records blocks that have the terms are asked for.
    asked: Option<(Asked, Among)>,
    then: Option<Among>,
}

/// What blocks must have.
struct Asked {
    groups: serde_json::Value,
    since: Option<OffsetDateTime>,
    until: Option<OffsetDateTime>,
}

impl Places {
    async fn of(
        cx: &Cx,
        sql: &mut PgConnection,
        of: Of,
        filter: &Filter,
        Within { among: all, is_newest, .. }: Within,
    ) -> Result<Self> {
        let way = match filter.fit.is_all() {
            true => filter.way(sql, of, all).await?,
            false => None,
        };
        let everywhere =
            Self { is_newest, way, step: STEP, first: [all].into(), asked: None, then: None };
        let (LedgerId::Team(team), true) = (of.ledger, of.is_whole) else { return Ok(everywhere) };
        let groups = match everywhere.way.is_some() || !filter.is_some {
            true => Vec::new(),
            false => filter.groups(&Terms::of(cx, team).await?),
        };
        if groups.is_empty() && filter.since.is_none() && filter.until.is_none() {
            return Ok(everywhere);
        }
        let span = sqlx::query!(
            r#"select first as "first!", last as "last!", indexed as "indexed!"
               from app.audit_span($1, $2)"#,
            filter.since,
            filter.until
        )
        .fetch_one(sql)
        .await?;
        // What is too new to be in a block, and what is not.
        let tail = all.cut(Among { after: span.indexed, to: i64::MAX });
        let known = all.cut(Among { after: span.first, to: span.last });
        let (near, asked) = if groups.is_empty() {
            (known, None)
        } else {
            // What is common stands near: no index finds it sooner.
            let (near, far) = known.parted(RECORDS, is_newest);
            let groups = serde_json::to_value(groups).expect("numbers become JSON");
            let asked = Asked { groups, since: filter.since, until: filter.until };
            (near, Some((asked, far)))
        };
        Ok(match is_newest {
            true => Self { first: [tail, near].into(), asked, ..everywhere },
            false => Self { first: [near].into(), asked, then: Some(tail), ..everywhere },
        })
    }

    async fn next(&mut self, sql: &mut PgConnection) -> Result<Option<Among>> {
        while self.first.is_empty()
            && let Some((asked, far)) = self.asked.take()
        {
            let blocks = asked.blocks(sql, far, self.is_newest).await?;
            let (is_end, last) = (blocks.len() < BLOCKS, blocks.last().copied());
            self.first.extend(joined(&blocks, self.step).map(|among| far.cut(among)));
            self.step = STEPS.min(self.step * 4);
            if let (false, Some(last)) = (is_end, last) {
                let rest = match self.is_newest {
                    true => Among { to: last * BLOCK, ..far },
                    false => Among { after: (last + 1) * BLOCK, ..far },
                };
                self.asked = Some((asked, rest));
            }
        }
        Ok(self.first.pop_front().or_else(|| self.then.take()))
    }
}

impl Asked {
    /// Blocks that have what is looked for, in the order in which they are read.
    async fn blocks(
        &self,
        sql: &mut PgConnection,
        far: Among,
        is_newest: bool,
    ) -> Result<Vec<i64>> {
        if far.is_empty() {
            return Ok(Vec::new());
        }
        let blocks = sqlx::query_scalar!(
            r#"select app.audit_blocks($1, $2, $3, $4, $5, $6, $7) as "block!""#,
            self.groups,
            self.since,
            self.until,
            far.after / BLOCK,
            (far.to - 1) / BLOCK,
            is_newest,
            i32::try_from(BLOCKS).unwrap_or(i32::MAX)
        );
        Ok(blocks.fetch_all(sql).await?)
    }
}

/// Blocks that stand together are read together.
fn joined(blocks: &[i64], most: usize) -> impl Iterator<Item = Among> {
    let together = blocks.chunk_by(|one, other| one.abs_diff(*other) == 1);
    together.flat_map(move |row| row.chunks(most)).filter_map(|row| {
        let (first, last) = (row.first()?.min(row.last()?), row.first()?.max(row.last()?));
        Some(Among { after: first * BLOCK, to: (last + 1) * BLOCK })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_together_in_their_order_and_not_too_many_at_once() {
        let read =
            |blocks: &[i64]| joined(blocks, STEP).map(|a| (a.after, a.to)).collect::<Vec<_>>();
        assert_eq!(read(&[9, 8, 5]), [(8 * 64, 10 * 64), (5 * 64, 6 * 64)]);
        assert_eq!(read(&[5, 8, 9]), [(5 * 64, 6 * 64), (8 * 64, 10 * 64)]);
        let many: Vec<i64> = (0..40).collect();
        assert_eq!(read(&many), [(0, 1024), (1024, 2048), (2048, 2560)]);
        assert_eq!(read(&[]), []);
    }
}
