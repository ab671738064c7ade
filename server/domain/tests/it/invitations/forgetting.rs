//! Whoever was invited and did not come is not kept.

use super::{invite, only};
use crate::support::{World, refusal, run, said};
use domain::{Cx, Deps, audit, invitation};
use model::page::Around;
use time::Duration;

/// Addresses of the team's invitations, and how they ended.
async fn all(world: &World) -> Vec<(String, Option<String>)> {
    sqlx::query_as("select email, outcome from invitation order by sent_at, id")
        .fetch_all(&mut world.superuser().await)
        .await
        .unwrap()
}

async fn forgets(deps: &Deps, world: &World) -> usize {
    invitation::forget_old(deps).await.unwrap();
    all(world).await.iter().filter(|(email, _)| email.ends_with("@invalid")).count()
}

async fn furnished() -> (World, Cx) {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    (world, ada)
}

#[tokio::test]
async fn addresses_go_thirty_days_after_an_invitation_is_over() {
    let (world, ada) = furnished().await;
    invitation::send(&ada, invite("taken.back@example.com", "viewer")).await.unwrap();
    let id = only(&ada).await;
    invitation::revoke(&ada, id).await.unwrap();
    invitation::send(&ada, invite("over@example.com", "viewer")).await.unwrap();
    assert_eq!(forgets(&world.deps, &world).await, 0);
    world.clock.advance(Duration::days(30));
    assert_eq!(forgets(&world.deps, &world).await, 0, "not a second before");
    world.clock.advance(Duration::seconds(1));
    assert_eq!(forgets(&world.deps, &world).await, 1, "the one that was taken back");
    let ada = world.again(&ada, &ada).await;
    assert!(invitation::list(&ada).await.unwrap().rows[0].is_over, "it can be renewed");
    world.clock.advance(Duration::days(7));
    assert_eq!(forgets(&world.deps, &world).await, 2);
    let outcomes: Vec<_> = all(&world).await.into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, [Some("revoked".to_owned()), Some("expired".to_owned())]);
    let ada = world.again(&ada, &ada).await;
    assert_eq!(invitation::list(&ada).await.unwrap().rows, []);
    let log = audit::list(&ada, Around::default()).await.unwrap();
    let told = log.page.rows.iter().filter(|row| row.action == "invitation.forget");
    assert_eq!(told.count(), 2, "it is recorded, and once");
    // They can be invited again.
    invitation::send(&ada, invite("over@example.com", "viewer")).await.unwrap();
}

#[tokio::test]
async fn two_programs_forget_once_and_the_task_reaches_nothing_newer() {
    let (world, ada) = furnished().await;
    for number in 0..30 {
        let form = invite(&format!("p{number}@example.com"), "viewer");
        invitation::send(&ada, form)
            .await
            .unwrap_or_else(|error| panic!("{}", said::<()>(Err(error))));
    }
    world.clock.advance(Duration::days(38));
    let other = world.another_program().await;
    let ada = world.again(&ada, &ada).await;
    invitation::send(&ada, invite("new@example.com", "viewer")).await.unwrap();
    let (one, two) =
        tokio::join!(invitation::forget_old(&world.deps), invitation::forget_old(&other));
    one.unwrap();
    two.unwrap();
    assert_eq!(forgets(&other, &world).await, 30);
    let log = audit::list(&ada, Around::default()).await.unwrap();
    assert_eq!(log.page.rows.iter().filter(|row| row.action == "invitation.forget").count(), 1);
    let team = domain::team::card(&ada).unwrap().id;
    let mut job = world.raw("probity_job", team, &ada).await;
    run(&mut job, "select set_config('app.task', 'invitation.forget', false)").await;
    let newer: i64 =
        sqlx::query_scalar("select count(*) from invitation where email = 'new@example.com'")
            .fetch_one(&mut job)
            .await
            .unwrap();
    assert_eq!(newer, 0, "what is not over is not seen");
    let refused = refusal(&mut job, "update invitation set message = 'x'").await;
    assert_eq!(refused, "a change to invitation without its audit event");
}
