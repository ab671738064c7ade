//! Usage as a page shows it.

use super::Asked;
use crate::{Cx, Error, Result, event::rfc3339};
use model::{
    KeyId, Permission,
    place::Country,
    usage::{UsageBar, UsageOfAddress, UsageOfKey, UsagePage, UsageQuery, UsageShare},
};
use sqlx::PgConnection;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};
use time::OffsetDateTime;
use uuid::Uuid;

/// Keys that are named, and addresses.
const NAMED: i64 = 10;

/// As `key_address` calls all that are not told apart.
const OTHERS: &str = "*";

/// Usage of the team, or of one of its keys.
///
/// # Errors
/// [`Error::Forbidden`] without `usage.view`; [`Error::NotFound`] for another team's key.
pub async fn load(cx: &Cx, query: &UsageQuery) -> Result<UsagePage> {
    let mut view = cx.view(Permission::UsageView).await?;
    let asked = Asked::of(cx, query)?;
    let key = match asked.key {
        Some(id) => Some(named(view.sql(), cx, id).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    let counted = bars(view.sql(), cx, &asked).await?;
    let bars = filled(&asked, &counted);
    let accepted = bars.iter().map(|bar| bar.accepted).sum();
    let refused = bars.iter().map(|bar| bar.refused).sum();
    let (codes, countries) = shares(view.sql(), cx, &asked).await?;
    let addresses = addresses(view.sql(), cx, &asked).await?;
    let keys = match asked.key {
        Some(_) => Vec::new(),
        None => keys(view.sql(), cx, &asked).await?,
    };
    let key = key.map(|(id, name)| UsageOfKey { id: KeyId(id), name, calls: accepted, refused });
    Ok(UsagePage { key, bars, accepted, refused, codes, countries, addresses, keys })
}

async fn named(sql: &mut PgConnection, cx: &Cx, id: Uuid) -> Result<Option<(Uuid, String)>> {
    let name = sqlx::query_scalar!(
        "select name from api_key where team_id = $1 and id = $2",
        cx.seat()?.id.0,
        id
    )
    .fetch_optional(sql)
    .await?;
    Ok(name.map(|name| (id, name)))
}

struct Counted {
    at: OffsetDateTime,
    accepted: i64,
    refused: i64,
}

async fn bars(sql: &mut PgConnection, cx: &Cx, asked: &Asked) -> Result<Vec<Counted>> {
    let bars = sqlx::query_as!(
        Counted,
        r#"select date_bin(make_interval(hours => $4), hour, $3) as "at!",
                  coalesce(sum(calls) filter (where code = 'VALID'), 0)::bigint as "accepted!",
                  coalesce(sum(calls) filter (where code <> 'VALID'), 0)::bigint as "refused!"
           from key_usage
           where team_id = $1 and ($2::uuid is null or key_id = $2) and hour >= $3
           group by 1"#,
        cx.seat()?.id.0,
        asked.key,
        asked.from,
        i32::from(asked.span.step())
    )
    .fetch_all(sql)
    .await?;
    Ok(bars)
}

/// With the bars in which nothing was called.
fn filled(asked: &Asked, counted: &[Counted]) -> Vec<UsageBar> {
    let counted: HashMap<_, _> = counted.iter().map(|bar| (bar.at, bar)).collect();
    let bar = |number: u16| {
        let at = asked.from + asked.step() * i32::from(number);
        let (accepted, refused) =
            counted.get(&at).map_or((0, 0), |bar| (bar.accepted, bar.refused));
        UsageBar { from: rfc3339(at), accepted, refused }
    };
    (0..asked.span.bars()).map(bar).collect()
}

/// Calls by answer and by country, the most first.
async fn shares(
    sql: &mut PgConnection,
    cx: &Cx,
    asked: &Asked,
) -> Result<(Vec<UsageShare>, Vec<UsageShare>)> {
    let rows = sqlx::query!(
        r#"select code, country, sum(calls)::bigint as "calls!" from key_usage
           where team_id = $1 and ($2::uuid is null or key_id = $2) and hour >= $3
           group by code, country"#,
        cx.seat()?.id.0,
        asked.key,
        asked.from
    )
    .fetch_all(sql)
    .await?;
    let country = |code: &str| Country::from_code(code).map_or("Unknown", Country::name);
    let codes = rows.iter().map(|row| (row.code.as_str(), row.calls));
    let countries = rows.iter().map(|row| (country(&row.country), row.calls));
    Ok((summed(codes), summed(countries)))
}

fn summed<'a>(calls: impl Iterator<Item = (&'a str, i64)>) -> Vec<UsageShare> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for (what, calls) in calls {
        *sums.entry(what).or_default() += calls;
    }
    let share = |(what, calls): (&str, i64)| UsageShare { what: what.to_owned(), calls };
    let mut shares: Vec<UsageShare> = sums.into_iter().map(share).collect();
    shares.sort_by_key(|share| Reverse(share.calls));
    shares
}

/// Those with the most calls, and the others as one, by whole days.
async fn addresses(sql: &mut PgConnection, cx: &Cx, asked: &Asked) -> Result<Vec<UsageOfAddress>> {
    let rows = sqlx::query!(
        r#"select case when place <= $4 then address else '*' end as "address!",
                  sum(calls)::bigint as "calls!", sum(refused)::bigint as "refused!",
                  max(last_at) as "last_at!"
           from (select address, sum(calls) as calls, sum(refused) as refused,
                     max(last_at) as last_at,
                     row_number() over (order by address = '*', sum(calls) desc, address) as place
                 from key_address
                 where team_id = $1 and ($2::uuid is null or key_id = $2) and day >= $3
                 group by address) a
           group by 1 order by min(place)"#,
        cx.seat()?.id.0,
        asked.key,
        asked.from.date(),
        NAMED
    )
    .fetch_all(sql)
    .await?;
    let shown = rows.into_iter().map(|row| UsageOfAddress {
        address: Some(row.address).filter(|address| address != OTHERS),
        calls: row.calls,
        refused: row.refused,
        last_at: rfc3339(row.last_at),
    });
    Ok(shown.collect())
}

async fn keys(sql: &mut PgConnection, cx: &Cx, asked: &Asked) -> Result<Vec<UsageOfKey>> {
    let rows = sqlx::query!(
        r#"select u.key_id, k.name, u.calls as "calls!", u.refused as "refused!"
           from (select key_id,
                     coalesce(sum(calls) filter (where code = 'VALID'), 0)::bigint as calls,
                     coalesce(sum(calls) filter (where code <> 'VALID'), 0)::bigint as refused
                 from key_usage where team_id = $1 and hour >= $2
                 group by key_id order by sum(calls) desc, key_id limit $3) u
           join api_key k on k.team_id = $1 and k.id = u.key_id
           order by u.calls + u.refused desc, u.key_id"#,
        cx.seat()?.id.0,
        asked.from,
        NAMED
    )
    .fetch_all(sql)
    .await?;
    let key = |(id, name, calls, refused)| UsageOfKey { id: KeyId(id), name, calls, refused };
    Ok(rows.into_iter().map(|row| key((row.key_id, row.name, row.calls, row.refused))).collect())
}
