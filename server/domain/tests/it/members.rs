//! Who may put whom into a team.

use crate::support::{World, refusal, run, said};
use domain::{Error, member, team};
use model::{Permission, Role};

#[tokio::test]
async fn nobody_grants_a_role_above_their_own_in_code_or_database() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&owner, Role::Admin).await;
    let luc = world.person("Luc").await;
    let id = luc.person().unwrap();
    let refused = member::add(&admin, id, Role::Owner).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::SecurityManage))));

    let team = team::card(&owner).unwrap().id;
    let mut raw = world.raw("probity_app", team, &admin).await;
    let insert = |role: &str| {
        format!("insert into member values ('{}', '{}', '{role}', now())", team.0, id.0)
    };
    let refused = refusal(&mut raw, &insert("owner")).await;
    assert_eq!(refused, "new row violates row-level security policy for table \"member\"");
    run(&mut raw, "begin").await;
    run(&mut raw, &insert("admin")).await;
    assert_eq!(refusal(&mut raw, "commit").await, "a change to member without its audit event");
}

#[tokio::test]
async fn only_who_manages_members_adds_one_and_only_once() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let member = world.member(&owner, Role::Member).await;
    let luc = world.person("Luc").await.person().unwrap();
    assert_eq!(
        said(member::add(&member, luc, Role::Viewer).await),
        "This needs the role Admin or above. Ask an owner of the team for it."
    );
    member::add(&owner, luc, Role::Viewer).await.unwrap();
    assert_eq!(
        said(member::add(&owner, luc, Role::Admin).await),
        "This person is in the team already."
    );
}
