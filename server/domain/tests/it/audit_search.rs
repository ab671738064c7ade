//! The audit log, searched as its page and programs do.

use crate::{
    permissions::new_key,
    rules::form,
    support::{World, run},
};
use domain::{Cx, account, audit, key, rule};
use model::{
    Role,
    audit::{AuditQuery, AuditRow},
    key::NewKey,
    session::Profile,
};

fn asked(q: &str) -> AuditQuery {
    AuditQuery { q: q.to_owned(), ..AuditQuery::default() }
}

async fn found(cx: &Cx, q: &str) -> Vec<AuditRow> {
    audit::search(cx, asked(q)).await.unwrap_or_else(|error| panic!("{q}: {error}")).page.rows
}

/// Actions and targets of what is found, the newest first.
async fn told(cx: &Cx, q: &str) -> Vec<String> {
    let rows = found(cx, q).await;
    rows.into_iter().map(|row| format!("{} {}", row.action, row.target)).collect()
}

async fn refused(cx: &Cx, q: &str) -> String {
    match audit::search(cx, asked(q)).await {
        Err(domain::Error::Invalid(errors)) => {
            assert_eq!(errors[0].field, "q");
            errors[0].message.clone()
        }
        other => panic!("{q}: {other:?}"),
    }
}

/// Ada's team, in which she made two keys and revoked one, and Ben one.
async fn furnished(world: &World) -> (Cx, Cx, model::KeyId) {
    let (ada, ben) = (world.person("Ada Lind").await, world.person("Ben").await);
    let ada = world.team(&ada, "Halden").await;
    let ben = world.join(&ada, &ben, Role::Admin).await;
    let made = |name: &str| NewKey { name: name.to_owned(), ..new_key() };
    let first = key::create(&ada, made("billing sync")).await.unwrap().id;
    key::create(&ada, made("Éclair")).await.unwrap();
    key::create(&ben, made("billing two")).await.unwrap();
    key::revoke(&ada, first, "").await.unwrap();
    (ada, ben, first)
}

#[tokio::test]
async fn each_field_finds_what_it_says_and_nothing_else() {
    let world = World::new().await;
    let (ada, ben, first) = furnished(&world).await;
    let all = told(&ada, "").await;
    let keys = ["key.revoke billing sync", "key.create billing two", "key.create Éclair"];
    assert_eq!(told(&ada, "action:key.*").await[..3], keys);
    assert_eq!(told(&ada, "action:key.revoke").await, ["key.revoke billing sync"]);
    assert_eq!(told(&ada, "category:keys").await.len(), 4);
    assert_eq!(told(&ada, "category:keys -action:key.create").await, ["key.revoke billing sync"]);
    assert_eq!(told(&ada, "outcome:refused").await.len(), 0);
    assert_eq!(told(&ada, "-outcome:refused").await, all);
    assert_eq!(told(&ada, "severity:warning").await.len(), 0);
    let one = [format!("target:{first}"), format!("-target:{first} action:key.*")];
    assert_eq!(told(&ada, &one[0]).await, ["key.revoke billing sync", "key.create billing sync"]);
    assert_eq!(told(&ada, &one[1]).await.len(), 2);
    let row = &found(&ada, &one[0]).await[0];
    assert_eq!(row.target_id, first.to_string());
    assert_eq!(row.actor_id, ada.person().unwrap().to_string());
    // Who: by name, by id, as oneself, by kind, and everybody but them.
    let bens = ["key.create billing two"];
    let id = model::PersonId(ben.person().unwrap().0);
    for q in ["actor:ben", "actor:\"en\" -actor:lind"] {
        assert_eq!(told(&ada, &format!("{q} action:key.*")).await, bens, "{q}");
    }
    assert_eq!(told(&ada, &format!("actor:{id} action:key.create")).await, bens);
    assert_eq!(told(&ben, "actor:me action:key.*").await, bens);
    assert_eq!(told(&ada, "-actor:me action:key.*").await, bens);
    assert_eq!(told(&ada, "actor:key").await.len(), 0);
    assert_eq!(told(&ada, "actor:nobody").await.len(), 0);
    assert_eq!(told(&ada, "actor:person").await, all);
    // Text, of the record and of a name, whatever its case.
    assert_eq!(told(&ada, "BILLING action:key.create").await.len(), 2);
    assert_eq!(told(&ada, "\"billing s\" action:key.create").await, ["key.create billing sync"]);
    assert_eq!(told(&ada, "éclair").await, ["key.create Éclair"]);
    assert_eq!(told(&ada, "ben action:key.*").await, bens);
    assert_eq!(told(&ada, "billing -sync action:key.*").await, bens);
    assert_eq!(told(&ada, "100%_\\").await.len(), 0, "no sign means anything else");
}

#[tokio::test]
async fn days_begin_on_the_clocks_of_whoever_asks() {
    let world = World::new().await;
    let (ada, ..) = furnished(&world).await;
    let all = told(&ada, "").await;
    let at = ada.now();
    let day = |days: i64| (at + time::Duration::days(days)).date().to_string();
    let (yesterday, today, tomorrow) = (day(-1), day(0), day(1));
    assert_eq!(told(&ada, &format!("created:{today}")).await, all);
    assert_eq!(told(&ada, &format!("created:>={today} created:<{tomorrow}")).await, all);
    assert_eq!(told(&ada, &format!("created:{yesterday}..{today}")).await, all);
    for none in ["created:>", "created:<"] {
        assert_eq!(told(&ada, &format!("{none}{today}")).await.len(), 0, "{none}");
    }
    assert_eq!(told(&ada, &format!("created:<={yesterday}")).await.len(), 0);
}

