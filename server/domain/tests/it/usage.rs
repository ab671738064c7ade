//! How keys were used, for whoever may see it.

use crate::{permissions::new_key, support::World};
use domain::{
    Error,
    key::{self, Ask},
    usage,
};
use model::{
    Permission, Typed,
    key::NewKey,
    usage::{UsageQuery, UsageShare},
};
use time::Duration;

fn over(span: &str) -> UsageQuery {
    UsageQuery { span: span.to_owned(), ..UsageQuery::default() }
}

async fn call(world: &World, secret: &str, times: u32, scope: Option<&'static str>) {
    for _ in 0..times {
        let scopes = scope.map(Into::into).into_iter().collect();
        let ask = Ask { scopes, ..Ask::default() };
        key::verify(&world.anyone(), &Typed::new(secret), &ask).await.unwrap();
    }
    key::flush_usage(&world.deps).await.unwrap();
}

#[tokio::test]
async fn calls_stand_in_their_hour_by_key_answer_and_country() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let one = key::create(&ada, new_key()).await.unwrap();
    let two = key::create(&ada, NewKey { name: "=two".into(), ..new_key() }).await.unwrap();
    call(&world, &one.secret, 3, None).await;
    world.clock.advance(Duration::hours(2));
    call(&world, &one.secret, 2, Some("a")).await;
    call(&world, &two.secret, 4, None).await;

    let ada = world.again(&ada, &ada).await;
    let day = usage::load(&ada, &over("24h")).await.unwrap();
    assert_eq!((day.accepted, day.refused, day.bars.len()), (7, 2, 24));
    let bars: Vec<_> = day.bars.iter().rev().take(3).map(|b| (b.accepted, b.refused)).collect();
    assert_eq!(bars, [(4, 2), (0, 0), (3, 0)]);
    assert_eq!(day.bars[23].from, "2026-11-22T10:00:00Z");
    let share = |what: &str, calls| UsageShare { what: what.to_owned(), calls };
    assert_eq!(day.codes, [share("VALID", 7), share("INSUFFICIENT_SCOPE", 2)]);
    assert_eq!(day.countries, [share("Unknown", 9)]);
    let keys: Vec<_> = day.keys.iter().map(|k| (k.name.as_str(), k.calls, k.refused)).collect();
    assert_eq!(keys, [("billing-sync", 3, 2), ("=two", 4, 0)]);

    for (span, bars) in [("7d", 28), ("30d", 30), ("90d", 90), ("nonsense", 24)] {
        let page = usage::load(&ada, &over(span)).await.unwrap();
        assert_eq!((page.bars.len(), page.accepted + page.refused), (bars, 9), "{span}");
    }
    let of_one = UsageQuery { key: one.id.to_string(), ..over("24h") };
    let of_one = usage::load(&ada, &of_one).await.unwrap();
    assert_eq!((of_one.accepted, of_one.refused), (3, 2));
    assert!(of_one.keys.is_empty() && of_one.key.unwrap().name == "billing-sync");

    let (name, text) = usage::csv(&ada, &over("24h")).await.unwrap();
    assert_eq!(name, "usage-halden-24h.csv");
    assert_eq!(text.lines().next(), Some("hour,key_id,key,code,country,calls"));
    assert_eq!(text.lines().count(), 4);
    assert!(text.contains(",\"'=two\",\"VALID\",\"\",\"4\"\r\n"), "{text}");

    world.clock.advance(Duration::days(2));
    let ada = world.again(&ada, &ada).await;
    let later = usage::load(&ada, &over("24h")).await.unwrap();
    assert_eq!((later.accepted, later.refused), (0, 0));
}

#[tokio::test]
async fn only_who_may_sees_it_and_of_another_team_nobody() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap();
    call(&world, &made.secret, 1, None).await;
    let blind = world.role(&ada, "Blind", "keys.view").await;
    let blind = world.holder(&ada, &blind).await;
    for refused in [
        usage::load(&blind, &over("24h")).await.map(drop),
        usage::csv(&blind, &over("24h")).await.map(drop),
    ] {
        assert!(matches!(refused, Err(Error::Forbidden(Permission::UsageView))));
    }
    let theirs = world.team(&world.person("Mallory").await, "Mal").await;
    assert_eq!(usage::load(&theirs, &over("24h")).await.unwrap().accepted, 0);
    for key in [made.id.to_string(), "key_1".to_owned()] {
        let of = UsageQuery { key, ..over("24h") };
        assert!(matches!(usage::load(&theirs, &of).await, Err(Error::NotFound)));
    }
}
