//! The audit log, a page at a time.

use super::{
    chain,
    filter::{Filter, be_quick, given_up},
    mark,
    row::Stored,
};
use crate::{Cx, Error, Result, View};
use model::{
    Permission,
    audit::{AuditEntry, AuditPage, AuditQuery, Search},
    ledger::LedgerId,
    page::{Around, Page, PageSize},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Records on one page, unless more or fewer are asked for.
const PAGE: PageSize = PageSize::usual(50);

/// A page of the team's audit log, newest first. Without `audit.view` it holds only the
/// caller's own records: the policy of the table sees to that.
///
/// # Errors
/// When the caller is not in the team.
pub async fn list(cx: &Cx, around: Around) -> Result<AuditPage> {
    let Around { before, after, size } = around;
    search(cx, AuditQuery { before, after, size, ..AuditQuery::default() }).await
}

/// The same of what fits a search.
///
/// # Errors
/// A sentence at `q` that names the word which is not understood, or says that it takes too long.
pub async fn search(cx: &Cx, query: AuditQuery) -> Result<AuditPage> {
    let wanted = Search::parse(&query.line()).map_err(|misread| Error::field("q", misread))?;
    found(cx, &wanted, query).await.map_err(given_up)
}

async fn found(cx: &Cx, wanted: &Search, query: AuditQuery) -> Result<AuditPage> {
    let mut view = cx.view(seen_with(cx)).await?;
    let whole = cx.seat()?.role.holds(Permission::AuditView);
    let mut filter = Filter::default();
    if !wanted.is_all() {
        be_quick(view.sql()).await?;
        filter = Filter::of(cx, view.sql(), wanted).await?;
    }
    // A chain with gaps proves nothing.
    let is_chain = whole && wanted.is_all();
    let of = Of { ledger: LedgerId::Team(cx.seat()?.id), is_chain };
    let AuditQuery { before, after, size, .. } = query;
    let around = Around { before, after, size };
    let found = page(cx, view, of, &filter, around).await?;
    Ok(AuditPage { whole, ..found })
}

/// What the caller must hold to see any of it: people see their own records without more.
fn seen_with(cx: &Cx) -> Permission {
    if cx.key().is_some() { Permission::AuditView } else { Permission::TeamView }
}

/// A page of the caller's own ledger, newest first.
///
/// # Errors
/// When nobody is signed in.
pub async fn own(cx: &Cx, around: Around) -> Result<AuditPage> {
    let ledger = LedgerId::Person(cx.person().ok_or(Error::Unauthenticated)?);
    let of = Of { ledger, is_chain: true };
    page(cx, cx.view_self().await?, of, &Filter::default(), around).await
}

/// Which ledger is read.
#[derive(Clone, Copy)]
pub(super) struct Of {
    pub(super) ledger: LedgerId,
    /// Whether what is read follows each other without gaps.
    pub(super) is_chain: bool,
}

async fn page(
    cx: &Cx,
    mut view: View,
    of: Of,
    filter: &Filter,
    around: Around,
) -> Result<AuditPage> {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<i64>().ok());
    let after_seq = number(around.after.as_deref());
    let before_seq = number(around.before.as_deref());
    let size = around.size.unwrap_or(PAGE);
    let rows =
        read(view.sql(), of, filter, (before_seq, after_seq), size.and_next().into()).await?;
    let said = mark::read(&mut view, of.ledger).await?;
    drop(view);
    let mark = mark::judge(cx, said).await?;
    let cursors = (before_seq.is_some(), after_seq.is_some());
    let Page { rows, older, newer } = Page::of(rows, size, cursors, |row| row.seq.to_string());
    let oldest_first: Vec<&Stored> = rows.iter().rev().collect();
    let proof = if of.is_chain { chain::check(cx, &oldest_first) } else { None };
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        shown.push(row.shown(cx).await?);
    }
    Ok(AuditPage { page: Page { rows: shown, older, newer }, whole: true, proof, mark })
}

