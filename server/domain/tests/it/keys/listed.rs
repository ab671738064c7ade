//! Which keys a list shows, and in which order.

use super::plain;
use crate::{permissions::new_key, support::World};
use domain::{Cx, key, security};
use model::{
    key::{KeyQuery, NewKey, RotateKey},
    security::SetKeys,
};
use time::Duration;

async fn names(cx: &Cx, query: KeyQuery) -> Vec<String> {
    let rows = key::list(cx, query).await.unwrap().rows;
    rows.into_iter().map(|row| row.name).collect()
}

#[tokio::test]
async fn keys_are_found_by_name_start_environment_and_state_and_sorted_in_four_ways() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let mut made = Vec::new();
    for (name, environment, days) in
        [("delta", "live", "9"), ("Alpha", "test", "never"), ("charlie", "live", "30")]
    {
        world.clock.advance(Duration::seconds(1));
        let form = NewKey {
            name: name.into(),
            environment: environment.into(),
            days: days.into(),
            ..new_key()
        };
        made.push(key::create(&ada, form).await.unwrap());
    }
    let ask = KeyQuery::default;
    let sorted = |by: &str| KeyQuery { sort: by.into(), ..KeyQuery::default() };
    assert_eq!(names(&ada, ask()).await, ["charlie", "Alpha", "delta"]);
    assert_eq!(names(&ada, sorted("name")).await, ["Alpha", "charlie", "delta"]);
    assert_eq!(names(&ada, sorted("ends")).await, ["delta", "charlie", "Alpha"]);
    plain(&world, &made[1].secret).await;
    world.clock.advance(Duration::seconds(1));
    plain(&world, &made[0].secret).await;
    key::flush_usage(&world.deps).await.unwrap();
    assert_eq!(names(&ada, sorted("used")).await, ["delta", "Alpha", "charlie"]);

    let q = |q: &str| KeyQuery { q: q.into(), ..KeyQuery::default() };
    assert_eq!(names(&ada, q("ALPH")).await, ["Alpha"]);
    let start = key::find(&ada, made[2].id).await.unwrap().unwrap().start;
    assert_eq!(names(&ada, q(&start)).await, ["charlie"]);
    key::rotate(&ada, made[2].id, &RotateKey { overlap: "1".into(), ..RotateKey::default() })
        .await
        .unwrap();
    assert_eq!(names(&ada, q(&start)).await, ["charlie"], "by its old secret, too");
    assert!(names(&ada, q("%")).await.is_empty());
    let test = KeyQuery { environment: "test".into(), ..ask() };
    assert_eq!(names(&ada, test).await, ["Alpha"]);

    key::disable(&ada, made[2].id).await.unwrap();
    key::revoke(&ada, made[0].id, "delta").await.unwrap();
    let state = |state: &str| KeyQuery { state: state.into(), ..KeyQuery::default() };
    assert_eq!(names(&ada, state("working")).await, ["Alpha"]);
    assert_eq!(names(&ada, state("disabled")).await, ["charlie"]);
    assert_eq!(names(&ada, state("revoked")).await, ["delta"]);
    assert_eq!(names(&ada, state("nonsense")).await.len(), 3);
    // A policy that ends it counts as its end.
    security::set_keys(&ada, SetKeys { days: "1".into(), ..SetKeys::default() }).await.unwrap();
    world.clock.advance(Duration::days(1));
    let ada = world.again(&ada, &ada).await;
    assert_eq!(names(&ada, state("ended")).await, ["Alpha"]);
}

#[tokio::test]
async fn pages_lead_on_and_back_in_every_order() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    for number in 0..30 {
        world.clock.advance(Duration::seconds(1));
        let days = (40 + number * 7 % 30).to_string();
        let form = NewKey { name: format!("key {:02}", number * 11 % 30), days, ..new_key() };
        key::create(&ada, form).await.unwrap();
    }
    for sort in ["made", "name", "used", "ends"] {
        let ask = KeyQuery { sort: sort.into(), ..KeyQuery::default() };
        let first = key::list(&ada, ask.clone()).await.unwrap();
        assert_eq!((first.rows.len(), &first.newer), (25, &None), "{sort}");
        let on = KeyQuery { before: first.older.clone(), ..ask.clone() };
        let second = key::list(&ada, on).await.unwrap();
        assert_eq!((second.rows.len(), &second.older), (5, &None), "{sort}");
        let back = KeyQuery { after: second.newer.clone(), ..ask };
        assert_eq!(key::list(&ada, back).await.unwrap(), first, "{sort}");
        let mut all: Vec<_> = first.rows.iter().chain(&second.rows).map(|row| row.id).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 30, "{sort}: each once");
    }
}
