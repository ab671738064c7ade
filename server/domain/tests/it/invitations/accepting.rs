//! Coming in.

use super::{at_fields, join, only, opened_by};
use crate::{
    post::link,
    support::{PASSWORD, World, refusal, run, said},
};
use domain::{Error, account, audit, invitation, member, ports::Clock, team};
use model::{Role, Typed, account::SignUp, invitation::Stage, member::MemberQuery, page::Around};
use secrecy::ExposeSecret;
use time::Duration;

const BEN: &str = "ben@example.com";

#[tokio::test]
async fn somebody_with_an_account_comes_in_once_and_both_logs_say_so() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let ben = world.person("Ben").await;
    let token = world.invited(&owner, "Ben@Example.com".to_lowercase().as_str(), "admin").await;
    assert_eq!(world.opened(&token).await.unwrap().state, Stage::SignIn);
    let card = opened_by(&ben, &token).await.unwrap();
    assert_eq!(
        (card.state, card.sent_by.as_str(), card.role.as_str()),
        (Stage::Answer, "Ada", "Admin")
    );
    assert_eq!(invitation::mine(&ben).await.unwrap().len(), 1);
    let (one, other) =
        tokio::join!(invitation::accept(&ben, card.id), invitation::accept(&ben, card.id));
    assert!(one.is_ok() != other.is_ok(), "exactly one of two");
    assert!(world.opened(&token).await.is_none());
    assert!(invitation::mine(&ben).await.unwrap().is_empty());

    let ben = world.sign_in(BEN, PASSWORD).await.unwrap().in_team("halden").await.unwrap();
    let members = member::list(&owner, MemberQuery::default()).await.unwrap().page.rows;
    let row = members.iter().find(|row| row.email == BEN).unwrap();
    assert_eq!((row.role.title(), row.added_by.as_deref()), ("Admin", Some("Ada")));
    let log = audit::list(&ben, Around::default()).await.unwrap().page.rows;
    assert!(log.iter().any(|row| row.action == "invitation.accept" && row.actor == "Ben"));
    let own = audit::own(&ben, Around::default()).await.unwrap().page.rows;
    assert!(own.iter().any(|row| row.action == "invitation.accept"));
}

#[tokio::test]
async fn somebody_without_an_account_makes_one_with_the_mailed_link_even_where_sign_up_is_closed() {
    let world = World::with(domain::Signup::Invitation, 8).await;
    let owner = world.first_owner().await;
    let token = world.invited(&owner, BEN, "member").await;
    assert_eq!(world.opened(&token).await.unwrap().state, Stage::Join);
    let ben = world.join_by(&token, "Ben").await.unwrap();
    assert_eq!(team::card(&ben).unwrap().role, Role::Member);
    assert!(matches!(world.join_by(&token, "Eve").await, Err(Error::NotFound)));
    let again = world.sign_in(BEN, PASSWORD).await.unwrap();
    assert_eq!(again.person(), ben.person());
}

#[tokio::test]
async fn two_who_join_by_one_link_at_once_are_one() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let token = world.invited(&owner, BEN, "member").await;
    let (one, other) = tokio::join!(world.join_by(&token, "Ben"), world.join_by(&token, "Eve"));
    assert!(one.is_ok() != other.is_ok(), "exactly one of two");
    assert_eq!(member::list(&owner, MemberQuery::default()).await.unwrap().all, 2);
}

#[tokio::test]
async fn a_bad_password_leaves_the_invitation_as_it_was() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let token = world.invited(&owner, BEN, "member").await;
    let mut form = join(&token, "");
    form.password = Typed::new("halden halden halden");
    let refused = at_fields(account::join(&world.anyone(), form).await);
    assert_eq!(refused[0], "Give yourself a name.");
    assert!(refused[1].starts_with("Your own name, address or team"), "{refused:?}");
    world.join_by(&token, "Ben").await.unwrap();
}

#[tokio::test]
async fn a_copied_link_makes_no_account_and_tells_nobody_who_has_one() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    world.invited(&owner, BEN, "member").await;
    let url = invitation::link(&owner, only(&owner).await).await.unwrap().url;
    let token = url.rsplit('/').next().unwrap();
    assert_eq!(world.opened(token).await.unwrap().state, Stage::Unproven);
    assert!(matches!(world.join_by(token, "Eve").await, Err(Error::NotFound)));
    let ben = world.person("Ben").await;
    assert_eq!(world.opened(token).await.unwrap().state, Stage::Unproven);
    let card = opened_by(&ben, token).await.unwrap();
    assert_eq!(card.state, Stage::Answer);
    invitation::accept(&ben, card.id).await.unwrap();
}

