//! The demo is what it says it is, and never mixes with real people.

use crate::support::{World, said};
use domain::{Signup, audit, demo, invitation, key, role};
use model::key::KeyQuery;
use model::page::Around;
use secrecy::ExposeSecret;

#[tokio::test]
async fn the_demo_is_as_large_as_promised_and_its_chains_hold() {
    let world = World::with(Signup::Invitation, 4).await;
    let mut heard = Vec::new();
    let shown = demo::fill(&world.deps, |percent| heard.push(percent)).await.unwrap();
    assert_eq!(heard.last(), Some(&100));
    let mut superuser = world.superuser().await;
    let mut count = async |sql: &'static str| -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut superuser).await.unwrap()
    };
    assert_eq!(count("select count(*) from team").await, 3);
    assert_eq!(count("select count(*) from person").await, 14);
    assert_eq!(count("select count(*) from api_key").await, 40);
    assert_eq!(count("select count(*) from keyword_rule").await, 211);
    assert_eq!(count("select count(*) from affiliate_program").await, 3);
    assert_eq!(count("select count(*) from api_key where leaked_at is not null").await, 1);
    let records = count("select count(*) from audit_event").await;
    assert!(records >= 5_000, "only {records} records");
    assert!(count("select sum(calls)::bigint from key_usage").await > 1_000);
    assert_eq!(
        count("select count(*) from audit_event where at > now() + interval '1 day'").await,
        0
    );

    assert_eq!(count("select count(*) from mail").await, 0, "nobody there exists");

    let ada = world.sign_in(&shown.email, shown.password.expose_secret()).await.unwrap();
    let team = ada.in_team(&ada.viewer().unwrap().teams[0].slug).await.unwrap();
    assert!(!key::list(&team, KeyQuery::default()).await.unwrap().rows.is_empty());
    let roles = role::list(&team).await.unwrap();
    let held: Vec<_> = roles.iter().map(|row| (row.role.name.as_str(), row.holders)).collect();
    assert_eq!(held, [("Auditor", Some(1)), ("Support", Some(1))]);
    let invited = invitation::list(&team).await.unwrap().rows;
    assert_eq!(invited.len(), 2);
    assert_eq!(invited.iter().filter(|row| row.is_over).count(), 1);
    let log = audit::list(&team, Around::default()).await.unwrap();
    assert_eq!(log.proof.unwrap().broken_at, None);
    assert_eq!(
        said(demo::fill(&world.deps, |_| {}).await),
        "There are people here already. The demo fills an empty one."
    );
}
