//! The access review: who could do what, and when.

use crate::{
    members::unguarded,
    support::{World, run, said},
};
use domain::{Cx, Error, member, review, role, team};
use model::{
    Permission, Permissions, Role, RoleRef,
    review::{ReviewQuery, ReviewRow},
    role::UpdateRole,
};
use time::Duration;

fn days(from: &str, to: &str, permission: &str) -> ReviewQuery {
    let (from, to, permission) = (from.to_owned(), to.to_owned(), permission.to_owned());
    ReviewQuery { from, to, permission, before: None }
}

async fn rows(cx: &Cx, query: ReviewQuery) -> Vec<ReviewRow> {
    review::list(cx, query).await.unwrap().rows
}

/// "name role from until", by the day of the month and the hour.
async fn told(cx: &Cx, query: ReviewQuery) -> Vec<String> {
    let short = |at: &str| at[8..13].replace('T', " ");
    let told = |row: ReviewRow| {
        let until = row.ended_at.as_deref().map_or("still".to_owned(), short);
        let name = row.name.split(' ').next().unwrap_or_default().to_owned();
        format!("{name} {}, {} to {until}", row.role, short(&row.began_at))
    };
    rows(cx, query).await.into_iter().map(told).collect()
}

#[tokio::test]
async fn it_says_who_could_manage_keys_between_two_days() {
    let world = World::new().await;
    // 22 November, 08:00.
    let person = world.person("Ada").await;
    let ada = world.team(&person, "Halden").await;
    world.clock.advance(Duration::days(1));
    let ada = world.again(&ada, &ada).await;
    let luc = world.person("Luc").await;
    world.join(&ada, &luc, Role::Viewer).await;
    let id = luc.person().unwrap();
    world.clock.advance(Duration::days(1));
    let ada = world.again(&ada, &ada).await;
    member::change_role(&ada, id, Role::Admin).await.unwrap();
    world.clock.advance(Duration::days(1));
    let ada = world.again(&ada, &ada).await;
    member::remove(&ada, id).await.unwrap();
    let keys = "keys.manage";
    let ask = async |from, to, permission| told(&ada, days(from, to, permission)).await;
    assert_eq!(ask("2026-11-21", "2026-11-21", "").await, Vec::<String>::new());
    assert_eq!(ask("2026-11-22", "2026-11-22", "").await, ["Ada Owner, 22 08 to still"]);
    assert_eq!(ask("2026-11-23", "2026-11-23", keys).await, ["Ada Owner, 22 08 to still"]);
    assert_eq!(
        ask("2026-11-23", "", "").await,
        ["Ada Owner, 22 08 to still", "Luc Viewer, 23 08 to 24 08"]
    );
    assert_eq!(
        ask("2026-11-20", "2026-11-30", keys).await,
        ["Ada Owner, 22 08 to still", "Luc Admin, 24 08 to 25 08"]
    );
    assert_eq!(ask("2026-11-26", "2026-11-26", keys).await, ["Ada Owner, 22 08 to still"]);
    // Empty days are today.
    assert_eq!(ask("", "", keys).await.len(), 2, "Luc could until 08:00 today");
}

#[tokio::test]
async fn a_changed_role_of_the_teams_own_begins_a_new_period_for_whoever_holds_it() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let support = world.role(&ada, "Support", "team.view keys.view").await;
    let luc = world.member(&ada, Role::Viewer).await.person().unwrap();
    member::change_role(&ada, luc, RoleRef::Custom(support.id)).await.unwrap();
    world.clock.advance(Duration::minutes(5));
    let ticked = Permissions::named("team.view keys.manage").into();
    let form = UpdateRole { name: "Help".to_owned(), ticked, ..UpdateRole::default() };
    role::update(&ada, support.id, form).await.unwrap();
    let all = rows(&ada, days("", "", "")).await;
    let seen: Vec<_> =
        all.iter().map(|row| (row.role.as_str(), row.permissions.as_str())).collect();
    let owner = Permissions::of(Role::Owner).names();
    assert_eq!(
        seen,
        [
            ("Owner", owner.as_str()),
            ("Support", "team.view keys.view"),
            ("Help", "team.view keys.manage")
        ]
    );
    assert_eq!(all[1].ended_at.as_deref(), Some("2026-11-22T08:05:00Z"));
    assert_eq!(all[2].ended_at, None);
}

