//! The audit log, a page at a time.

use super::{
    chain,
    filter::{Filter, be_quick, given_up},
    mark,
    read::{Of, one},
    row::Stored,
    seek::{self, Within},
};
use crate::{Cx, Error, Result, View};
use model::{
    Permission,
    audit::{AuditEntry, AuditPage, AuditQuery, Search},
    ledger::LedgerId,
    page::{Around, Page, PageSize},
};

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
    let of = Of { ledger: LedgerId::Team(cx.seat()?.id), is_whole: whole };
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
    let of = Of { ledger, is_whole: true };
    page(cx, cx.view_self().await?, of, &Filter::default(), around).await
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
    let within = Within::of((before_seq, after_seq), size.and_next().into());
    let rows = seek::rows(cx, view.sql(), of, filter, within).await?;
    let said = mark::read(&mut view, of.ledger).await?;
    drop(view);
    let mark = mark::judge(cx, said).await?;
    let cursors = (before_seq.is_some(), after_seq.is_some());
    let Page { rows, older, newer } = Page::of(rows, size, cursors, |row| row.seq.to_string());
    let oldest_first: Vec<&Stored> = rows.iter().rev().collect();
    // A chain with gaps proves nothing.
    let is_chain = of.is_whole && !filter.is_some;
    let proof = if is_chain { chain::check(cx, &oldest_first) } else { None };
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