#[tokio::test]
async fn the_database_makes_no_person_of_a_copied_or_late_link() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let mailed = world.invited(&owner, BEN, "member").await;
    let url = invitation::link(&owner, only(&owner).await).await.unwrap().url;
    let copied = url.rsplit('/').next().unwrap().to_owned();
    let mut raw = world.raw("probity_app", team::card(&owner).unwrap().id, &owner).await;
    run(&mut raw, "select set_config('app.person', gen_random_uuid()::text, false)").await;
    let mut makes = async |token: &str| {
        let join = format!("select app.join_by_invitation(sha256('{token}'), 'Eve', 'x')");
        run(&mut raw, "begin").await;
        let made: bool =
            sqlx::query_scalar(sqlx::AssertSqlSafe(join)).fetch_one(&mut raw).await.unwrap();
        run(&mut raw, "rollback").await;
        made
    };
    assert!(makes(&mailed).await, "the one that may");
    assert!(!makes(&copied).await);
    world.clock.advance(Duration::days(7));
    let late = format!("set app.at = '{}'", world.clock.now());
    run(&mut raw, &late).await;
    let join = format!("select app.join_by_invitation(sha256('{mailed}'), 'Eve', 'x')");
    let made: bool =
        sqlx::query_scalar(sqlx::AssertSqlSafe(join)).fetch_one(&mut raw).await.unwrap();
    assert!(!made, "too late");
}

#[tokio::test]
async fn the_database_lets_nobody_in_late_or_for_a_sender_who_may_no_longer() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&owner, Role::Admin).await;
    world.invited(&admin, BEN, "member").await;
    let ben = world.person("Ben").await;
    let (team, id) = (team::card(&owner).unwrap().id, only(&owner).await);
    let mut raw = world.raw("probity_app", team, &ben).await;
    let mut lets_in = async |before: &str| {
        let accept = format!("select app.accept_invitation('{}', '{}')", team.0, id.0);
        run(&mut raw, &format!("begin; {before}")).await;
        let role: Option<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(accept)).fetch_one(&mut raw).await.unwrap();
        run(&mut raw, "rollback").await;
        role.is_some()
    };
    assert!(lets_in("").await, "while both hold");
    let late = world.clock.now() + Duration::days(7);
    assert!(!lets_in(&format!("set local app.at = '{late}'")).await, "too late");
    member::change_role(&owner, admin.person().unwrap(), Role::Member).await.unwrap();
    assert!(!lets_in("").await, "the sender may no longer invite");
}

#[tokio::test]
async fn another_account_is_told_which_address_is_needed_and_cannot_come_in() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let token = world.invited(&owner, BEN, "owner").await;
    let eve = world.person("Eve").await;
    let card = opened_by(&eve, &token).await.unwrap();
    assert_eq!((card.state, card.email.as_str()), (Stage::OtherAccount, BEN));
    assert!(matches!(invitation::accept(&eve, card.id).await, Err(Error::NotFound)));
    assert!(matches!(invitation::decline(&eve, card.id).await, Err(Error::NotFound)));

    // Past the guard: the database knows whose it is, too.
    let team = team::card(&owner).unwrap().id;
    let mut raw = world.raw("probity_app", team, &eve).await;
    let accept = format!("select app.accept_invitation('{}', '{}')", team.0, card.id.0);
    run(&mut raw, "begin").await;
    let role: Option<String> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(accept.clone())).fetch_one(&mut raw).await.unwrap();
    assert_eq!(role, None);
    run(&mut raw, "rollback").await;
    let insert = format!(
        "insert into member values ('{}', '{}', 'owner', now())",
        team.0,
        eve.person().unwrap().0
    );
    assert_eq!(
        refusal(&mut raw, &insert).await,
        "new row violates row-level security policy for table \"member\""
    );
}