/// One record, with a check of its own hash.
///
/// # Errors
/// When the caller is not in the team.
pub async fn find(cx: &Cx, seq: i64) -> Result<Option<AuditEntry>> {
    let mut view = cx.view(seen_with(cx)).await?;
    let stored = one(view.sql(), cx, seq).await?;
    let said = mark::read(&mut view, LedgerId::Team(cx.seat()?.id)).await?;
    drop(view);
    let Some(stored) = stored else { return Ok(None) };
    let Some(proof) = chain::check(cx, &[&stored]) else { return Ok(None) };
    let mark = mark::judge(cx, said).await?;
    Ok(Some(AuditEntry { row: stored.shown(cx).await?, proof, mark }))
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

/// Those of a ledger that fit a filter. (`convert_from` takes over the collation of its second argument,
/// a name, and that knows the letters of ASCII only.)
macro_rules! fitting {
    ($order:literal, $of:expr, $filter:expr, $seq:expr, $size:expr) => {
        stored!(
            r#"where e.kind = $1 and e.ledger = $2
                and ($5::text[] is null or e.action = any($5) or ($18::text[] <> '{}' and exists (
                    select from unnest($18) g (front) where starts_with(e.action, g.front))))
                and e.action <> all($6::text[])
                and ($19::text[] = '{}' or not exists (
                    select from unnest($19) g (front) where starts_with(e.action, g.front)))
                and ($7::text is null or e.outcome = $7)
                and ($8::text[] is null or e.actor_kind = any($8) or e.actor_id = any($9::uuid[]))
                and e.actor_kind <> all($10::text[])
                and (e.actor_id is null or e.actor_id <> all($11::uuid[]))
                and ($12::text[] is null or e.target_id = any($12))
                and e.target_id <> all($13::text[])
                and ($14::timestamptz is null or e.at >= $14)
                and ($15::timestamptz is null or e.at < $15)
                and ($16::text[] = '{}' or not exists (
                    select from unnest($16) w (word) where position(w.word in lower(
                        convert_from(e.record, 'UTF8') collate "default" || ' ' || coalesce(p.name, k.name, ''))) = 0))
                and ($17::text[] = '{}' or not exists (
                    select from unnest($17) w (word) where position(w.word in lower(
                        convert_from(e.record, 'UTF8') collate "default" || ' ' || coalesce(p.name, k.name, ''))) > 0))
            "# $order,
            $of.ledger.parts().0,
            $of.ledger.parts().1,
            $seq,
            $size,
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
            &$filter.words,
            &$filter.not_words,
            &$filter.groups,
            &$filter.not_groups
        )
    };
}

/// Of the records behind `seq` up to that `window` further on, those that fit, the oldest first.
pub(super) async fn window(
    sql: &mut PgConnection,
    of: Of,
    filter: &Filter,
    seq: i64,
    window: i64,
) -> Result<Vec<Stored>> {
    let rows =
        fitting!("and e.seq > $3 and e.seq <= $3 + $4 order by e.seq", of, filter, seq, window);
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

/// Rows before the one number, the newest first; or after the other, the oldest first.
async fn read(
    sql: &mut PgConnection,
    of: Of,
    filter: &Filter,
    (before, after): (Option<i64>, Option<i64>),
    size: i64,
) -> Result<Vec<Stored>> {
    if let Some(seq) = after {
        let rows = fitting!("and e.seq > $3 order by e.seq limit $4", of, filter, seq, size);
        return Ok(rows.fetch_all(sql).await?);
    }
    let seq = before.unwrap_or(i64::MAX);
    let rows = fitting!("and e.seq < $3 order by e.seq desc limit $4", of, filter, seq, size);
    Ok(rows.fetch_all(sql).await?)
}

async fn one(sql: &mut PgConnection, cx: &Cx, seq: i64) -> Result<Option<Stored>> {
    let team = cx.seat()?.id.0;
    let row = stored!("where e.kind = 'team' and e.ledger = $1 and e.seq = $2", team, seq);
    Ok(row.fetch_optional(sql).await?)
}
