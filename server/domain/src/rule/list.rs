//! Reading rules.

use super::fold;
use crate::{Cx, Error, Result, program, text, zone};
use model::{
    Permission, ProgramId, RuleId,
    page::{Page, PageSize},
    rule::{Matching, RulePage, RuleProgram, RuleQuery, RuleRow, RuleState, RulesPage},
};
use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

/// Rules on one page, unless more or fewer are asked for.
const PAGE: PageSize = PageSize::usual(50);
/// Characters of a search that are looked at.
const SEARCH: usize = 120;

/// A page of the team's rules, by keyword.
///
/// # Errors
/// [`Error::Forbidden`] without `rules.view`.
pub async fn list(cx: &Cx, query: RuleQuery) -> Result<RulesPage> {
    let mut view = cx.view(Permission::RulesView).await?;
    let (ids, around) = ids(view.sql(), cx, &query).await?;
    let page = Page::of(ids, query.size.unwrap_or(PAGE), around, |id| RuleId(*id).to_string());
    let rows = rows(view.sql(), cx, &page.rows).await?;
    let all = count(view.sql(), cx).await?;
    let programs = program::all(view.sql(), cx).await?;
    let page = Page { rows, older: page.older, newer: page.newer };
    Ok(RulesPage { page, all, programs })
}

/// One rule, and the programs that it could name.
///
/// # Errors
/// [`Error::Forbidden`] without `rules.view`.
pub async fn find(cx: &Cx, id: RuleId) -> Result<Option<RulePage>> {
    let mut view = cx.view(Permission::RulesView).await?;
    let Some(rule) = rows(view.sql(), cx, &[id.0]).await?.pop() else { return Ok(None) };
    let programs = program::all(view.sql(), cx).await?;
    Ok(Some(RulePage { rule, programs }))
}

/// What is asked for, as the database compares it. What makes no sense is left out.
struct Asked {
    team: Uuid,
    text: String,
    language: String,
    matching: &'static str,
    program: Option<Uuid>,
    enabled: Option<bool>,
}

impl Asked {
    fn of(cx: &Cx, query: &RuleQuery) -> Result<Self> {
        let typed = text::sought(&query.q, SEARCH);
        Ok(Self {
            team: cx.seat()?.id.0,
            text: fold::fold(&typed),
            language: text::sought(&query.language, SEARCH).to_ascii_lowercase(),
            matching: Matching::from_name(&query.matching).map_or("", Matching::name),
            program: query.program.parse::<ProgramId>().ok().map(|id| id.0),
            enabled: match query.enabled.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
        })
    }
}

/// One more than the page shows, nearest to the cursor first, and whether it was read from a rule on
/// or back from one. A cursor that is no rule's id is treated as none: the first page is a kind
/// answer to it.
async fn ids(
    sql: &mut PgConnection,
    cx: &Cx,
    query: &RuleQuery,
) -> Result<(Vec<Uuid>, (bool, bool))> {
    let asked = Asked::of(cx, query)?;
    let most = i64::from(query.size.unwrap_or(PAGE).and_next());
    let from = match query.after.as_deref().or(query.before.as_deref()) {
        Some(cursor) => place(sql, &asked, cursor).await?,
        None => None,
    };
    match from {
        None => Ok((forwards(sql, &asked, <_>::default(), most).await?, (false, false))),
        Some(from) if query.after.is_some() => {
            Ok((backwards(sql, &asked, from, most).await?, (false, true)))
        }
        Some(from) => Ok((forwards(sql, &asked, from, most).await?, (true, false))),
    }
}

/// Where a rule stands in the order.
async fn place(
    sql: &mut PgConnection,
    asked: &Asked,
    cursor: &str,
) -> Result<Option<(String, Uuid)>> {
    let Ok(id) = cursor.parse::<RuleId>() else { return Ok(None) };
    let folded = sqlx::query_scalar!(
        "select folded from keyword_rule where team_id = $1 and id = $2",
        asked.team,
        id.0
    )
    .fetch_optional(sql)
    .await?;
    Ok(folded.map(|folded| (folded, id.0)))
}

