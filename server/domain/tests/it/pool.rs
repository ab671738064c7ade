//! What goes back to the pool is nobody's, and the program refuses roles that no rule binds.

use crate::support::{World, run};
use domain::{Db, Error, Signup, key, team};
use futures::FutureExt;
use model::key::KeyQuery;
use sqlx::Connection;

/// A client that leaves while BEGIN is under way: the next request must not find an open
/// transaction with somebody's team in its settings.
#[tokio::test]
async fn a_request_that_is_cut_off_leaves_nothing_behind() {
    let world = World::with(Signup::Open, 1).await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let id = team::card(&team).unwrap().id;
    for polls in 1..60 {
        let mut request = Box::pin(key::list(&team, KeyQuery::default()));
        for _ in 0..polls {
            if request.as_mut().now_or_never().is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(request);
        let mut superuser = world.superuser().await;
        world.deps.app().ready().await.unwrap();
        let open: i64 = sqlx::query_scalar(
            "select count(*) from pg_stat_activity where datname = current_database()
             and usename = 'probity_app' and state like 'idle in transaction%'",
        )
        .fetch_one(&mut superuser)
        .await
        .unwrap();
        assert_eq!(open, 0, "after {polls} polls a transaction of team {id} stayed open");
    }
}

#[tokio::test]
async fn the_program_refuses_a_role_that_row_level_security_does_not_bind() {
    let world = World::new().await;
    let mut superuser = world.superuser().await;
    let tag = uuid::Uuid::now_v7().simple().to_string();
    let attempts = [
        ("superuser", "is a superuser"),
        ("bypassrls", "has BYPASSRLS"),
        ("in role probity_owner", "owns tables, or may act as their owner"),
    ];
    for (power, why) in attempts {
        let role = format!("bad_{}_{}", power.split(' ').next().unwrap(), &tag[20..]);
        run(&mut superuser, &format!("create role {role} login password 'testtesttest' {power}"))
            .await;
        run(&mut superuser, &format!("do $$ begin execute format('grant connect on database %I to {role}', current_database()); end $$")).await;
        let refused = Db::connect(world.options(&role), 1).await.unwrap_err();
        assert!(matches!(&refused, Error::UnsafeRole(said) if said.contains(why)), "{refused}");
        run(&mut superuser, &format!("drop owned by {role}; drop role {role}")).await;
    }
}

/// A setting that was local to a transaction reads '' afterwards, and '' is no uuid.
#[tokio::test]
async fn a_connection_that_acted_for_a_team_acts_for_none_afterwards() {
    let world = World::new().await;
    let mut conn = sqlx::PgConnection::connect_with(&world.options("probity_app")).await.unwrap();
    let team = uuid::Uuid::from_u128(7);
    run(&mut conn, &format!("begin; set local app.team = '{team}'; commit")).await;
    let raw: Option<String> = sqlx::query_scalar("select current_setting('app.team', true)")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert_eq!(raw.as_deref(), Some(""), "PostgreSQL leaves an empty text");
    let acts: Option<uuid::Uuid> =
        sqlx::query_scalar("select app.team()").fetch_one(&mut conn).await.unwrap();
    assert_eq!(acts, None);
}