#[tokio::test]
async fn who_changes_their_address_takes_no_invitation_along() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    world.invited(&owner, BEN, "member").await;
    let ben = world.person("Ben").await;
    let id = invitation::mine(&ben).await.unwrap()[0].id;
    let mut superuser = world.superuser().await;
    run(
        &mut superuser,
        "alter table person disable trigger user;
         update person set email = 'other@example.com' where email = 'ben@example.com';
         alter table person enable trigger user",
    )
    .await;
    assert!(matches!(invitation::accept(&ben, id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn after_seven_days_it_is_over_and_a_new_one_is_asked_for_once() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let token = world.invited(&owner, BEN, "member").await;
    let ask = async || invitation::ask(&world.anyone(), &Typed::new(&token)).await;
    assert_eq!(said(ask().await), "This invitation is still good. Open it again.");
    world.clock.advance(Duration::days(7));
    assert_eq!(world.opened(&token).await.unwrap().state, Stage::Over);
    assert!(matches!(world.join_by(&token, "Ben").await, Err(Error::NotFound)));
    let ben = world.person("Ben").await;
    assert!(invitation::mine(&ben).await.unwrap().is_empty());

    let (one, other) = tokio::join!(ask(), ask());
    assert!(one.is_ok() != other.is_ok(), "exactly one of two");
    assert_eq!(world.opened(&token).await.unwrap().state, Stage::Asked);
    let letters = world.letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to, "ada@example.com");
    let text = letters[0].text.expose_secret().replace('\n', " ");
    assert!(text.contains("You invited ben@example.com to the team Halden."), "{text}");
    assert!(text.contains("/t/halden/members/invitations"), "{text}");

    let owner = world.sign_in("ada@example.com", PASSWORD).await.unwrap();
    let owner = owner.in_team("halden").await.unwrap();
    let rows = invitation::list(&owner).await.unwrap().rows;
    assert!(rows[0].is_over && rows[0].asks);
    world.letters().await;
    invitation::resend(&owner, rows[0].id).await.unwrap();
    let fresh = link(&world.letters().await.pop().unwrap());
    assert_eq!(opened_by(&ben, &fresh).await.unwrap().state, Stage::Answer);
}

#[tokio::test]
async fn who_declines_is_asked_no_more_and_the_team_reads_it() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let token = world.invited(&owner, BEN, "member").await;
    let ben = world.person("Ben").await;
    let id = invitation::mine(&ben).await.unwrap()[0].id;
    assert_eq!(invitation::decline(&ben, id).await.unwrap().team, "Halden");
    assert!(matches!(invitation::decline(&ben, id).await, Err(Error::NotFound)));
    assert!(matches!(invitation::accept(&ben, id).await, Err(Error::NotFound)));
    assert!(world.opened(&token).await.is_none());
    let log = audit::list(&owner, Around::default()).await.unwrap().page.rows;
    assert!(log.iter().any(|row| row.action == "invitation.decline"));
}

#[tokio::test]
async fn whoever_is_inside_needs_no_invitation_and_is_told() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let token = world.invited(&owner, BEN, "viewer").await;
    let ben = world.person("Ben").await;
    let id = invitation::mine(&ben).await.unwrap()[0].id;
    world.join(&owner, &ben, Role::Admin).await;
    let ben = world.sign_in(BEN, PASSWORD).await.unwrap();
    assert_eq!(opened_by(&ben, &token).await.unwrap().state, Stage::Inside);
    assert!(matches!(invitation::accept(&ben, id).await, Err(Error::NotFound)));
    assert_eq!(team::card(&ben.in_team("halden").await.unwrap()).unwrap().role, Role::Admin);
}

/// The sender is removed while the invited person accepts: one of them comes first, and neither
/// waits for the other in a circle.
#[tokio::test]
async fn accepting_while_the_sender_is_removed_ends_one_way_or_the_other() {
    let world = World::with(domain::Signup::Open, 16).await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    for round in 0..20 {
        let admin = world.member(&owner, Role::Admin).await;
        let name = format!("Ben {round}");
        let email = format!("ben.{round}@example.com");
        world.invited(&admin, &email, "viewer").await;
        let ben = world.person(&name).await;
        let id = invitation::mine(&ben).await.unwrap()[0].id;
        let (accepted, removed) = tokio::join!(
            invitation::accept(&ben, id),
            member::remove(&owner, admin.person().unwrap())
        );
        removed.unwrap();
        match accepted {
            Ok(_) | Err(Error::NotFound) => {}
            Err(other) => panic!("round {round}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_account_made_meanwhile_is_not_made_again() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let token = world.invited(&owner, BEN, "member").await;
    let form = SignUp { name: "Ben".into(), email: BEN.into(), password: Typed::new(PASSWORD) };
    account::sign_up(&world.anyone(), form).await.unwrap();
    let sign_up = link(&world.letters().await.pop().unwrap());
    world.join_by(&token, "Ben").await.unwrap();
    let form = model::account::ConfirmSignUp {
        token: Typed::new(&sign_up),
        password: Typed::new(PASSWORD),
    };
    assert_eq!(
        said(account::confirm_sign_up(&world.anyone(), form).await),
        "This address has an account by now. Sign in with it instead."
    );
}

/// The same for somebody who makes an account with the link.
#[tokio::test]
async fn joining_while_the_sender_is_removed_ends_one_way_or_the_other() {
    let world = World::with(domain::Signup::Open, 16).await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    for round in 0..20 {
        let admin = world.member(&owner, Role::Admin).await;
        let token = world.invited(&admin, &format!("ben.{round}@example.com"), "viewer").await;
        let remove = async {
            // As long as a password takes to be hashed.
            tokio::time::sleep(std::time::Duration::from_millis(4 * round)).await;
            member::remove(&owner, admin.person().unwrap()).await
        };
        let (joined, removed) = tokio::join!(world.join_by(&token, "Ben"), remove);
        removed.unwrap();
        match joined {
            Ok(_) | Err(Error::NotFound) => {}
            Err(other) => panic!("round {round}: {other:?}"),
        }
    }
}
