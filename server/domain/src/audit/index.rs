//! Blocks of records with the terms of what stands in them, so that searches find it.

use super::{row::Stored, seek::BLOCK, term::Terms};
use crate::{Change, Cx, Deps, Error, Result, policy::Actor, task::Task};
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

/// What came of making blocks anew.
pub(crate) struct Anew {
    pub(crate) made: i64,
    /// Whether no other is left.
    pub(crate) is_all: bool,
}

/// Makes blocks of a team anew that were made with another version of its data key than the present one.
///
/// # Errors
/// As [`index`]. What was made stays.
pub(crate) async fn index_anew(cx: &Cx, team: Uuid) -> Result<Anew> {
    let terms = Terms::of(cx, TeamId(team)).await?;
    let (mut made, mut after) = (0, -1);
    while made < BLOCKS {
        let mut change = begin(cx, team).await?;
        let old = sqlx::query_scalar!(
            "select block from audit_block
             where team_id = $1 and block > $2 and key_id is distinct from $3 order by block limit $4",
            team,
            after,
            terms.version(),
            STEP
        )
        .fetch_all(change.sql())
        .await?;
        let Some(last) = old.last() else { return Ok(Anew { made, is_all: true }) };
        after = *last;
        for block in &old {
            let rows = records(&mut change, team, *block..block + 1).await?;
            sqlx::query!(
                "update audit_block set terms = $1, key_id = $2 where team_id = $3 and block = $4",
                &terms.all(cx, &rows).await?,
                terms.version(),
                team,
                block
            )
            .execute(change.sql())
            .await?;
        }
        change.commit_unaudited("where something stands in a ledger is no change to it").await?;
        made += i64::try_from(old.len()).unwrap_or(i64::MAX);
    }
    Ok(Anew { made, is_all: false })
}

async fn begin(cx: &Cx, team: Uuid) -> Result<Change> {
    cx.change_as(Task::AuditIndex, Actor { team: Some(team), ..Actor::default() }).await
}

/// The records of these blocks.
async fn records(
    change: &mut Change,
    team: Uuid,
    blocks: std::ops::Range<i64>,
) -> Result<Vec<Stored>> {
    let rows = sqlx::query_as!(
        Stored,
        r#"select kind, ledger, seq, record, sealed, previous_hash, hash, id, at, actor_kind, actor_id,
                  null::text as actor_name
           from audit_event
           where kind = 'team' and ledger = $1 and seq > $2 and seq <= $3 order by seq"#,
        team,
        blocks.start * BLOCK,
        blocks.end * BLOCK
    );
    Ok(rows.fetch_all(change.sql()).await?)
}

/// Makes these blocks. Another program may have made them meanwhile: it made the same.
async fn blocks(cx: &Cx, terms: &Terms, team: Uuid, range: std::ops::Range<i64>) -> Result<()> {
    let mut change = begin(cx, team).await?;
    let rows = records(&mut change, team, range).await?;
    for rows in rows.chunk_by(|one, next| (one.seq - 1) / BLOCK == (next.seq - 1) / BLOCK) {
        let times = rows.iter().map(|row| row.at);
        let (Some(first), Some(last)) = (times.clone().min(), times.max()) else { continue };
        sqlx::query!(
            "insert into audit_block (team_id, block, first_at, last_at, terms, key_id)
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            team,
            (rows[0].seq - 1) / BLOCK,
            first,
            last,
            &terms.all(cx, rows).await?,
            terms.version()
        )
        .execute(change.sql())
        .await?;
    }
    change.commit_unaudited("where something stands in a ledger is no change to it").await
}
