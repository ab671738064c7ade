//! Roles that a team makes for itself.

use crate::support::{World, refusal, run, said};
use domain::{Cx, Error, audit, invitation, key, member, role, team};
use model::key::KeyQuery;
use model::{
    CustomRole, HeldRole, Permission, Permissions, Role, RoleRef,
    invitation::Invite,
    member::MemberQuery,
    page::Around,
    role::{NewRole, UpdateRole},
};
use time::Duration;

fn named(name: &str, permissions: &str) -> NewRole {
    let ticked = Permissions::named(permissions).into();
    NewRole { name: name.to_owned(), ticked, ..NewRole::default() }
}

fn changed(name: &str, permissions: &str) -> UpdateRole {
    let ticked = Permissions::named(permissions).into();
    UpdateRole { name: name.to_owned(), ticked, ..UpdateRole::default() }
}

const SUPPORT: &str = "team.view members.view keys.view";

impl World {
    pub(crate) async fn role(&self, team: &Cx, name: &str, permissions: &str) -> CustomRole {
        role::create(team, named(name, permissions)).await.unwrap()
    }

    /// Somebody who holds a role of the team's own.
    pub(crate) async fn holder(&self, team: &Cx, role: &CustomRole) -> Cx {
        let cx = self.member(team, Role::Viewer).await;
        member::change_role(team, cx.person().unwrap(), RoleRef::Custom(role.id)).await.unwrap();
        self.again(&cx, team).await
    }

    /// A new request of theirs.
    pub(crate) async fn again(&self, cx: &Cx, team: &Cx) -> Cx {
        let email = cx.viewer().unwrap().email.clone();
        let cx = self.sign_in(&email, crate::support::PASSWORD).await.unwrap();
        cx.in_team(&team::card(team).unwrap().slug).await.unwrap()
    }
}

#[tokio::test]
async fn its_holder_may_what_it_holds_and_nothing_else_in_code_and_database() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let support = world.role(&ada, "Support", SUPPORT).await;
    let luc = world.holder(&ada, &support).await;
    assert_eq!(team::card(&luc).unwrap().role, HeldRole::Custom(support.clone()));
    let team = team::card(&ada).unwrap().id;
    let mut raw = world.raw("probity_app", team, &luc).await;
    for permission in Permission::ALL {
        let held = support.permissions.holds(*permission);
        assert_eq!(luc.view(*permission).await.is_ok(), held, "{}", permission.name());
        let database: bool = sqlx::query_scalar("select app.may($1)")
            .bind(permission.name())
            .fetch_one(&mut raw)
            .await
            .unwrap();
        assert_eq!(database, held, "{} in the database", permission.name());
    }
    // From the next request on.
    role::update(&ada, support.id, changed("Support", "team.view")).await.unwrap();
    for looks in [
        "select app.members_listed('', null, '', null, 'name', null, true, 9)",
        "select app.members_seen(array[app.person()])",
    ] {
        assert_eq!(refusal(&mut raw, looks).await, "only members see members");
    }
    let lists = "select app.keys_listed('', '', '', 'made', null, false, 9)";
    assert_eq!(refusal(&mut raw, lists).await, "only who sees keys lists them");
    let luc = world.again(&luc, &ada).await;
    assert!(matches!(luc.view(Permission::KeysView).await, Err(Error::Forbidden(_))));
    assert!(key::list(&luc, KeyQuery::default()).await.is_err());
}

#[tokio::test]
async fn nobody_puts_in_changes_or_gives_what_they_lack() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&ada, Role::Admin).await;
    let strong = world.role(&ada, "Strong", "team.view team.delete").await;
    let own = |result: domain::Result<()>, lacking| {
        assert!(matches!(result, Err(Error::Forbidden(found)) if found == lacking), "{result:?}");
    };
    let delete = Permission::TeamDelete;
    own(role::create(&admin, named("Mine", "team.delete")).await.map(drop), delete);
    own(role::update(&admin, strong.id, changed("Mine", "")).await.map(drop), delete);
    own(role::delete(&admin, strong.id).await.map(drop), delete);
    let luc = world.member(&ada, Role::Viewer).await;
    let id = luc.person().unwrap();
    let which = RoleRef::Custom(strong.id);
    own(member::change_role(&admin, id, which).await.map(drop), delete);
    let invite = Invite {
        emails: "ben@example.com".to_owned(),
        role: which.to_string(),
        ..Invite::default()
    };
    own(invitation::send(&admin, invite).await.map(drop), delete);
    member::change_role(&ada, id, which).await.unwrap();
    own(member::remove(&admin, id).await, delete);
    own(member::change_role(&admin, id, Role::Viewer).await.map(drop), delete);
    // Who holds everything is no owner for that.
    let all = world.role(&ada, "All", &Permissions::of(Role::Owner).names()).await;
    let second = world.holder(&ada, &all).await;
    own(member::change_role(&second, id, Role::Owner).await.map(drop), Permission::SecurityManage);
    own(member::remove(&second, ada.person().unwrap()).await, Permission::SecurityManage);
    own(domain::ownership::offer(&second, id).await, Permission::SecurityManage);
}

