//! Who asks, who confirms, and who undoes.

use super::{ask, confirm, halden, id, of_two, waits};
use crate::support::{refusal, run, said};
use domain::{Error, audit, member, team};
use model::{
    Permission, Role,
    deletion::{AskDeletion, Waits},
    page::Around,
};
use time::Duration;

#[tokio::test]
async fn an_owner_asks_confirmed_and_with_the_name_in_code_and_database() {
    let (world, ada) = halden().await;
    let admin = world.member(&ada, Role::Admin).await;
    assert!(matches!(ask(&admin).await, Err(Error::Forbidden(Permission::TeamDelete))));
    assert!(matches!(team::undo_deletion(&admin).await, Err(Error::Forbidden(_))));
    assert!(matches!(team::deletion(&admin).await, Err(Error::Forbidden(_))));
    let wrong = AskDeletion { team: String::new(), name: "halden".to_owned() };
    let Err(Error::Invalid(errors)) = team::ask_deletion(&ada, &wrong).await else { panic!() };
    assert_eq!((errors[0].field.as_str(), &*errors[0].message), ("name", "Type Halden to go on."));
    for call in ["ask_deletion(7)", "confirm_deletion()", "undo_deletion()"] {
        let mut raw = world.raw("probity_app", id(&ada), &admin).await;
        let refused = refusal(&mut raw, &format!("select app.{call}")).await;
        assert!(refused.starts_with("an owner"), "{call}: {refused}");
    }
    let mut raw = world.raw("probity_app", id(&ada), &admin).await;
    assert_eq!(
        refusal(&mut raw, "select * from app.team_contents()").await,
        "only owners see what a team holds"
    );
    let refused = refusal(&mut raw, "select app.run_days()").await;
    assert_eq!(refused, "permission denied for function run_days");
    world.clock.advance(Duration::minutes(11));
    assert!(matches!(ask(&ada).await, Err(Error::Unconfirmed { .. })));
    let mut raw = world.raw("probity_app", id(&ada), &ada).await;
    let refused = refusal(&mut raw, "select app.ask_deletion(7)").await;
    assert_eq!(refused, "an owner deletes a team, confirmed");
    assert_eq!(waits(&ada).await, None);
}

#[tokio::test]
async fn of_one_owner_the_days_begin_at_once_and_of_two_the_other_confirms() {
    let (world, ada) = halden().await;
    world.letters().await;
    let due = ask(&ada).await.unwrap().expect("there is nobody to wait for");
    assert_eq!(due - ada.now(), Duration::days(7));
    let letters = world.letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subject, "Your team will be deleted");
    team::undo_deletion(&ada).await.unwrap();

    let ben = world.join(&ada, &world.person("Ben").await, Role::Owner).await;
    world.letters().await;
    assert_eq!(ask(&ada).await.unwrap(), None);
    assert_eq!(waits(&ada).await, Some(Waits::OtherOwner));
    assert_eq!(waits(&ben).await, Some(Waits::You));
    let own = said(confirm(&ada).await);
    assert_eq!(own, "You asked for it yourself: another owner has to confirm.");
    let ben_again = ben.in_team("halden").await.unwrap();
    assert_eq!(team::card(&ben_again).unwrap().closing, None, "nothing waits yet");
    confirm(&ben).await.unwrap();
    assert!(matches!(waits(&ada).await, Some(Waits::Days { by, .. }) if by == "Ben"));
    team::undo_deletion(&ada).await.unwrap();
    let mut told: Vec<String> = world
        .letters()
        .await
        .iter()
        .map(|letter| format!("{} {}", letter.to, letter.subject))
        .collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "ada@example.com Your team is to be deleted",
            "ada@example.com Your team stays",
            "ada@example.com Your team will be deleted",
            "ben@example.com Your team is to be deleted",
            "ben@example.com Your team stays",
            "ben@example.com Your team will be deleted",
        ]
    );
    let log = audit::list(&ada, Around::default()).await.unwrap().page.rows;
    let actions: Vec<&str> = log.iter().take(3).map(|row| row.action.as_str()).collect();
    assert_eq!(actions, ["team.delete_undo", "team.delete_confirm", "team.delete_ask"]);
}

