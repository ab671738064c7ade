//! A team's settings.

use crate::support::{World, refusal, run, said};
use domain::{Cx, Error, audit, team};
use model::{Crest, Permission, Role, page::Around, team::UpdateTeam};

fn form(name: &str, slug: &str) -> UpdateTeam {
    UpdateTeam {
        team: String::new(),
        name: name.to_owned(),
        slug: slug.to_owned(),
        crest: "plum".to_owned(),
        time_zone: "europe/oslo".to_owned(),
    }
}

async fn found(cx: &Cx, slug: &str) -> bool {
    cx.in_team(slug).await.is_ok()
}

#[tokio::test]
async fn an_admin_changes_them_and_the_team_is_found_under_its_new_address_only() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let owner = world.team(&ada, "Halden").await;
    let admin = world.member(&owner, Role::Admin).await;
    assert_eq!(team::update(&admin, form("Halden Freight", "freight")).await.unwrap(), "freight");
    let ada = world.sign_in("ada@example.com", crate::support::PASSWORD).await.unwrap();
    assert!(found(&ada, "freight").await && !found(&ada, "halden").await);
    let card = ada.viewer().unwrap().teams[0].clone();
    assert_eq!((card.name.as_str(), card.crest), ("Halden Freight", Crest::Plum));
    let settings = team::settings(&ada.in_team("freight").await.unwrap()).await.unwrap();
    assert_eq!(settings.zone, "Europe/Oslo");
    let log = audit::list(&ada.in_team("freight").await.unwrap(), Around::default()).await.unwrap();
    let record = log.page.rows.iter().find(|row| row.action == "team.update").unwrap();
    assert!(record.detail.contains("halden") && record.detail.contains("freight"), "{record:?}");
}

#[tokio::test]
async fn who_may_not_changes_nothing_in_code_or_database() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let member = world.member(&owner, Role::Member).await;
    let refused = team::update(&member, form("Mine", "mine")).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::TeamUpdate))));
    assert!(team::settings(&member).await.is_ok());
    let id = team::card(&owner).unwrap().id;
    let mut raw = world.raw("probity_app", id, &member).await;
    let update = "update team set name = 'Mine'";
    assert_eq!(crate::support::try_run(&mut raw, update).await.unwrap(), 0);
    let mut raw = world.raw("probity_app", id, &owner).await;
    let column = refusal(&mut raw, "update team set created_by = null").await;
    assert_eq!(column, "permission denied for table team");
    run(&mut raw, "begin").await;
    run(&mut raw, update).await;
    let unrecorded = refusal(&mut raw, "commit").await;
    assert_eq!(unrecorded, "a change to team without its audit event");
}

#[tokio::test]
async fn every_wrong_field_is_told_and_an_address_is_given_once() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    world.team(&world.person("Luc").await, "Taken").await;
    let taken = said(team::update(&owner, form("Halden", "taken")).await);
    assert_eq!(taken, "Another team has this address. Choose another one.");
    let mut wrong = form("", "A b");
    wrong.crest = "gold".to_owned();
    wrong.time_zone = "Mars/Base".to_owned();
    let Err(Error::Invalid(errors)) = team::update(&owner, wrong).await else {
        panic!("it went through");
    };
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["name", "slug", "crest", "time_zone"]);
    assert!(found(&owner, "halden").await);
}