#[tokio::test]
async fn a_record_of_a_clock_that_was_set_back_is_found_by_its_day() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let made = key::create(&ada, new_key()).await.unwrap().id;
    world.clock.advance(time::Duration::hours(-50));
    let day = ada.now().date();
    key::revoke(&ada, made, "").await.unwrap();
    world.clock.advance(time::Duration::hours(50));
    for q in [format!("created:{day}"), format!("created:<={day}")] {
        let found = found(&ada, &q).await;
        assert_eq!(found.iter().map(|row| &*row.action).collect::<Vec<_>>(), ["key.revoke"], "{q}");
    }
}

#[tokio::test]
async fn what_is_found_is_read_page_by_page_and_proves_nothing_about_gaps() {
    let world = World::new().await;
    let (ada, ..) = furnished(&world).await;
    let size = Some(model::page::PageSize::usual(2));
    let page = async |before: Option<String>, after: Option<String>| {
        audit::search(&ada, AuditQuery { before, after, size, ..asked("action:key.*") })
            .await
            .unwrap()
    };
    let first = page(None, None).await;
    assert!(first.proof.is_none() && first.page.newer.is_none());
    let second = page(first.page.older.clone(), None).await;
    assert_eq!((second.page.rows.len(), second.page.older.clone()), (2, None));
    let back = page(None, second.page.newer.clone()).await;
    assert_eq!(back.page.rows, first.page.rows);
    let seen: Vec<i64> =
        first.page.rows.iter().chain(&second.page.rows).map(|row| row.seq).collect();
    let whole: Vec<i64> = found(&ada, "action:key.*").await.iter().map(|row| row.seq).collect();
    assert_eq!(seen, whole);
    assert!(audit::search(&ada, asked("")).await.unwrap().proof.is_some());
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_see() {
    let world = World::new().await;
    let (ada, _, first) = furnished(&world).await;
    let viewer = world.join(&ada, &world.person("Vera").await, Role::Viewer).await;
    let stranger = world.team(&world.person("Stella").await, "Other").await;
    for q in ["billing", "action:key.*", "actor:ada", "actor:person", &format!("target:{first}")] {
        assert!(told(&viewer, q).await.iter().all(|row| !row.contains("billing")), "{q}");
        assert_eq!(told(&stranger, q).await.iter().filter(|row| row.contains("key.")).count(), 0);
    }
}

#[tokio::test]
async fn a_line_that_is_not_understood_is_answered_with_the_word() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    assert!(refused(&ada, "billing acton:key.create").await.contains("“acton:key.create”"));
    assert!(refused(&ada, "created:soon").await.contains("“created:soon”"));
    for q in ["'; drop table team; --", "a\\b", "%", "\u{0}x", "é\u{301}", "((((", "&|!<->:*"] {
        let found = audit::search(&ada, asked(q)).await;
        assert!(matches!(found, Ok(_) | Err(domain::Error::Invalid(_))), "{q}: {found:?}");
    }
}

#[tokio::test]
async fn a_search_that_takes_too_long_is_given_up_and_says_so() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let mut operator = world.superuser().await;
    run(&mut operator, "begin; lock table audit_event in access exclusive mode").await;
    assert!(refused(&ada, "billing").await.contains("longer than two seconds"));
    run(&mut operator, "rollback").await;
    // Also where it is only asked who is meant.
    run(&mut operator, "begin; lock table api_key in access exclusive mode").await;
    assert!(refused(&ada, "actor:ben").await.contains("longer than two seconds"));
    run(&mut operator, "rollback").await;
    assert_eq!(told(&ada, "billing").await.len(), 0);
}

#[tokio::test]
async fn activity_is_counted_by_the_viewer_s_days_and_shown_to_who_sees_all() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    key::create(&ada, new_key()).await.unwrap();
    // 08:00 UTC on 22 November; a day on, and sixteen hours.
    world.clock.advance(time::Duration::hours(15));
    rule::create(&ada, &form("shoes")).await.unwrap();
    world.clock.advance(time::Duration::hours(2));
    rule::create(&ada, &form("boots")).await.unwrap();
    let counts = async |cx: &Cx| -> Vec<(String, i64)> {
        let days = audit::activity(cx).await.unwrap();
        assert_eq!(days.len(), 90);
        let busy = days.into_iter().filter(|day| day.records > 0);
        busy.map(|day| (day.day, day.records)).collect()
    };
    let on = |day: &str, records: i64| (day.to_owned(), records);
    assert_eq!(counts(&ada).await, [on("2026-11-22", 3), on("2026-11-23", 1)]);
    let profile = Profile {
        name: "Ada".to_owned(),
        time_zone: "Europe/Oslo".to_owned(),
        date_style: "british".to_owned(),
    };
    account::update_profile(&ada, profile).await.unwrap();
    let ada = world.again(&ada, &ada).await;
    let counted = counts(&ada).await;
    assert_eq!(counted[0], on("2026-11-22", 2), "at 23:00 UTC it is the next day in Oslo");
    assert_eq!(counted[1].0, "2026-11-23");

    let viewer = world.member(&ada, Role::Viewer).await;
    assert_eq!(audit::activity(&viewer).await.unwrap(), []);
}
