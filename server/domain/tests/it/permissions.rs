//! Every role × every permission, asked of the guard in Rust and of the database, against a file
//! that people can read.

use crate::support::{World, insert_key};
use domain::{key, team};
use model::{Permission, Role, key::NewKey};

const GOLDEN: &str = include_str!("golden/permissions.txt");

#[tokio::test]
async fn guard_and_database_agree_on_every_cell() {
    let world = World::new().await;
    let owner = world.person("Ada Lindqvist").await;
    let team = world.team(&owner, "Halden Freight").await;
    let team_id = team::card(&team).unwrap().id;
    let mut table =
        String::from("permission        owner  admin  member viewer   guard/database\n");
    let mut people = vec![team.clone()];
    for role in [Role::Admin, Role::Member, Role::Viewer] {
        people.push(world.member(&team, role).await);
    }
    for permission in Permission::ALL {
        table.push_str(&format!("{:<17}", permission.name()));
        for person in &people {
            let guard = person.view(*permission).await.is_ok();
            let mut raw = world.raw("probity_app", team_id, person).await;
            let database: bool = sqlx::query_scalar("select app.may($1)")
                .bind(permission.name())
                .fetch_one(&mut raw)
                .await
                .unwrap();
            let word = |yes: bool| if yes { "y" } else { "-" };
            table.push_str(&format!(" {}/{}   ", word(guard), word(database)));
        }
        table = format!("{}\n", table.trim_end());
    }
    assert_eq!(
        table, GOLDEN,
        "the matrix changed; if that is meant, this is the new file:\n{table}"
    );
}

#[tokio::test]
async fn a_stranger_holds_nothing_in_code_or_database() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let stranger = world.person("Mallory").await;
    let slug = team::card(&team).unwrap().slug;
    assert!(matches!(stranger.in_team(&slug).await, Err(domain::Error::NotFound)));
    let mut raw = world.raw("probity_app", team::card(&team).unwrap().id, &stranger).await;
    for permission in Permission::ALL {
        let may: bool = sqlx::query_scalar("select app.may($1)")
            .bind(permission.name())
            .fetch_one(&mut raw)
            .await
            .unwrap();
        assert!(!may, "{}", permission.name());
    }
}

#[tokio::test]
async fn a_viewer_cannot_create_a_key_even_where_row_level_security_is_off() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let viewer = world.member(&team, Role::Viewer).await;
    let mut superuser = world.superuser().await;
    crate::support::run(&mut superuser, "alter table api_key disable row level security").await;
    let said = crate::support::said(key::create(&viewer, new_key()).await);
    assert_eq!(said, "This needs the role Admin or above. Ask an owner of the team for it.");
}

#[tokio::test]
async fn a_viewer_cannot_create_a_key_even_where_the_guard_is_passed() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let viewer = world.member(&team, Role::Viewer).await;
    let id = team::card(&team).unwrap().id;
    let mut raw = world.raw("probity_app", id, &viewer).await;
    let insert = insert_key(id, &viewer);
    let refused = crate::support::refusal(&mut raw, &insert).await;
    assert_eq!(refused, "new row violates row-level security policy for table \"api_key\"");
}

pub(crate) fn new_key() -> NewKey {
    NewKey {
        team: String::new(),
        name: "billing-sync".to_owned(),
        environment: "live".to_owned(),
        days: "90".to_owned(),
    }
}