#[tokio::test]
async fn a_new_version_of_the_matrix_begins_new_periods_and_what_came_before_is_filled_in() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let luc = world.member(&ada, Role::Viewer).await.person().unwrap();
    world.clock.advance(Duration::minutes(5));
    member::change_role(&ada, luc, Role::Member).await.unwrap();
    let mut superuser = world.superuser().await;
    // As after a migration: nothing is kept yet.
    run(&mut superuser, "delete from access_period; select app.keep_all_periods()").await;
    let kept = rows(&ada, days("", "", "")).await;
    let since: Vec<_> = kept.iter().map(|row| row.began_at.as_str()).collect();
    assert_eq!(since, ["2026-11-22T08:00:00Z", "2026-11-22T08:05:00Z"], "since the last change");
    run(
        &mut superuser,
        "create or replace function app.role_has(role text, permission text) returns boolean
         language sql immutable parallel safe return role = 'owner';
         select app.keep_all_periods()",
    )
    .await;
    let held: Vec<String> =
        sqlx::query_scalar("select permissions from access_period where person_id = $1 order by 1")
            .bind(luc.0)
            .fetch_all(&mut superuser)
            .await
            .unwrap();
    assert_eq!(held[0], "", "what the new matrix says");
    assert!(held[1].contains("keys.view"), "what the old one said");
}

#[tokio::test]
async fn only_who_reads_the_log_sees_it_and_nobody_writes_it() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let member = world.member(&ada, Role::Member).await;
    let refused = review::list(&member, days("", "", "")).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::AuditView))));
    assert!(matches!(review::csv(&member, days("", "", "")).await, Err(Error::Forbidden(_))));
    let team = team::card(&ada).unwrap().id;
    let mut raw = world.raw("probity_app", team, &member).await;
    let past = "select app.access_between(now(), now(), '', null, 9)";
    let refused = crate::support::refusal(&mut raw, past).await;
    assert_eq!(refused, "only who reads the log reviews access");
    // Who reads it takes no file of it along for that.
    let reader = world.role(&ada, "Reader", "team.view audit.view").await;
    let reader = world.holder(&ada, &reader).await;
    assert_eq!(told(&reader, days("", "", "")).await.len(), 3);
    let refused = review::csv(&reader, days("", "", "")).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::AuditExport))));
    let seen: i64 =
        sqlx::query_scalar("select count(*) from access_period").fetch_one(&mut raw).await.unwrap();
    assert_eq!(seen, 0);
    let mut raw = world.raw("probity_app", team, &ada).await;
    for forged in ["delete from access_period", "update access_period set role = 'Viewer'"] {
        let refused = crate::support::refusal(&mut raw, forged).await;
        assert_eq!(refused, "permission denied for table access_period");
    }
    // Another team's periods are not there.
    let theirs = world.team(&world.person("Mallory").await, "Mal").await;
    assert_eq!(told(&theirs, days("2026-01-01", "2026-12-31", "")).await.len(), 1);
}

#[tokio::test]
async fn the_file_holds_the_same_as_the_page_and_handing_it_out_is_recorded() {
    let world = World::new().await;
    let ada = world.team(&world.person("=Ada").await, "Halden").await;
    let (name, text) = review::csv(&ada, days("2026-11-22", "", "keys.manage")).await.unwrap();
    assert_eq!(name, "access-halden-2026-11-22-2026-11-22.csv");
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines[0], "person,name,email,role,from,until,permissions");
    assert!(lines[1].contains("\"'=Ada\",\"=ada@example.com\"") || lines[1].contains("\"'=Ada\""));
    assert!(lines[1].contains("\"Owner\",\"2026-11-22T08:00:00Z\",\"\","), "{}", lines[1]);
    let log = domain::audit::list(&ada, model::page::Around::default()).await.unwrap();
    assert_eq!(log.page.rows[0].action, "access.export");
}

#[tokio::test]
async fn what_is_no_day_gets_a_sentence() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let refused =
        async |from, to, permission| said(review::list(&ada, days(from, to, permission)).await);
    assert_eq!(refused("yesterday", "", "").await, "Enter a day like 2026-12-01.");
    assert_eq!(refused("", "31.12.2026", "").await, "Enter a day like 2026-12-01.");
    let swapped = "The last day is before the first. Swap them.";
    assert_eq!(refused("2026-12-02", "2026-12-01", "").await, swapped);
    assert_eq!(refused("", "", "keys.fly").await, "Choose one of the permissions.");
}

#[tokio::test]
async fn it_is_read_page_by_page() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let mut superuser = world.superuser().await;
    unguarded(
        &mut superuser,
        "insert into person (id, email, name, created_at)
         select gen_random_uuid(), 'p' || n || '@example.com', 'Person ' || lpad(n::text, 3, '0'),
                now() from generate_series(1, 120) n;
         insert into access_period (team_id, person_id, began_at, role, permissions)
         select t.id, p.id, '2026-11-22 08:00Z', 'Viewer', 'team.view' from team t, person p
         where p.email like 'p%'",
    )
    .await;
    let mut names = Vec::new();
    let mut query = days("", "", "");
    loop {
        let page = review::list(&ada, query.clone()).await.unwrap();
        names.extend(page.rows.into_iter().map(|row| row.name));
        match page.next {
            Some(next) => query.before = Some(next),
            None => break,
        }
    }
    assert_eq!(names.len(), 121);
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| name.to_lowercase());
    sorted.dedup();
    assert_eq!(names, sorted);
}
