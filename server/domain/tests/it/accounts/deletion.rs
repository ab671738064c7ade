//! Deleting one's account.

use crate::support::{PASSWORD, World, said};
use domain::{Cx, Error, account, audit};
use model::{Role, page::Around, session::DeleteAccount};
use secrecy::ExposeSecret;

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
    crate::support::run(
        &mut superuser,
        "alter table person disable trigger user; update person set deleted_at = now()",
    )
    .await;
    account::sweep_deleted(&world.deps).await.unwrap();
    assert!(world.deps.keyring().find(owner).await.unwrap().is_none());
}
