//! Deleting one's account.

use crate::support::{PASSWORD, World, refusal, run, said};
use domain::{Cx, Error, account, audit};
use model::{
    Role, Typed,
    deletion::{AskDeletion, DeletionCard},
    page::Around,
    session::DeleteAccount,
};
use secrecy::ExposeSecret;
use time::Duration;

const LUC: &str = "luc@example.com";

async fn delete(cx: &Cx, typed: &str) -> domain::Result<()> {
    account::delete_account(cx, DeleteAccount { email: typed.to_owned() }).await
}

#[tokio::test]
async fn memberships_sessions_and_name_go_and_records_say_deleted_person() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let luc = world.person("Luc").await;
    world.join(&team, &luc, Role::Member).await;
    let luc = world.sign_in(LUC, PASSWORD).await.unwrap();
    let told = account::deletion(&luc).await.unwrap();
    assert_eq!((told.leaves, told.last_owner_of), (vec!["Halden".to_owned()], vec![]));
    assert_eq!(said(delete(&luc, "other@example.com").await), "Type luc@example.com to go on.");
    world.letters().await;
    delete(&luc, LUC).await.unwrap();

    let letter = world.letters().await.pop().unwrap();
    assert_eq!(letter.to, LUC);
    assert!(letter.text.expose_secret().contains("deleted"), "the mailbox is told");
    assert!(world.sign_in(LUC, PASSWORD).await.is_err());
    assert!(matches!(account::sessions(&luc).await, Ok(_) | Err(Error::Unauthenticated)));
    let log = audit::list(&team, Around::default()).await.unwrap();
    let text = format!("{:?}", log.page.rows);
    assert!(text.contains("deleted person") && !text.contains("Luc"), "{text}");
    let again = world.person("Luc").await;
    assert_ne!(again.person(), luc.person(), "the address is free again");
}

#[tokio::test]
async fn a_team_never_loses_its_last_owner_even_when_two_leave_at_once() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let team = world.team(&ada, "Halden").await;
    let ada = world.sign_in("ada@example.com", PASSWORD).await.unwrap();
    let told = account::deletion(&ada).await.unwrap();
    assert_eq!(told.last_owner_of, ["Halden"]);
    let refused = said(delete(&ada, "ada@example.com").await);
    assert!(refused.contains("only owner"), "{refused}");

    world.join(&team, &world.person("Luc").await, Role::Owner).await;
    let luc = world.sign_in(LUC, PASSWORD).await.unwrap();
    let (one, other) = tokio::join!(delete(&ada, "ada@example.com"), delete(&luc, LUC));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
}

#[tokio::test]
async fn what_was_sealed_cannot_be_opened_even_where_the_end_was_cut_short() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let id = ada.person().unwrap();
    let owner = domain::crypto::Owner::Person(id);
    assert!(world.deps.keyring().find(owner).await.unwrap().is_some());
    let mut superuser = world.superuser().await;
    run(
        &mut superuser,
        "alter table person disable trigger user; update person set deleted_at = now()",
    )
    .await;
    account::sweep_deleted(&world.deps).await.unwrap();
    assert!(world.deps.keyring().find(owner).await.unwrap().is_none());
}

const ADA: &str = "ada@example.com";

async fn ask(owner: &Cx) {
    let name = domain::team::card(owner).unwrap().name.clone();
    domain::team::ask_deletion(owner, &AskDeletion { team: String::new(), name }).await.unwrap();
}

#[tokio::test]
async fn the_only_owner_of_a_team_that_waits_to_be_deleted_may_go_and_sees_what_becomes_of_it() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let team = world.team(&ada, "Halden").await;
    let id = domain::team::card(&team).unwrap().id;
    world.join(&team, &world.person("Luc").await, Role::Member).await;
    ask(&team).await;
    let ada = world.sign_in(ADA, PASSWORD).await.unwrap();
    let told = account::deletion(&ada).await.unwrap();
    assert_eq!((told.last_owner_of.len(), told.ends[0].name.as_str()), (0, "Halden"));
    assert_eq!(told.ends[0].due, "2026-11-29T08:00:00Z");
    world.letters().await;
    delete(&ada, ADA).await.unwrap();
    let letters = world.letters().await;
    let letter = letters.iter().find(|letter| letter.subject.contains("without you")).unwrap();
    assert_eq!(letter.to, ADA);
    let link = Typed::new(crate::post::link(letter));
    let card = async || domain::team::deletion_card(&world.anyone(), &link).await.unwrap();
    let done = |card: &DeletionCard| card.stages.iter().filter(|row| row.at.is_some()).count();
    let before = card().await;
    assert_eq!((before.team, done(&before), before.certificate.is_none()), (id, 2, true));

    // The others have their days, and then it goes, with nobody to write to.
    let luc = world.sign_in(LUC, PASSWORD).await.unwrap();
    assert_eq!(luc.viewer().unwrap().teams[0].closing.as_deref(), Some("2026-11-29T08:00:00Z"));
    world.clock.advance(Duration::days(7));
    domain::team::delete_due(&world.deps).await.unwrap();
    let after = card().await;
    assert_eq!(done(&after), 8);
    assert!(after.certificate.is_some());
    assert!(world.letters().await.iter().all(|letter| !letter.subject.contains("was deleted")));
}

#[tokio::test]
async fn an_owner_goes_also_while_the_team_is_being_deleted_and_nobody_else_without_an_owner() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let team = world.team(&ada, "Halden").await;
    let id = domain::team::card(&team).unwrap().id;
    world.join(&team, &world.person("Mia").await, Role::Admin).await;
    ask(&team).await;
    // Leaving alone, or the owner of another team: the database lets nobody.
    let mut raw = world.raw("probity_app", id, &ada).await;
    let left = "begin; delete from member where team_id = app.team(); commit";
    assert_eq!(refusal(&mut raw, left).await, "a team would have no owner");
    run(&mut raw, "rollback").await;
    let luc = world.person("Luc").await;
    let mut other = world.raw("probity_app", id, &luc).await;
    let call = format!("select app.leave_deletion('{}', sha256('x'))::text", id.0);
    let hash: Option<String> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(call.clone())).fetch_one(&mut other).await.unwrap();
    assert_eq!(hash, None, "it is not theirs");
    world.clock.advance(Duration::minutes(11));
    let mut late = world.raw("probity_app", id, &ada).await;
    assert_eq!(refusal(&mut late, &call).await, "a team is left by its owner, confirmed");

    world.clock.advance(Duration::days(7));
    for _ in 0..2 {
        domain::team::delete_step(&world.deps, id).await.unwrap();
    }
    let ada = world.sign_in(ADA, PASSWORD).await.unwrap();
    let stages = domain::team::deletion_stages(&ada, "halden").await.unwrap();
    assert_eq!(stages.stages.iter().filter(|row| row.at.is_some()).count(), 4);
    let mia = world.sign_in("mia@example.com", PASSWORD).await.unwrap();
    assert_eq!(mia.viewer().unwrap().teams.len(), 1, "she is in it");
    assert!(matches!(domain::team::deletion_stages(&mia, "halden").await, Err(Error::NotFound)));
    delete(&ada, ADA).await.unwrap();
    domain::team::delete_due(&world.deps).await.unwrap();
    let letters = world.letters().await;
    let letter = letters.iter().find(|letter| letter.subject.contains("without you")).unwrap();
    let link = Typed::new(crate::post::link(letter));
    let card = domain::team::deletion_card(&world.anyone(), &link).await.unwrap();
    assert!(card.certificate.is_some());
}
