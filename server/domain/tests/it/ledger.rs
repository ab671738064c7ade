//! Nothing changes without a record, and no record changes.

use crate::{
    permissions::new_key,
    support::{World, insert_key, refusal, run, try_run},
};
use domain::{audit, crypto::Owner, key, team};
use model::{AuditAction, audit::Origin, page::Around};

#[tokio::test]
async fn a_change_without_its_audit_event_is_refused_at_commit() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let id = team::card(&world.team(&ada, "Halden").await).unwrap().id;
    let mut raw = world.raw("probity_app", id, &ada).await;
    let insert = insert_key(id, &ada);
    run(&mut raw, "begin").await;
    run(&mut raw, &insert).await;
    assert_eq!(refusal(&mut raw, "commit").await, "a change to api_key without its audit event");
}

#[tokio::test]
async fn a_record_cannot_name_somebody_else() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let id = team::card(&world.team(&ada, "Halden").await).unwrap().id;
    let mut raw = world.raw("probity_app", id, &ada).await;
    let record =
        "{\"actor\":{\"kind\":\"person\",\"id\":\"00000000-0000-0000-0000-000000000001\"}}";
    let append = format!("select app.append('team', '{}', '{record}'::bytea, null)", id.0);
    assert_eq!(refusal(&mut raw, &append).await, "a record names somebody else as its actor");
}

#[tokio::test]
async fn records_can_be_altered_by_nobody_not_even_a_superuser_in_passing() {
    let world = World::new().await;
    world.team(&world.person("Ada").await, "Halden").await;
    let mut superuser = world.superuser().await;
    for sql in [
        "update audit_event set seq = 99",
        "delete from audit_event",
        "truncate audit_event",
        "set session_replication_role = replica; delete from audit_event",
    ] {
        assert_eq!(refusal(&mut superuser, sql).await, "records of a ledger cannot be altered");
    }
}

#[tokio::test]
async fn many_changes_at_once_make_one_unbroken_chain() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let changes = (0..40).map(|_| key::create(&team, new_key()));
    let mut numbers: Vec<i64> = futures::future::join_all(changes)
        .await
        .into_iter()
        .map(|key| key.unwrap().record)
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (2..=41).collect::<Vec<_>>());
    let page = audit::list(&team, Around::default()).await.unwrap();
    let proof = page.proof.unwrap();
    assert_eq!((proof.from, proof.to, proof.broken_at), (1, 41, None));
    assert_eq!(page.page.rows[0].action, AuditAction::KeyCreate.name());
}

#[tokio::test]
async fn a_forged_record_is_found_by_its_number() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    for _ in 0..3 {
        key::create(&team, new_key()).await.unwrap();
    }
    let mut superuser = world.superuser().await;
    run(&mut superuser, "alter table audit_event disable trigger all").await;
    for (forgery, found_at) in [
        ("update audit_event set record = record || ' '::bytea where seq = 3", 3),
        ("update audit_event set previous_hash = hash where seq = 2", 2),
        ("update audit_event set sealed = sealed || ' '::bytea where seq = 4", 4),
        ("update audit_event set sealed = null where seq = 4", 4),
        ("delete from audit_event where kind = 'team' and seq = 2", 3),
    ] {
        let backup = "create table backup as select * from audit_event";
        run(&mut superuser, backup).await;
        assert!(try_run(&mut superuser, forgery).await.unwrap() > 0);
        let page = audit::list(&team, Around::default()).await.unwrap();
        assert_eq!(page.proof.unwrap().broken_at, Some(found_at), "{forgery}");
        let restore = "delete from audit_event; insert into audit_event select * from backup;
                       drop table backup";
        run(&mut superuser, restore).await;
    }
    assert_eq!(audit::list(&team, Around::default()).await.unwrap().proof.unwrap().broken_at, None);
}

#[tokio::test]
async fn a_sealed_part_that_does_not_open_is_shown_as_that() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    key::create(&team, new_key()).await.unwrap();
    let mut superuser = world.superuser().await;
    run(&mut superuser, "alter table audit_event disable trigger all").await;
    run(&mut superuser, "update audit_event set sealed = sealed || ' '::bytea where seq = 1").await;
    let page = audit::list(&team, Around::default()).await.unwrap();
    let told: Vec<_> = page.page.rows.iter().map(|row| (row.origin, row.ip.is_empty())).collect();
    assert_eq!(told, [(Origin::Known, false), (Origin::Altered, true)]);
    assert_eq!(page.proof.unwrap().broken_at, Some(1));
}

#[tokio::test]
async fn erasing_a_person_leaves_the_chain_whole() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let team = world.team(&ada, "Halden").await;
    let before = audit::find(&team, 1).await.unwrap().unwrap();
    assert!(before.row.ip.starts_with("10.") && before.row.agent == "Test/1");
    world.deps.keyring().destroy(Owner::Person(ada.person().unwrap())).await.unwrap();
    let after = audit::list(&team, Around::default()).await.unwrap();
    let row = &after.page.rows[0];
    assert_eq!((row.ip.as_str(), row.agent.as_str(), row.origin), ("", "", Origin::Erased));
    assert_eq!(after.proof.unwrap().broken_at, None);
}

#[tokio::test]
async fn pages_lead_to_older_records_and_back() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    for _ in 0..60 {
        key::create(&team, new_key()).await.unwrap();
    }
    let first = audit::list(&team, Around::default()).await.unwrap().page;
    assert_eq!((first.rows.len(), first.newer.as_deref()), (50, None));
    let older = Around { before: first.older.clone(), ..Around::default() };
    let second = audit::list(&team, older).await.unwrap().page;
    assert_eq!((second.rows.len(), second.older), (11, None));
    let newer = Around { after: second.newer, ..Around::default() };
    assert_eq!(audit::list(&team, newer).await.unwrap().page.rows, first.rows);
}
