//! Every role × every permission, asked of the guard in Rust and of the database, against a file
//! that people can read; and the same for whoever may nothing: the owner of another team, somebody
//! half signed in, somebody locked, and somebody whom the team's policy keeps out.

use crate::support::{World, insert_key, run};
use domain::{Cx, key, operator, team};
use model::{Permission, Role, key::NewKey};
use sqlx::PgConnection;

const GOLDEN: &str = include_str!("golden/permissions.txt");

/// What the guard and the database say of every permission.
type Column = Vec<(bool, bool)>;

/// Somebody in the team, or who asks to be; `raw` is a connection in which the settings say it is
/// them, past every guard in Rust.
async fn column(seat: Option<&Cx>, raw: &mut PgConnection) -> Column {
    let mut column = Vec::new();
    for permission in Permission::ALL {
        let guard = match seat {
            Some(cx) => cx.view(*permission).await.is_ok(),
            None => false,
        };
        let database: bool = sqlx::query_scalar("select app.may($1)")
            .bind(permission.name())
            .fetch_one(&mut *raw)
            .await
            .unwrap();
        column.push((guard, database));
    }
    column
}

#[tokio::test]
async fn guard_and_database_agree_on_every_cell() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada Lindqvist").await, "Halden Freight").await;
    let theirs = world.team(&world.person("Mallory").await, "Mal").await;
    let card = team::card(&team).unwrap().clone();
    let mut columns = Vec::new();
    let mut people = vec![team.clone()];
    for role in [Role::Admin, Role::Member, Role::Viewer] {
        people.push(world.member(&team, role).await);
    }
    for person in &people {
        let mut raw = world.raw("probity_app", card.id, person).await;
        columns.push(column(Some(person), &mut raw).await);
    }
    // The owner of another team.
    let outside = theirs.in_team(&card.slug).await;
    assert!(matches!(outside, Err(domain::Error::NotFound)));
    let mut raw = world.raw("probity_app", card.id, &theirs).await;
    columns.push(column(None, &mut raw).await);
    // An admin whose second step is still awaited: somebody, and no session.
    assert!(world.anyone().in_team(&card.slug).await.is_err());
    let mut raw = world.raw("probity_app", card.id, &people[1]).await;
    run(&mut raw, "set app.session = ''").await;
    columns.push(column(None, &mut raw).await);
    // An admin whom the operator locked: their session has ended.
    let locked = world.member(&team, Role::Admin).await;
    let mut raw = world.raw("probity_app", card.id, &locked).await;
    let email = locked.viewer().unwrap().email.clone();
    let whom = operator::Whom(email.clone());
    operator::lock(&world.deps, &whom, "as agreed").await.unwrap();
    assert!(world.sign_in(&email, crate::support::PASSWORD).await.is_err());
    columns.push(column(None, &mut raw).await);
    // An admin whom the team's policy keeps out.
    let mut superuser = world.superuser().await;
    let required = format!(
        "alter table team_policy disable trigger user;
         insert into team_policy (team_id, mfa_required_from) values ('{}', '2026-01-01')",
        card.id.0
    );
    run(&mut superuser, &required).await;
    let barred = world.again(&people[1], &team).await;
    let mut raw = world.raw("probity_app", card.id, &barred).await;
    columns.push(column(Some(&barred), &mut raw).await);
    let table = table(&columns);
    assert_eq!(
        table, GOLDEN,
        "the matrix changed; if that is meant, this is the new file:\n{table}"
    );
}

fn table(columns: &[Column]) -> String {
    let heads = ["owner", "admin", "member", "viewer", "other", "half", "locked", "barred"]
        .map(|head| format!(" {head:<6}"));
    let mut table = format!("{:<16}{}  guard/database\n", "permission", heads.concat());
    let word = |yes: bool| if yes { "y" } else { "-" };
    for (row, permission) in Permission::ALL.iter().enumerate() {
        let cells = columns.iter().map(|column| {
            let (guard, database) = column[row];
            format!(" {}/{}   ", word(guard), word(database))
        });
        let line = format!("{:<16}{}", permission.name(), cells.collect::<String>());
        table.push_str(&format!("{}\n", line.trim_end()));
    }
    table
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
    run(&mut superuser, "alter table api_key disable row level security").await;
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
        name: "billing-sync".to_owned(),
        environment: "live".to_owned(),
        days: "90".to_owned(),
        ..NewKey::default()
    }
}
