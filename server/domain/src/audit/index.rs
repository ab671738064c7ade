//! Blocks of records with the terms of what stands in them, so that searches find it.

use super::{row::Stored, seek::BLOCK, term::Terms};
use crate::{Cx, Deps, Error, Result, policy::Actor, task::Task};
use model::TeamId;
use uuid::Uuid;

/// Blocks of a ledger in one run: the others come next time.
const BLOCKS: i64 = 200;
/// Ledgers in one run.
const LEDGERS: i64 = 2_000;
/// Blocks that are made in one transaction.
const STEP: i64 = 16;

/// A ledger with blocks that are full and not made yet.
struct Due {
    team: Uuid,
    /// Blocks that are made, and that are full.
    made: i64,
    full: i64,
}

/// Makes blocks of what has gathered.
///
/// # Errors
/// When the database or the keyring does not answer: then searches read what is new record by record.
pub async fn index(deps: &Deps) -> Result<()> {
    some(deps).await.map(drop)
}

/// The same until none is left; how many there were.
///
/// # Errors
/// As [`index`]. What was made stays.
pub async fn index_all(deps: &Deps) -> Result<i64> {
    let mut all = 0;
    loop {
        match some(deps).await? {
            0 => return Ok(all),
            made => all += made,
        }
    }
}

async fn some(deps: &Deps) -> Result<i64> {
    let cx = Cx::system(deps);
    let mut made = 0;
    for due in due(&cx).await? {
        let terms = match Terms::of(&cx, TeamId(due.team)).await {
            // The team is being deleted: nobody searches in its ledger.
            Err(Error::Destroyed) => continue,
            terms => terms?,
        };
        let until = due.full.min(due.made + BLOCKS);
        for first in (due.made..until).step_by(usize::try_from(STEP).unwrap_or(1)) {
            blocks(&cx, &terms, due.team, first..until.min(first + STEP)).await?;
        }
        made += until - due.made;
    }
    Ok(made)
}

async fn due(cx: &Cx) -> Result<Vec<Due>> {
    let mut change = cx.change_as(Task::AuditIndex, Actor::default()).await?;
    let rows = sqlx::query_as!(
        Due,
        r#"select h.ledger as team, coalesce(b.block + 1, 0) as "made!", h.seq / $1 as "full!"
           from ledger_head h
           left join lateral (
               select block from audit_block b where b.team_id = h.ledger
               order by block desc limit 1) b on true
           where h.kind = 'team' and h.seq / $1 > coalesce(b.block + 1, 0) limit $2"#,
        BLOCK,
        LEDGERS
    );
    Ok(rows.fetch_all(change.sql()).await?)
}

/// Makes these blocks. Another program may have made them meanwhile: it made the same.
async fn blocks(cx: &Cx, terms: &Terms, team: Uuid, range: std::ops::Range<i64>) -> Result<()> {
    let actor = Actor { team: Some(team), ..Actor::default() };
    let mut change = cx.change_as(Task::AuditIndex, actor).await?;
    let rows = sqlx::query_as!(
        Stored,
        r#"select kind, ledger, seq, record, sealed, previous_hash, hash, id, at, actor_kind, actor_id,
                  null::text as actor_name
           from audit_event
           where kind = 'team' and ledger = $1 and seq > $2 and seq <= $3 order by seq"#,
        team,
        range.start * BLOCK,
        range.end * BLOCK
    )
    .fetch_all(change.sql())
    .await?;
    for rows in rows.chunk_by(|one, next| (one.seq - 1) / BLOCK == (next.seq - 1) / BLOCK) {
        let times = rows.iter().map(|row| row.at);
        let (Some(first), Some(last)) = (times.clone().min(), times.max()) else { continue };
        sqlx::query!(
            "insert into audit_block (team_id, block, first_at, last_at, terms)
             values ($1, $2, $3, $4, $5) on conflict do nothing",
            team,
            (rows[0].seq - 1) / BLOCK,
            first,
            last,
            &terms.all(cx, rows).await?
        )
        .execute(change.sql())
        .await?;
    }
    change.commit_unaudited("where something stands in a ledger is no change to it").await
}
