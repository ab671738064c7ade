//! Which addresses call a key most, by day.
//!
//! Anybody can call from as many addresses as they like. So of a key and a day at most [`NAMED`] are
//! told apart, in memory as in the table; the others are counted together. In the table the least
//! used go to the others first, and half of the places are freed at once, so that an address that
//! begins late has time to show how much it calls. One that was among the others for a while shows
//! fewer calls than it made, never more. IPv6 counts by network, as it does for limits.

use super::add::Keys;
use crate::{Result, limit::network};
use sqlx::{Executor, PgConnection};
use std::net::IpAddr;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// Addresses of a key and a day that are told apart.
const NAMED: usize = 50;
/// How many of them stay when there are more.
const KEPT: usize = NAMED / 2;

/// Calls of a key on a day by address; none for the others.
#[derive(Debug, Default)]
pub(super) struct Addresses(Vec<(Option<IpAddr>, Hits)>);

/// Calls from an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hits {
    pub(super) calls: i64,
    pub(super) refused: i64,
    pub(super) last_at: OffsetDateTime,
}

impl Addresses {
    pub(super) fn add(&mut self, ip: IpAddr, more: Hits) {
        let who = Some(network(ip));
        let has_place = self.at(who).is_some() || self.named() < NAMED;
        let who = who.filter(|_| has_place);
        match self.at(who) {
            Some(at) => self.0[at].1.add(more),
            None => self.0.push((who, more)),
        }
    }

    fn at(&self, who: Option<IpAddr>) -> Option<usize> {
        self.0.iter().position(|(known, _)| *known == who)
    }

    fn named(&self) -> usize {
        self.0.iter().filter(|(known, _)| known.is_some()).count()
    }

    /// Those that are not told apart.
    fn others(&self) -> Option<Hits> {
        self.at(None).map(|at| self.0[at].1)
    }
}

impl Hits {
    fn add(&mut self, more: Self) {
        self.calls += more.calls;
        self.refused += more.refused;
        self.last_at = self.last_at.max(more.last_at);
    }
}

/// As the table writes it.
fn written(network: IpAddr) -> String {
    if network.is_ipv4() { network.to_string() } else { format!("{network}/64") }
}

/// What the table is given of an address.
struct Row<'a> {
    of: (Uuid, Date),
    address: String,
    hits: &'a Hits,
}

/// Adds them in the team's batch. Rows are waited for in one order always, those of the others last,
/// so that two programs cannot wait for each other.
pub(super) async fn add(sql: &mut PgConnection, team: Uuid, keys: &Keys<'_>) -> Result<()> {
    let days = keys.iter().flat_map(|(key, counted)| {
        counted.addresses.iter().map(|(day, addresses)| ((*key, *day), addresses))
    });
    let mut days: Vec<_> = days.collect();
    if days.is_empty() {
        return Ok(());
    }
    days.sort_by_key(|(of, _)| *of);
    let named = days.iter().flat_map(|(of, addresses)| {
        let named = addresses.0.iter().filter_map(|(ip, hits)| Some(((*ip)?, hits)));
        named.map(|(ip, hits)| Row { of: *of, address: written(ip), hits })
    });
    let mut named: Vec<Row<'_>> = named.collect();
    named.sort_by(|one, other| (one.of, &one.address).cmp(&(other.of, &other.address)));
    add_named(sql, team, &named).await?;
    let others: Vec<_> = days.iter().map(|(of, all)| (*of, all.others())).collect();
    add_others(sql, team, &others).await
}

async fn add_named(sql: &mut PgConnection, team: Uuid, rows: &[Row<'_>]) -> Result<()> {
    sqlx::query!(
        "insert into key_address as a (team_id, key_id, day, address, calls, refused, last_at)
         select $1, * from unnest($2::uuid[], $3::date[], $4::text[], $5::bigint[], $6::bigint[],
                                  $7::timestamptz[])
         on conflict (team_id, key_id, day, address) do update
         set calls = a.calls + excluded.calls, refused = a.refused + excluded.refused,
             last_at = greatest(a.last_at, excluded.last_at)",
        team,
        &rows.iter().map(|row| row.of.0).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.of.1).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.address.clone()).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.hits.calls).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.hits.refused).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.hits.last_at).collect::<Vec<_>>()
    )
    .execute(sql)
    .await?;
    Ok(())
}

