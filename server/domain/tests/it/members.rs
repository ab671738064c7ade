//! Who may put whom into a team.

use crate::support::{PASSWORD, World, refusal, run, said};
use domain::{Cx, Error, account, audit, member, team};
use model::key::KeyQuery;
use model::{Permission, PersonId, Role, member::MemberQuery, page::Around, session::Profile};
use sqlx::PgConnection;

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

const ONLY_OWNER: &str = "This is the team's only owner. Make somebody else an owner first.";

fn id(cx: &Cx) -> PersonId {
    cx.person().unwrap()
}

/// Past the guards, which are then on again.
pub(crate) async fn unguarded(superuser: &mut PgConnection, sql: &str) {
    let switch = |how: &str| {
        format!("alter table person {how} trigger user; alter table member {how} trigger user;")
    };
    let order = "insert into member_order select m.team_id, p.id, lower(p.name)
                 from member m join person p on p.id = m.person_id on conflict do nothing";
    run(superuser, &format!("{} {sql}; {order}; {}", switch("disable"), switch("enable"))).await;
}

async fn role_of(world: &World, person: PersonId) -> Option<String> {
    sqlx::query_scalar("select role from member where person_id = $1")
        .bind(person.0)
        .fetch_optional(&mut world.superuser().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_role_changes_at_the_next_request_and_the_record_says_from_what_to_what() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let luc = world.member(&owner, Role::Viewer).await;
    member::change_role(&owner, id(&luc), Role::Admin).await.unwrap();
    let again = said(member::change_role(&owner, id(&luc), Role::Admin).await);
    assert_eq!(again, "This is their role already: Admin.");
    let log = audit::list(&owner, Around::default()).await.unwrap().page.rows;
    let record = log.iter().find(|row| row.action == "member.change_role").unwrap();
    assert!(record.detail.contains("viewer") && record.detail.contains("admin"), "{record:?}");
}

#[tokio::test]
async fn an_owner_is_changed_and_removed_by_owners_only_in_code_and_database() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&owner, Role::Admin).await;
    let second = world.member(&owner, Role::Owner).await;
    let over = Err(Permission::SecurityManage);
    let refused = |result: domain::Result<()>| match result {
        Err(Error::Forbidden(permission)) => Err(permission),
        other => Ok(other.is_ok()),
    };
    assert_eq!(
        refused(member::change_role(&admin, id(&second), Role::Viewer).await.map(drop)),
        over
    );
    assert_eq!(refused(member::change_role(&admin, id(&admin), Role::Owner).await.map(drop)), over);
    assert_eq!(refused(member::remove(&admin, id(&second)).await), over);

    let mut raw = world.raw("probity_app", team::card(&owner).unwrap().id, &admin).await;
    for sql in ["update member set role = 'viewer'", "delete from member"] {
        run(&mut raw, "begin").await;
        let rows = crate::support::try_run(&mut raw, &format!("{sql} where role = 'owner'")).await;
        assert_eq!(rows.unwrap(), 0, "{sql}");
        run(&mut raw, "rollback").await;
    }
    let raised = refusal(&mut raw, "update member set role = 'owner' where role = 'admin'").await;
    assert!(raised.contains("row-level security"), "{raised}");
}

#[tokio::test]
async fn the_only_owner_stays_however_it_is_tried() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    world.member(&owner, Role::Admin).await;
    assert_eq!(said(member::change_role(&owner, id(&owner), Role::Admin).await), ONLY_OWNER);
    assert_eq!(said(member::leave(&owner).await), ONLY_OWNER);
    let own = said(member::remove(&owner, id(&owner)).await);
    assert_eq!(own, "To go yourself, leave the team.");
    let mut superuser = world.superuser().await;
    let raised = refusal(&mut superuser, "delete from member where role = 'owner'").await;
    assert_eq!(raised, "a team would have no owner");
}

#[tokio::test]
async fn who_is_removed_or_leaves_is_refused_at_once_and_their_keys_stay() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&owner, Role::Admin).await;
    domain::key::create(&admin, crate::permissions::new_key()).await.unwrap();
    let found = member::find(&owner, id(&admin)).await.unwrap().unwrap();
    assert_eq!((found.keys, found.sessions), (Some(1), 1));
    member::remove(&owner, id(&admin)).await.unwrap();
    // A request that began before: its seat is from then, and the database says no.
    let late = domain::key::create(&admin, crate::permissions::new_key()).await;
    assert!(late.is_err(), "a request under way");
    let slug = team::card(&owner).unwrap().slug;
    assert!(domain::key::list(&owner, KeyQuery::default()).await.unwrap().rows.len() == 1);

    let viewer = world.member(&owner, Role::Viewer).await;
    member::leave(&viewer).await.unwrap();
    assert!(matches!(member::leave(&viewer).await, Err(Error::NotFound)));
    let gone = world.sign_in(&viewer.viewer().unwrap().email, PASSWORD).await;
    assert!(matches!(gone.unwrap().in_team(&slug).await, Err(Error::NotFound)));
    let own = audit::own(&viewer, Around::default()).await.unwrap().page.rows;
    assert_eq!(own[1].action, "member.leave");
}