/// The same as before, past every check of the program.
#[tokio::test]
async fn the_database_alone_lets_nobody_put_in_change_or_give_what_they_lack() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&ada, Role::Admin).await;
    let viewer = world.member(&ada, Role::Viewer).await;
    let strong = world.role(&ada, "Strong", "team.view team.delete").await;
    let weak = world.role(&ada, "Weak", "team.view").await;
    let boss = world.holder(&ada, &strong).await;
    let (team, strong, weak) = (team::card(&ada).unwrap().id, strong.id.0, weak.id.0);
    let (id, boss) = (viewer.person().unwrap().0, boss.person().unwrap().0);
    let t = team.0;
    let mut raw = world.raw("probity_app", team, &admin).await;
    let policy = |said: &str| assert!(said.contains("row-level security policy"), "{said}");
    let grants =
        format!("insert into team_role_permission values ('{t}', '{weak}', 'data.export')");
    policy(&refusal(&mut raw, &grants).await);
    let gives = format!(
        "update member set role = 'custom', custom_role = '{strong}' where person_id = '{id}'"
    );
    policy(&refusal(&mut raw, &gives).await);
    let unknown = format!("insert into team_role_permission values ('{t}', '{weak}', 'no.such')");
    policy(&refusal(&mut raw, &unknown).await);
    for nothing in [
        format!("update member set role = 'viewer', custom_role = null where person_id = '{boss}'"),
        format!("delete from member where person_id = '{boss}'"),
        format!("delete from team_role_permission where role_id = '{strong}'"),
        format!("update team_role set name = 'x' where id = '{strong}'"),
        format!("delete from team_role where id = '{strong}'"),
    ] {
        let touched = crate::support::try_run(&mut raw, &nothing).await.unwrap();
        assert_eq!(touched, 0, "{nothing}");
    }
    // Who holds everything is no owner for that.
    let all = world.role(&ada, "All", &Permissions::of(Role::Owner).names()).await;
    let second = world.holder(&ada, &all).await;
    let mut theirs = world.raw("probity_app", team, &second).await;
    let owner = format!("update member set role = 'owner' where person_id = '{id}'");
    policy(&refusal(&mut theirs, &owner).await);
    // What they hold they may, and it must be recorded.
    run(&mut raw, "begin").await;
    let granted = format!("insert into team_role_permission values ('{t}', '{weak}', 'keys.view')");
    run(&mut raw, &granted).await;
    assert!(refusal(&mut raw, "commit").await.ends_with("without its audit event"));
    // A viewer may nothing of it, and nobody whose step-up is over.
    let mut raw = world.raw("probity_app", team, &viewer).await;
    policy(&refusal(&mut raw, &granted).await);
    world.clock.advance(Duration::minutes(10));
    let mut raw = world.raw("probity_app", team, &admin).await;
    policy(&refusal(&mut raw, &granted).await);
    let waits = role::create(&admin, named("Late", "team.view")).await;
    assert!(matches!(waits, Err(Error::Unconfirmed { .. })));
}