/// Adds what was not told apart, and of these days what there is no place for in the table. What
/// another program holds is left to it: nothing is waited for here but rows of the others.
async fn add_others(
    sql: &mut PgConnection,
    team: Uuid,
    days: &[((Uuid, Date), Option<Hits>)],
) -> Result<()> {
    // A table that was small when this was planned would be read whole for each key ever after.
    sql.execute("set local enable_seqscan = off").await?;
    sqlx::query!(
        "with added as (
             select * from unnest($2::uuid[], $3::date[], $4::bigint[], $5::bigint[],
                                  $6::timestamptz[]) as t (key_id, day, calls, refused, last_at)
         ), crowded as materialized (
             select added.key_id, added.day from added cross join lateral (
                 select from key_address a
                 where a.team_id = $1 and a.key_id = added.key_id and a.day = added.day
                     and a.address <> '*' offset $7 limit 1
             ) one_too_many
         ), ranked as (
             select a.key_id, a.day, a.address, row_number() over (
                 partition by a.key_id, a.day order by a.calls desc, a.address) as place
             from crowded join key_address a using (key_id, day)
             where a.team_id = $1 and a.address <> '*'
         ), least as (
             select a.key_id, a.day, a.address
             from ranked r join key_address a using (key_id, day, address)
             where a.team_id = $1 and r.place > $8
             for update of a skip locked
         ), gone as (
             delete from key_address a using least l
             where a.team_id = $1 and (a.key_id, a.day, a.address) = (l.key_id, l.day, l.address)
             returning a.key_id, a.day, a.calls, a.refused, a.last_at
         )
         insert into key_address as a (team_id, key_id, day, address, calls, refused, last_at)
         select $1, key_id, day, '*', sum(calls)::bigint, sum(refused)::bigint, max(last_at)
         from (select * from gone union all select * from added where calls > 0) other
         group by key_id, day order by key_id, day
         on conflict (team_id, key_id, day, address) do update
         set calls = a.calls + excluded.calls, refused = a.refused + excluded.refused,
             last_at = greatest(a.last_at, excluded.last_at)",
        team,
        &days.iter().map(|((key, _), _)| *key).collect::<Vec<_>>(),
        &days.iter().map(|((_, day), _)| *day).collect::<Vec<_>>(),
        &days.iter().map(|(_, hits)| hits.map_or(0, |hits| hits.calls)).collect::<Vec<_>>(),
        &days.iter().map(|(_, hits)| hits.map_or(0, |hits| hits.refused)).collect::<Vec<_>>(),
        &days.iter().map(|(_, hits)| hits.map(|hits| hits.last_at)).collect::<Vec<_>>() as _,
        NAMED as i64,
        KEPT as i64
    )
    .execute(sql)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const ONCE: Hits = Hits { calls: 1, refused: 0, last_at: datetime!(2026-11-22 08:00 UTC) };

    #[test]
    fn so_many_addresses_are_told_apart_and_the_others_counted_together() {
        let mut addresses = Addresses::default();
        for number in 0..10_000_u32 {
            addresses.add(IpAddr::V4(number.into()), ONCE);
            addresses.add(IpAddr::V4(7.into()), Hits { refused: 1, ..ONCE });
        }
        assert_eq!(addresses.0.len(), NAMED + 1);
        let all: i64 = addresses.0.iter().map(|(_, hits)| hits.calls).sum();
        assert_eq!(all, 20_000, "no call is lost");
        let seven = Some(IpAddr::V4(7.into()));
        let most = addresses.0.iter().find(|(ip, _)| *ip == seven).unwrap().1;
        assert_eq!((most.calls, most.refused), (10_001, 10_000));
    }

    #[test]
    fn the_addresses_of_a_network_of_64_bits_are_one() {
        let mut addresses = Addresses::default();
        for ip in ["2001:db8:1:2::7", "2001:db8:1:2:ffff::", "2001:db8:1:3::7"] {
            addresses.add(ip.parse().unwrap(), ONCE);
        }
        let mut told: Vec<_> = addresses.0.iter().map(|(ip, _)| written(ip.unwrap())).collect();
        told.sort();
        assert_eq!(told, ["2001:db8:1:2::/64", "2001:db8:1:3::/64"]);
        assert_eq!(written("203.0.113.7".parse().unwrap()), "203.0.113.7");
    }
}