async fn forwards(
    sql: &mut PgConnection,
    asked: &Asked,
    (folded, id): (String, Uuid),
    most: i64,
) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from keyword_rule
         where team_id = $1 and (folded, id) > ($2, $3)
             and ($4 = '' or strpos(folded, $4) > 0) and ($5 = '' or language = $5)
             and ($6 = '' or matching = $6) and ($7::uuid is null or program_id = $7)
             and ($8::boolean is null or enabled = $8)
         order by folded, id limit $9",
        asked.team,
        folded,
        id,
        asked.text,
        asked.language,
        asked.matching,
        asked.program,
        asked.enabled,
        most
    )
    .fetch_all(sql)
    .await?;
    Ok(ids)
}

async fn backwards(
    sql: &mut PgConnection,
    asked: &Asked,
    (folded, id): (String, Uuid),
    most: i64,
) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select id from keyword_rule
         where team_id = $1 and (folded, id) < ($2, $3)
             and ($4 = '' or strpos(folded, $4) > 0) and ($5 = '' or language = $5)
             and ($6 = '' or matching = $6) and ($7::uuid is null or program_id = $7)
             and ($8::boolean is null or enabled = $8)
         order by folded desc, id desc limit $9",
        asked.team,
        folded,
        id,
        asked.text,
        asked.language,
        asked.matching,
        asked.program,
        asked.enabled,
        most
    )
    .fetch_all(sql)
    .await?;
    Ok(ids)
}

/// How many rules the team has.
pub(super) async fn count(sql: &mut PgConnection, cx: &Cx) -> Result<i32> {
    let all =
        sqlx::query_scalar!("select rules from rule_state where team_id = $1", cx.seat()?.id.0)
            .fetch_optional(sql)
            .await?;
    Ok(all.unwrap_or_default())
}

/// What a page shows of these rules, in their order.
async fn rows(sql: &mut PgConnection, cx: &Cx, ids: &[Uuid]) -> Result<Vec<RuleRow>> {
    let rows = sqlx::query!(
        r#"select r.id, r.keyword, r.matching, r.language, r.url, r.program_id,
                  p.name as "program?", r.priority, r.starts, r.ends, r.enabled, t.time_zone
           from keyword_rule r join team t on t.id = r.team_id
           left join affiliate_program p on p.team_id = r.team_id and p.id = r.program_id
           where r.team_id = $1 and r.id = any($2)
           order by array_position($2, r.id)"#,
        cx.seat()?.id.0,
        ids
    )
    .fetch_all(sql)
    .await?;
    let today = |zone: &str| zone::local(cx.now(), zone).date();
    let shown = rows.into_iter().map(|row| {
        let program = row.program_id.zip(row.program);
        let days = (row.starts, row.ends);
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Ok(RuleRow {
            id: RuleId(row.id),
            keyword: row.keyword,
            matching: Matching::from_name(&row.matching)
                .ok_or(Error::Inconsistent("an unknown way of matching"))?,
            language: row.language,
            url: row.url,
            program: program.map(|(id, name)| RuleProgram { id: ProgramId(id), name }),
            priority: row.priority,
            starts: day(row.starts),
            ends: day(row.ends),
            enabled: row.enabled,
            state: state(row.enabled, days, today(&row.time_zone)),
        })
    });
    shown.collect()
}

/// Whether a rule counts on this day.
fn state(enabled: bool, (starts, ends): (Option<Date>, Option<Date>), today: Date) -> RuleState {
    match (enabled, starts, ends) {
        (false, ..) => RuleState::Off,
        (_, Some(first), _) if today < first => RuleState::Waiting,
        (.., Some(last)) if last < today => RuleState::Over,
        _ => RuleState::On,
    }
}