#[tokio::test]
async fn one_that_is_held_or_promised_cannot_be_deleted() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let support = world.role(&ada, "Support", SUPPORT).await;
    let luc = world.holder(&ada, &support).await;
    assert_eq!(
        said(role::delete(&ada, support.id).await),
        "Somebody holds this role. Give everybody who does another one first."
    );
    member::change_role(&ada, luc.person().unwrap(), Role::Viewer).await.unwrap();
    let invite = Invite {
        emails: "ben@example.com".to_owned(),
        role: RoleRef::Custom(support.id).to_string(),
        ..Invite::default()
    };
    invitation::send(&ada, invite).await.unwrap();
    assert_eq!(
        said(role::delete(&ada, support.id).await),
        "An open invitation promises this role. Take the invitation back first."
    );
    let open = invitation::list(&ada).await.unwrap().rows;
    assert_eq!(open[0].role, "Support");
    invitation::revoke(&ada, open[0].id).await.unwrap();
    assert_eq!(role::delete(&ada, support.id).await.unwrap(), "Support");
    assert!(role::list(&ada).await.unwrap().is_empty());
    assert!(matches!(role::delete(&ada, support.id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn who_is_invited_into_one_holds_it() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let support = world.role(&ada, "Support", SUPPORT).await;
    let invite = Invite {
        emails: "ben@example.com".to_owned(),
        role: RoleRef::Custom(support.id).to_string(),
        ..Invite::default()
    };
    invitation::send(&ada, invite).await.unwrap();
    let ben = world.person("Ben").await;
    let card = invitation::mine(&ben).await.unwrap().remove(0);
    assert_eq!(card.role, "Support");
    // What it holds when they come in counts.
    role::update(&ada, support.id, changed("Help", "team.view")).await.unwrap();
    invitation::accept(&ben, card.id).await.unwrap();
    let ben = ben.in_team("halden").await.unwrap();
    assert_eq!(team::card(&ben).unwrap().role.title(), "Help");
    assert!(ben.view(Permission::KeysView).await.is_err());
    let listed = member::list(
        &ada,
        MemberQuery { role: RoleRef::Custom(support.id).to_string(), ..MemberQuery::default() },
    );
    let listed = listed.await.unwrap().page.rows;
    assert_eq!(listed.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Ben"]);
}

#[tokio::test]
async fn an_invitation_to_one_that_grew_past_its_sender_opens_nothing() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&ada, Role::Admin).await;
    let support = world.role(&ada, "Support", SUPPORT).await;
    let invite = Invite {
        emails: "ben@example.com".to_owned(),
        role: RoleRef::Custom(support.id).to_string(),
        ..Invite::default()
    };
    invitation::send(&admin, invite).await.unwrap();
    let ben = world.person("Ben").await;
    let card = invitation::mine(&ben).await.unwrap().remove(0);
    role::update(&ada, support.id, changed("Support", "team.view team.delete")).await.unwrap();
    assert!(invitation::mine(&ben).await.unwrap().is_empty());
    assert!(matches!(invitation::accept(&ben, card.id).await, Err(Error::NotFound)));
    let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &ben).await;
    let accept = format!(
        "select app.accept_invitation('{}', '{}')",
        team::card(&ada).unwrap().id.0,
        card.id.0
    );
    let role: Option<String> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(accept)).fetch_one(&mut raw).await.unwrap();
    assert_eq!(role, None);
}

#[tokio::test]
async fn a_team_has_ten_at_most_also_when_they_are_made_at_once() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    for n in 0..8 {
        world.role(&ada, &format!("Role {n}"), "team.view").await;
    }
    let made = async |n: u32| role::create(&ada, named(&format!("More {n}"), "team.view")).await;
    let (a, b, c, d) = tokio::join!(made(1), made(2), made(3), made(4));
    let tries = [a, b, c, d];
    assert_eq!(tries.iter().filter(|made| made.is_ok()).count(), 2);
    for refused in tries.into_iter().filter(|made| made.is_err()) {
        let sentence = said(refused);
        assert_eq!(sentence, "A team has at most 10 roles of its own. Delete one first.");
    }
}

#[tokio::test]
async fn a_name_is_given_once_and_not_that_of_a_role_that_every_team_has() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    world.role(&ada, "Support", SUPPORT).await;
    assert_eq!(
        said(role::create(&ada, named("support", "team.view")).await),
        "The team has a role of this name. Choose another one."
    );
    assert_eq!(
        said(role::create(&ada, named("OWNER", "team.view")).await),
        "Every team has a role of this name. Choose another one."
    );
    assert!(role::create(&ada, named("", "team.view")).await.is_err());
    // Another team's names and ids are its own.
    let theirs = world.team(&world.person("Mallory").await, "Mal").await;
    let support = world.role(&theirs, "Support", "team.view").await;
    let luc = world.member(&ada, Role::Viewer).await.person().unwrap();
    let foreign = member::change_role(&ada, luc, RoleRef::Custom(support.id)).await;
    assert_eq!(said(foreign), "Choose one of the roles.");
    assert!(matches!(role::load(&ada, support.id).await, Ok(None)));
    assert!(matches!(role::delete(&ada, support.id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn each_change_of_one_is_recorded_from_what_to_what() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let support = world.role(&ada, "Support", SUPPORT).await;
    role::update(&ada, support.id, changed("Help", "team.view audit.view")).await.unwrap();
    role::delete(&ada, support.id).await.unwrap();
    let log = audit::list(&ada, Around::default()).await.unwrap().page.rows;
    let said: Vec<_> = log.iter().map(|row| (row.action.as_str(), row.target.as_str())).collect();
    assert_eq!(
        said[..3],
        [("role.delete", "Help"), ("role.update", "Help"), ("role.create", "Support")]
    );
    assert!(
        log[1].detail.contains(r#""permissions": "team.view audit.view""#),
        "{}",
        log[1].detail
    );
    assert!(log[1].detail.contains(&format!(r#""permissions": "{SUPPORT}""#)), "{}", log[1].detail);
}
