//! The second step: who has come half-way is nobody yet.

use crate::support::{World, run};
use domain::{Error, account};
use secrecy::ExposeSecret;
use time::Duration;

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn who_has_come_half_way_is_nobody_and_a_code_lets_them_in() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let step = world.first_step(ADA).await;
    let half_way = world.visitor(None, Some(&step));
    assert!(half_way.person().is_none());
    assert!(matches!(account::sessions(&half_way).await, Err(Error::Unauthenticated)));
    let as_session = world.anyone().with_session(&step).await.unwrap();
    assert!(!as_session.is_signed_in(), "the token of a step is no session");
    let session = world.second_step(&step, &app.code(&world, 0)).await.unwrap();
    assert!(world.anyone().with_session(&session.token).await.unwrap().is_signed_in());
}

#[tokio::test]
async fn a_code_of_now_and_of_the_step_before_work_once_and_the_next_never() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let taken = async |code: &str| {
        let step = world.first_step(ADA).await;
        world.second_step(&step, code).await.is_ok()
    };
    let (before, now) = (app.code(&world, -1), app.code(&world, 0));
    assert!(!taken(&app.code(&world, 1)).await);
    assert!(taken(&before).await);
    assert!(!taken(&before).await);
    assert!(taken(&now).await);
    assert!(!taken(&now).await);
    world.clock.advance(Duration::seconds(-30));
    // Its pace is not what is looked at here.
    run(&mut world.superuser().await, "delete from sign_in_curve").await;
    assert!(!taken(&before).await && !taken(&now).await, "nor when the clock is set back");
}

#[tokio::test]
async fn of_twenty_codes_at_once_five_are_looked_at_and_then_not_even_the_right_one() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let step = world.first_step(ADA).await;
    let wrong = ["000000", "AAAAA-AAAAA"];
    let tries = (0..20).map(|n| world.second_step(&step, wrong[n % 2]));
    assert!(futures::future::join_all(tries).await.iter().all(Result::is_err));
    let refused: i64 =
        sqlx::query_scalar("select count(*) from audit_event where action = 'factor.refuse'")
            .fetch_one(&mut world.superuser().await)
            .await
            .unwrap();
    assert_eq!(refused, 5);
    let late = world.second_step(&step, &app.code(&world, 0)).await;
    assert!(matches!(late, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn a_second_step_ends_after_ten_minutes() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let step = world.first_step(ADA).await;
    world.clock.advance(Duration::minutes(10));
    let late = world.second_step(&step, &app.code(&world, 0)).await;
    assert!(matches!(late, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn two_right_answers_at_once_are_one_session() {
    let world = World::new().await;
    let (_, app) = world.with_app("Ada").await;
    let step = world.first_step(ADA).await;
    let (now, before) = (app.code(&world, 0), app.code(&world, -1));
    let (one, other) =
        tokio::join!(world.second_step(&step, &now), world.second_step(&step, &before));
    assert!(one.is_ok() != other.is_ok(), "one step, two codes");
    let (one, other) = (world.first_step(ADA).await, world.first_step(ADA).await);
    world.letters().await;
    let code = &app.recovery[0];
    let (one, other) = tokio::join!(world.second_step(&one, code), world.second_step(&other, code));
    assert!(one.is_ok() != other.is_ok(), "two steps, one recovery code");
    let letters = world.letters().await;
    let told = letters.iter().any(|mail| mail.text.expose_secret().contains("recovery code"));
    assert!(told, "a used code is told of");
}
