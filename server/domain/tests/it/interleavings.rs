//! Two hundred rounds in which people of one team do things to each other at the same time.

use crate::{
    members::unguarded,
    support::{World, run},
};
use domain::{Cx, invitation, member, ownership, role};
use model::{Failure, PersonId, Role, RoleRef, invitation::Invite, role::UpdateRole};
use sqlx::PgConnection;
use uuid::Uuid;

/// What must hold at every moment; each counts what is wrong.
const INVARIANTS: &[(&str, &str)] = &[
    (
        "a team without an owner",
        "select count(*) from team t where not exists (
             select from member m where m.team_id = t.id and m.role = 'owner')",
    ),
    (
        "a member whose access is kept otherwise",
        "select count(*) from member m where not exists (
             select from access_period a
             where a.team_id = m.team_id and a.person_id = m.person_id and a.ended_at is null
                 and a.role = app.role_title(m.team_id, m.role, m.custom_role)
                 and a.permissions = app.held_now(m.team_id, m.role, m.custom_role))",
    ),
    (
        "access of somebody who has gone",
        "select count(*) from access_period a where a.ended_at is null and not exists (
             select from member m where m.team_id = a.team_id and m.person_id = a.person_id)",
    ),
    (
        "an open invitation of somebody who has gone",
        "select count(*) from invitation i where i.ended_at is null and not exists (
             select from member m where m.team_id = i.team_id and m.person_id = i.sent_by)",
    ),
    (
        "an open offer by or to somebody who has gone",
        "select count(*) from ownership_offer o where o.ended_at is null and (
             select count(*) from member m where m.team_id = o.team_id
                 and m.person_id in (o.offered_by, o.offered_to)) < 2",
    ),
    (
        "a role that is held and gone",
        "select count(*) from member m where (m.role = 'custom') <> exists (
             select from team_role r where r.team_id = m.team_id and r.id = m.custom_role)",
    ),
    (
        "an invitation that was accepted twice",
        "select greatest(count(*) - 1, 0) from invitation
         where outcome = 'accepted' and ended_at is null",
    ),
];

/// A number that looks like chance and is the same on every run (Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

struct Scene {
    people: Vec<Cx>,
    guest: Cx,
    role: model::RoleId,
}

impl Scene {
    fn id(&self, at: usize) -> PersonId {
        self.people[at].person().unwrap()
    }

    async fn act(&self, who: usize, whom: usize, what: usize) -> domain::Result<()> {
        let (cx, id) = (&self.people[who], self.id(whom));
        match what {
            0 => member::leave(cx).await,
            1 => member::remove(cx, id).await,
            2 => member::change_role(cx, id, Role::Owner).await.map(drop),
            3 => member::change_role(cx, id, Role::Viewer).await.map(drop),
            4 => member::change_role(cx, id, RoleRef::Custom(self.role)).await.map(drop),
            5 => ownership::offer(cx, id).await,
            6 => ownership::accept(cx).await,
            7 => role::delete(cx, self.role).await.map(drop),
            8 => {
                let ticked = model::Permissions::named("team.view keys.view").into();
                let form = UpdateRole { name: "Help".to_owned(), ticked, ..UpdateRole::default() };
                role::update(cx, self.role, form).await.map(drop)
            }
            9 => invitation::send(cx, invite()).await.map(drop),
            _ => match invitation::mine(&self.guest).await?.first() {
                Some(card) => invitation::accept(&self.guest, card.id).await.map(drop),
                None => Ok(()),
            },
        }
    }
}

fn invite() -> Invite {
    let emails = "guest@example.com".to_owned();
    Invite { emails, role: "admin".to_owned(), ..Invite::default() }
}

/// As it was in the beginning: two owners, two admins, a role of the team's own, a guest invited.
async fn reset(superuser: &mut PgConnection, role: Uuid) {
    let reset = format!(
        "delete from member where person_id not in (select person_id from kept);
         insert into member select * from kept on conflict (team_id, person_id)
         do update set role = excluded.role, custom_role = null;
         update ownership_offer set ended_at = now(), outcome = 'withdrawn' where ended_at is null;
         insert into team_role select t.id, '{role}', 'Support', now() from team t
         on conflict do nothing;
         insert into team_role_permission select t.id, '{role}', 'team.view' from team t
         on conflict do nothing"
    );
    run(
        superuser,
        "alter table ownership_offer disable trigger user;
         alter table team_role disable trigger user;
         alter table team_role_permission disable trigger user; truncate limit_bucket",
    )
    .await;
    unguarded(superuser, &reset).await;
    run(
        superuser,
        "select app.keep_all_periods();
         update access_period a set ended_at = greatest(now(), began_at)
         where ended_at is null and not exists (
             select from member m where m.team_id = a.team_id and m.person_id = a.person_id);
         alter table ownership_offer enable always trigger ownership_offer_is_audited;
         alter table team_role enable always trigger team_role_is_audited;
         alter table team_role enable always trigger team_role_keeps_few;
         alter table team_role enable always trigger team_role_keeps_periods;
         alter table team_role_permission enable always trigger team_role_permission_is_audited;
         alter table team_role_permission
             enable always trigger team_role_permission_keeps_periods",
    )
    .await;
}

#[tokio::test]
async fn whatever_runs_at_the_same_time_what_must_hold_holds() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let mut people = vec![ada.clone()];
    for role in [Role::Owner, Role::Admin, Role::Admin] {
        people.push(world.member(&ada, role).await);
    }
    let guest = world.person("Guest").await;
    let role = world.role(&ada, "Support", "team.view").await.id;
    let scene = Scene { people, guest, role };
    let mut superuser = world.superuser().await;
    run(&mut superuser, "create table kept as select * from member").await;
    let (mut dice, mut done) = (Dice(2026), 0);
    for round in 0..200 {
        reset(&mut superuser, role.0).await;
        let mut roll = || (dice.roll(4), dice.roll(4), dice.roll(11));
        let acts = [roll(), roll(), roll(), roll()];
        let run = |(who, whom, what)| scene.act(who, whom, what);
        let results: [domain::Result<()>; 4] =
            tokio::join!(run(acts[0]), run(acts[1]), run(acts[2]), run(acts[3])).into();
        for (what, count) in INVARIANTS {
            let wrong: i64 = sqlx::query_scalar(*count).fetch_one(&mut superuser).await.unwrap();
            assert_eq!(wrong, 0, "round {round}: {what} after {acts:?}: {results:?}");
        }
        for (act, result) in acts.iter().zip(results) {
            let Err(error) = result else {
                done += 1;
                continue;
            };
            let cause = format!("{error:?}");
            let told = error.failure(model::RequestId(Uuid::nil()));
            let broken = matches!(told, Failure::Unavailable(_));
            assert!(!broken, "round {round}, {act:?} of {acts:?}: {cause}");
        }
    }
    assert!(done > 200, "{done} of 800 acts went through: the rounds say little");
}
