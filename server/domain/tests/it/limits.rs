//! Limits count exactly, refill evenly, and say no when they cannot count.

use crate::support::{PASSWORD, World, run, said};
use time::Duration;

#[tokio::test]
async fn of_many_tries_at_once_exactly_the_allowed_number_goes_through() {
    let world = World::new().await;
    world.person("Ada").await;
    let tries = (0..25).map(|_| world.sign_in("ada@example.com", "wrong wrong wrong"));
    let refused = futures::future::join_all(tries).await;
    let limited =
        refused.iter().filter(|t| matches!(t, Err(domain::Error::TooMany { .. }))).count();
    assert_eq!(limited, 19, "5 of 25 are free, and the sixth begins the first wait");
    let said = said(world.sign_in("ada@example.com", PASSWORD).await);
    assert_eq!(said, "Too many tries. Wait 30 seconds and try again.");
    world.clock.advance(Duration::seconds(30));
    world.sign_in("ada@example.com", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn one_account_under_attack_does_not_slow_another() {
    let world = World::new().await;
    world.person("Ada").await;
    world.person("Luc").await;
    for _ in 0..12 {
        world.sign_in("ada@example.com", "wrong wrong wrong").await.err().unwrap();
    }
    world.sign_in("luc@example.com", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_counted_is_refused() {
    let world = World::new().await;
    world.person("Ada").await;
    let mut superuser = world.superuser().await;
    run(&mut superuser, "revoke execute on all functions in schema app from probity_app").await;
    run(&mut superuser, "grant execute on function app.sign_in_of(text) to probity_app").await;
    let said = said(world.sign_in("ada@example.com", PASSWORD).await);
    assert!(said.starts_with("Probity could not do this just now"), "{said}");
}
