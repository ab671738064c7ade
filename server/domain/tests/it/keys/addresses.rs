//! Addresses that call: the most are told, few are kept, no call is lost or counted twice.

use super::counting::journal;
use crate::{
    permissions::new_key,
    support::{World, refusal, run},
};
use domain::{
    Cx, Deps,
    key::{self, Ask, Journal},
    team, usage,
};
use model::{
    Typed,
    usage::{UsageOfAddress, UsageQuery},
};
use std::net::{IpAddr, Ipv4Addr};
use time::Duration;

async fn call(world: &World, deps: &Deps, secret: &str, ip: IpAddr) {
    let ask = Ask { ip: Some(ip), ..Ask::default() };
    key::verify(&world.anyone_in(deps), &Typed::new(secret), &ask).await.unwrap();
    deps.settle().await; // as before each answer
}

fn number(number: u32) -> IpAddr {
    Ipv4Addr::from_bits(0xCB00_7100 + number).into()
}

/// A team, and the secret of its key.
async fn scene(world: &World) -> (Cx, String) {
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let secret = key::create(&ada, new_key()).await.unwrap().secret;
    (ada, secret)
}

async fn listed(cx: &Cx, query: UsageQuery) -> Vec<UsageOfAddress> {
    usage::load(cx, &query).await.unwrap().addresses
}

/// Rows of the table, and the calls in them.
async fn kept(world: &World) -> (i64, i64) {
    sqlx::query_as("select count(*), coalesce(sum(calls), 0)::bigint from key_address")
        .fetch_one(&mut world.superuser().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn those_that_call_most_are_told_with_what_was_refused_and_when() {
    let world = World::new().await;
    let (ada, secret) = scene(&world).await;
    let other = key::create(&ada, new_key()).await.unwrap();
    for ip in ["2001:db8:1:2::7", "2001:db8:1:2:3::", "203.0.113.7"] {
        call(&world, &world.deps, &secret, ip.parse().unwrap()).await;
    }
    // What passes no address on is of no address.
    key::verify(&world.anyone(), &Typed::new(&secret), &Ask::default()).await.unwrap();
    world.clock.advance(Duration::minutes(5));
    let lacking = Ask { ip: Some(number(7)), scopes: vec!["a".into()], ..Ask::default() };
    key::verify(&world.anyone(), &Typed::new(&other.secret), &lacking).await.unwrap();
    call(&world, &world.deps, &other.secret, number(7)).await;
    key::flush_usage(&world.deps).await.unwrap();

    let told = |address: &str, calls, refused, last_at: &str| UsageOfAddress {
        address: Some(address.to_owned()),
        calls,
        refused,
        last_at: last_at.to_owned(),
    };
    let v6 = told("2001:db8:1:2::/64", 2, 0, "2026-11-22T08:00:00Z");
    let ada = world.again(&ada, &ada).await;
    let all = listed(&ada, UsageQuery::default()).await;
    assert_eq!(all, [told("203.0.113.7", 3, 1, "2026-11-22T08:05:00Z"), v6]);
    let of_one = UsageQuery { key: other.id.to_string(), ..UsageQuery::default() };
    assert_eq!(listed(&ada, of_one.clone()).await, [told("203.0.113.7", 2, 1, &all[0].last_at)]);

    let theirs = world.team(&world.person("Mallory").await, "Mal").await;
    assert!(listed(&theirs, UsageQuery::default()).await.is_empty());
    world.clock.advance(Duration::days(8));
    let ada = world.again(&ada, &ada).await;
    let week = UsageQuery { span: "7d".into(), ..UsageQuery::default() };
    assert!(listed(&ada, week).await.is_empty());
    let month = UsageQuery { span: "30d".into(), ..UsageQuery::default() };
    assert_eq!(listed(&ada, month).await, all);
}

#[tokio::test]
async fn however_many_addresses_call_few_are_kept_and_no_call_is_lost() {
    let world = World::new().await;
    let (ada, secret) = scene(&world).await;
    for round in 0..4 {
        for one in 0..60 {
            call(&world, &world.deps, &secret, number(round * 60 + one)).await;
            call(&world, &world.deps, &secret, "198.51.100.1".parse().unwrap()).await;
        }
        key::flush_usage(&world.deps).await.unwrap();
        let (rows, calls) = kept(&world).await;
        assert!(rows <= 51, "{rows}");
        assert_eq!(calls, i64::from(round + 1) * 120);
    }
    let told = listed(&ada, UsageQuery::default()).await;
    assert_eq!(told.len(), 11, "ten, and all others");
    assert_eq!((told[0].address.as_deref(), told[0].calls), (Some("198.51.100.1"), 240));
    assert_eq!(told[10].address, None);
    assert_eq!(told.iter().map(|of| of.calls).sum::<i64>(), 480);
}

#[tokio::test]
async fn two_programs_that_make_room_at_once_lose_no_call() {
    let world = World::with(domain::Signup::Open, 8).await;
    let (_, secret) = scene(&world).await;
    let other = world.another_program().await;
    for round in 0..5 {
        for one in 0..50 {
            call(&world, &world.deps, &secret, number(round * 60 + one)).await;
            call(&world, &other, &secret, number(round * 60 + one + 10)).await;
        }
        let (here, there) = tokio::join!(key::flush_usage(&world.deps), key::flush_usage(&other));
        here.and(there).unwrap();
    }
    let (rows, calls) = kept(&world).await;
    assert_eq!(calls, 500);
    assert!(rows <= 101, "what both hold at once goes with the next batch: {rows}");
}

#[tokio::test]
async fn the_addresses_of_a_batch_are_counted_once_also_after_a_kill() {
    let world = World::new().await;
    let (_, secret) = scene(&world).await;
    let (folder, noted) = journal();
    let program = world.program_with(noted).await;
    for one in 0..60 {
        call(&world, &program, &secret, number(one)).await;
    }
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let notes = std::fs::read(&file).unwrap();
    key::flush_usage(&program).await.unwrap();
    assert_eq!(kept(&world).await.1, 60);
    // Killed between COMMIT and the end of the file, and with calls that nobody flushed.
    call(&world, &program, &secret, number(1)).await;
    drop(program);
    std::fs::write(&file, notes).unwrap();
    let next = world.program_with(Some(Journal::open(&folder).unwrap())).await;
    key::flush_usage(&next).await.unwrap();
    assert_eq!(kept(&world).await.1, 61);
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn addresses_go_after_thirty_days_and_no_request_writes_them() {
    let world = World::new().await;
    let (ada, secret) = scene(&world).await;
    for one in 0..3 {
        call(&world, &world.deps, &secret, number(one)).await;
    }
    key::flush_usage(&world.deps).await.unwrap();
    let mut superuser = world.superuser().await;
    for (one, age) in [(0, "29 days"), (1, "31 days"), (2, "1 year")] {
        let old = format!(
            "update key_address set last_at = now() - interval '{age}' where address = '{}'",
            number(one)
        );
        run(&mut superuser, &old).await;
    }
    key::sweep_usage(&world.deps).await.unwrap();
    assert_eq!(kept(&world).await, (1, 1));
    let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &ada).await;
    for write in ["delete from key_address", "update key_address set calls = 7"] {
        let refused = refusal(&mut raw, write).await;
        assert_eq!(refused, "permission denied for table key_address");
    }
    // The sweep's own policy lets it touch nothing younger.
    let mut job = world.raw("probity_job", team::card(&ada).unwrap().id, &ada).await;
    run(&mut job, "set app.task = 'usage.sweep'").await;
    run(&mut job, "delete from key_address").await;
    assert_eq!(kept(&world).await, (1, 1));
}