#[tokio::test]
async fn changing_removing_and_leaving_wait_for_step_up() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let luc = world.member(&owner, Role::Viewer).await;
    world.clock.advance(time::Duration::minutes(10));
    let waits = |result: domain::Result<()>| matches!(result, Err(Error::Unconfirmed { .. }));
    assert!(waits(member::change_role(&owner, id(&luc), Role::Member).await.map(drop)));
    assert!(waits(member::remove(&owner, id(&luc)).await));
    assert!(waits(member::leave(&luc).await));
    let mut raw = world.raw("probity_app", team::card(&owner).unwrap().id, &owner).await;
    for sql in ["update member set role = 'member'", "delete from member"] {
        let rows = crate::support::try_run(&mut raw, &format!("{sql} where role = 'viewer'")).await;
        assert_eq!(rows.unwrap(), 0, "{sql}");
    }
}

/// Two hundred rounds in which two owners and an admin change, remove and leave at once: the team
/// always has an owner.
#[tokio::test]
async fn a_team_has_an_owner_after_whatever_runs_at_the_same_time() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let mut superuser = world.superuser().await;
    let second = world.member(&owner, Role::Owner).await;
    let third = world.member(&owner, Role::Owner).await;
    let reset = "insert into member select * from kept on conflict (team_id, person_id)
                 do update set role = 'owner'";
    run(&mut superuser, "create table kept as select * from member").await;
    for round in 0..200_u32 {
        unguarded(&mut superuser, reset).await;
        let act = |who: Cx, whom: PersonId, dice: u32| async move {
            match dice % 3 {
                0 => member::leave(&who).await,
                1 => member::remove(&who, whom).await,
                _ => member::change_role(&who, whom, Role::Viewer).await.map(drop),
            }
        };
        let (one, two, three) = tokio::join!(
            act(owner.clone(), id(&second), round),
            act(second.clone(), id(&third), round / 3),
            act(third.clone(), id(&owner), round / 9),
        );
        for result in [&one, &two, &three] {
            assert!(!matches!(result, Err(Error::Database(_))), "round {round}: {result:?}");
        }
        let owners: i64 = sqlx::query_scalar("select count(*) from member where role = 'owner'")
            .fetch_one(&mut superuser)
            .await
            .unwrap();
        assert!(owners >= 1, "round {round}: {one:?} {two:?} {three:?}");
    }
}

#[tokio::test]
async fn members_are_listed_by_name_and_found_by_a_part_of_it() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let mut superuser = world.superuser().await;
    unguarded(
        &mut superuser,
        "insert into person (id, email, name, created_at)
         select gen_random_uuid(), 'p' || n || '@example.com', 'Person ' || lpad(n::text, 3, '0'),
                now() from generate_series(1, 60) n;
         insert into member (team_id, person_id, role, joined_at)
         select t.id, p.id, 'viewer', now() from team t, person p where p.email like 'p%'",
    )
    .await;
    let ask = async |query: MemberQuery| member::list(&owner, query).await.unwrap();
    let first = ask(MemberQuery::default()).await;
    assert_eq!((first.all, first.owners, first.page.rows.len()), (61, 1, 25));
    assert_eq!((first.page.rows[0].name.as_str(), first.page.newer), ("Ada", None));
    let second = ask(MemberQuery { before: first.page.older, ..MemberQuery::default() }).await;
    assert_eq!(second.page.rows[0].name, "Person 025");
    let back = ask(MemberQuery { after: second.page.newer, ..MemberQuery::default() }).await;
    assert_eq!(back.page.rows[0].name, "Ada");
    let found = ask(MemberQuery { q: "PERSON 01".into(), ..MemberQuery::default() }).await;
    assert_eq!(found.page.rows.len(), 10);
    let owners = ask(MemberQuery { role: "owner".into(), ..MemberQuery::default() }).await;
    assert_eq!(owners.page.rows.len(), 1);
    assert!(
        ask(MemberQuery { q: "%".into(), ..MemberQuery::default() }).await.page.rows.is_empty()
    );
    assert_eq!(role_of(&world, id(&owner)).await.as_deref(), Some("owner"));
}

#[tokio::test]
async fn who_takes_another_name_is_listed_there_at_once_in_every_team() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let luc = world.person("Luc").await;
    let mut teams = vec![world.join(&ada, &luc, Role::Viewer).await];
    teams.push(world.team(&luc, "Nordlys").await);
    world.join(&teams[1], &ada, Role::Viewer).await;
    let names = async |cx: &Cx, query: MemberQuery| {
        let rows = member::list(cx, query).await.unwrap().page.rows;
        rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&ada, MemberQuery::default()).await, ["Ada", "Luc"]);
    let profile =
        Profile { name: "aLuc".into(), time_zone: "UTC".into(), date_style: "iso".into() };
    account::update_profile(&luc, profile).await.unwrap();
    for team in [&ada, &teams[1]] {
        assert_eq!(names(team, MemberQuery::default()).await, ["Ada", "aLuc"]);
        let found = MemberQuery { q: "ALU".into(), ..MemberQuery::default() };
        assert_eq!(names(team, found).await, ["aLuc"]);
    }
}