#[tokio::test]
async fn of_two_at_once_one_gets_through() {
    let (world, ada, ben) = of_two().await;
    let (one, two) = tokio::join!(ask(&ada), ask(&ben));
    let refused = one.as_ref().err().or(two.as_ref().err()).expect("one of two");
    assert!(one.is_ok() != two.is_ok());
    assert_eq!(refused.to_string(), "Somebody has asked for the deletion already. Look again.");
    team::undo_deletion(&ada).await.unwrap();

    ask(&ada).await.unwrap();
    let (one, two) = tokio::join!(confirm(&ben), confirm(&ben));
    assert!(one.is_ok() != two.is_ok());
    let (one, two) = tokio::join!(team::undo_deletion(&ada), team::undo_deletion(&ben));
    assert!(one.is_ok() != two.is_ok());
    assert_eq!(waits(&ada).await, None);
    let left = "select count(*) from team where closing_at is not null";
    let left: i64 = sqlx::query_scalar(left).fetch_one(&mut world.superuser().await).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn who_is_left_as_the_only_owner_confirms_alone_and_nobody_for_one_who_is_none() {
    let (world, ada, ben) = of_two().await;
    ask(&ada).await.unwrap();
    member::remove(&ada, ben.person().unwrap()).await.unwrap();
    assert_eq!(waits(&ada).await, Some(Waits::You));
    confirm(&ada).await.unwrap();
    team::undo_deletion(&ada).await.unwrap();

    let ben = world.join(&ada, &world.person("Cleo").await, Role::Owner).await;
    ask(&ada).await.unwrap();
    member::remove(&ben, ada.person().unwrap()).await.unwrap();
    assert_eq!(waits(&ben).await, Some(Waits::Void));
    assert!(said(confirm(&ben).await).starts_with("There is nothing to confirm"));
    assert!(matches!(ask(&ben).await, Err(Error::Conflict(_))));
    team::undo_deletion(&ben).await.unwrap();
    assert!(ask(&ben).await.unwrap().is_some());
}

#[tokio::test]
async fn it_can_be_undone_until_it_is_due_and_not_at_that_moment() {
    let (world, ada) = halden().await;
    ask(&ada).await.unwrap();
    world.clock.advance(Duration::days(7) - Duration::milliseconds(1));
    let ada = world.again(&ada, &ada).await;
    assert_eq!(team::delete_step(&world.deps, id(&ada)).await.unwrap(), None, "not due");
    team::undo_deletion(&ada).await.unwrap();
    ask(&ada).await.unwrap();
    world.clock.advance(Duration::days(7));
    let ada = world.again(&ada, &ada).await;
    let (undone, begun) =
        tokio::join!(team::undo_deletion(&ada), team::delete_step(&world.deps, id(&ada)));
    assert!(said(undone).starts_with("There is nothing to undo"));
    assert!(begun.unwrap().is_some());
}

#[tokio::test]
async fn days_cannot_be_shortened_past_the_program() {
    let (world, ada) = halden().await;
    ask(&ada).await.unwrap();
    let mut raw = world.raw("probity_app", id(&ada), &ada).await;
    for sql in [
        "update team_deletion set due_at = now() - interval '1 day'",
        "update team set closing_at = null",
        "delete from team_deletion",
        "insert into team_deletion (team_id, asked_by, asked_at, days) \
         select id, created_by, now(), 0 from team",
        "select app.begin_deletion(sha256('x'))",
        "select app.purge('api_key', 10)",
        "select app.end_team('x')",
    ] {
        let refused = refusal(&mut raw, sql).await;
        assert!(refused.contains("permission denied"), "{sql}: {refused}");
    }
}

#[tokio::test]
async fn the_database_asks_whoever_asks_or_confirms_for_step_up() {
    let (world, ada, ben) = of_two().await;
    let call = |name: &str| format!("begin; select app.{name}; rollback");
    // The same statement of the same owner, and nothing but the time differs.
    for (minutes, passes) in [(0, true), (11, false)] {
        world.clock.advance(Duration::minutes(minutes));
        let mut raw = world.raw("probity_app", id(&ada), &ada).await;
        match passes {
            true => run(&mut raw, &call("ask_deletion(7)")).await,
            false => {
                let refused = refusal(&mut raw, "select app.ask_deletion(7)").await;
                assert_eq!(refused, "an owner deletes a team, confirmed");
            }
        }
    }
    let ada = world.again(&ada, &ada).await;
    ask(&ada).await.unwrap();
    for (minutes, passes) in [(0, true), (11, false)] {
        world.clock.advance(Duration::minutes(minutes));
        let fresh = if passes { world.again(&ben, &ben).await } else { ben.clone() };
        let mut raw = world.raw("probity_app", id(&ben), &fresh).await;
        match passes {
            true => run(&mut raw, &call("confirm_deletion()")).await,
            false => {
                let refused = refusal(&mut raw, "select app.confirm_deletion()").await;
                assert_eq!(refused, "an owner deletes a team, confirmed");
            }
        }
    }
}
