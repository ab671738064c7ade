//! Handing a team over.

use crate::support::{PASSWORD, World, refusal, run, said};
use domain::{Cx, Error, audit, member, ownership, team};
use model::{Permission, Role, member::MemberQuery, ownership::Offer, page::Around};
use secrecy::ExposeSecret;
use time::Duration;

const ENDED: &str = "This offer has ended. Look again.";

async fn open(cx: &Cx) -> Option<Offer> {
    member::list(cx, MemberQuery::default()).await.unwrap().offer
}

async fn roles(world: &World) -> Vec<String> {
    let rows = "select p.name || ' ' || m.role from member m join person p on p.id = m.person_id
                order by 1";
    sqlx::query_scalar(rows).fetch_all(&mut world.superuser().await).await.unwrap()
}

#[tokio::test]
async fn both_roles_change_when_it_is_accepted_and_both_sides_are_told() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let ben = world.join(&ada, &world.person("Ben").await, Role::Viewer).await;
    let other = world.member(&ada, Role::Admin).await;
    world.letters().await;
    ownership::offer(&ada, ben.person().unwrap()).await.unwrap();
    let letter = world.letters().await.pop().unwrap();
    assert_eq!(
        (letter.to.as_str(), letter.subject.as_str()),
        ("ben@example.com", "A team is offered to you")
    );
    assert!(open(&ben).await.unwrap().is_to_you);
    assert!(!open(&ada).await.unwrap().is_to_you);
    assert_eq!(open(&other).await, None, "others do not see it");

    let (one, two) = tokio::join!(ownership::accept(&ben), ownership::accept(&ben));
    assert!(one.is_ok() != two.is_ok(), "exactly one of two");
    let roles = roles(&world).await;
    assert_eq!(roles[0], "Ada admin");
    assert_eq!(roles[2], "Ben owner");
    let letter = world.letters().await.pop().unwrap();
    assert_eq!(letter.to, "ada@example.com");
    assert!(letter.text.expose_secret().contains("Ben accepted your offer"));
    let ben = world.sign_in("ben@example.com", PASSWORD).await.unwrap();
    let ben = ben.in_team("halden").await.unwrap();
    let log = audit::list(&ben, Around::default()).await.unwrap().page.rows;
    let row = log.iter().find(|row| row.action == "ownership.accept").unwrap();
    assert_eq!(
        (row.actor.as_str(), row.target.clone()),
        ("Ben", ada.person().unwrap().to_string())
    );
}

#[tokio::test]
async fn only_a_confirmed_owner_offers_and_only_to_a_member_in_code_and_database() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let admin = world.member(&ada, Role::Admin).await;
    let stranger = world.person("Eve").await;
    let to = admin.person().unwrap();
    let refused = ownership::offer(&admin, ada.person().unwrap()).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::SecurityManage))));
    let refused = ownership::offer(&ada, stranger.person().unwrap()).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    let yourself = said(ownership::offer(&ada, ada.person().unwrap()).await);
    assert_eq!(yourself, "The team is yours already.");
    let second = world.member(&ada, Role::Owner).await;
    let owner = said(ownership::offer(&ada, second.person().unwrap()).await);
    assert_eq!(owner, "They are an owner already.");

    let id = team::card(&ada).unwrap().id;
    let insert = |by: &Cx, to: &Cx| {
        format!(
            "insert into ownership_offer values ('{}', gen_random_uuid(), '{}', '{}', now(), now())",
            id.0,
            by.person().unwrap().0,
            to.person().unwrap().0
        )
    };
    const REFUSED: &str =
        "new row violates row-level security policy for table \"ownership_offer\"";
    let mut raw = world.raw("probity_app", id, &admin).await;
    assert_eq!(refusal(&mut raw, &insert(&admin, &ada)).await, REFUSED);
    let mut raw = world.raw("probity_app", id, &ada).await;
    assert_eq!(refusal(&mut raw, &insert(&ada, &stranger)).await, REFUSED);
    assert_eq!(refusal(&mut raw, &insert(&second, &admin)).await, REFUSED, "in another's name");
    run(&mut raw, "begin").await;
    run(&mut raw, &insert(&ada, &admin)).await;
    let unrecorded = refusal(&mut raw, "commit").await;
    assert_eq!(unrecorded, "a change to ownership_offer without its audit event");

    world.clock.advance(Duration::minutes(10));
    assert!(matches!(ownership::offer(&ada, to).await, Err(Error::Unconfirmed { .. })));
}

#[tokio::test]
async fn it_is_accepted_confirmed_in_time_and_only_by_whom_it_is_made_to() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let ben = world.join(&ada, &world.person("Ben").await, Role::Member).await;
    let cy = world.join(&ada, &world.person("Cy").await, Role::Admin).await;
    ownership::offer(&ada, ben.person().unwrap()).await.unwrap();
    assert_eq!(said(ownership::accept(&cy).await), ENDED);
    assert_eq!(said(ownership::decline(&cy).await), ENDED);
    let again = said(ownership::offer(&ada, cy.person().unwrap()).await);
    assert_eq!(again, "The team is on offer already. Withdraw that offer first.");
    world.clock.advance(Duration::minutes(10));
    assert!(matches!(ownership::accept(&ben).await, Err(Error::Unconfirmed { .. })));
    let mut raw = world.raw("probity_app", team::card(&ada).unwrap().id, &ben).await;
    run(&mut raw, "set app.at = '2030-01-01T00:00:00Z'").await;
    let accept = format!("select app.accept_ownership('{}')", team::card(&ada).unwrap().id.0);
    let unconfirmed = refusal(&mut raw, &accept).await;
    assert_eq!(unconfirmed, "ownership is accepted by its person, confirmed");

    world.clock.advance(Duration::days(7));
    let ben = world.sign_in("ben@example.com", PASSWORD).await.unwrap();
    let ben = ben.in_team("halden").await.unwrap();
    assert_eq!(open(&ben).await, None);
    assert_eq!(said(ownership::accept(&ben).await), ENDED);
    let ada = world.sign_in("ada@example.com", PASSWORD).await.unwrap();
    let ada = ada.in_team("halden").await.unwrap();
    ownership::offer(&ada, cy.person().unwrap()).await.unwrap();
}

#[tokio::test]
async fn it_ends_when_declined_or_withdrawn_and_with_either_side() {
    let world = World::new().await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    let ben = world.join(&ada, &world.person("Ben").await, Role::Member).await;
    let id = ben.person().unwrap();
    ownership::offer(&ada, id).await.unwrap();
    ownership::decline(&ben).await.unwrap();
    assert_eq!(said(ownership::accept(&ben).await), ENDED);
    ownership::offer(&ada, id).await.unwrap();
    ownership::withdraw(&ada).await.unwrap();
    assert_eq!(said(ownership::withdraw(&ada).await), ENDED);
    assert_eq!(said(ownership::accept(&ben).await), ENDED);
    ownership::offer(&ada, id).await.unwrap();
    member::remove(&ada, id).await.unwrap();
    assert_eq!(open(&ada).await, None);

    let cy = world.join(&ada, &world.person("Cy").await, Role::Member).await;
    let second = world.member(&ada, Role::Owner).await;
    ownership::offer(&ada, cy.person().unwrap()).await.unwrap();
    member::change_role(&second, ada.person().unwrap(), Role::Admin).await.unwrap();
    assert_eq!(said(ownership::accept(&cy).await), ENDED, "who offered it no longer has it");
    assert_eq!(roles(&world).await.iter().filter(|row| row.ends_with("owner")).count(), 1);
}

/// The team changes hands while its other owner demotes the one who offers: it always has an owner,
/// and nobody waits in a circle.
#[tokio::test]
async fn whatever_happens_at_once_the_team_has_an_owner() {
    let world = World::with(domain::Signup::Open, 16).await;
    let ada = world.team(&world.person("Ada").await, "Halden").await;
    world.join(&ada, &world.person("Ben").await, Role::Member).await;
    let enter = async |email| {
        world.sign_in(email, PASSWORD).await.unwrap().in_team("halden").await.unwrap()
    };
    let (mut from, mut to) = ("ada@example.com", "ben@example.com");
    for round in 0..20 {
        let (giver, taker) = (enter(from).await, enter(to).await);
        ownership::offer(&giver, taker.person().unwrap()).await.unwrap();
        let (accepted, withdrawn) =
            tokio::join!(ownership::accept(&taker), ownership::withdraw(&giver));
        assert!(accepted.is_ok() != withdrawn.is_ok(), "round {round}: exactly one of two");
        let owners = roles(&world).await.iter().filter(|row| row.ends_with("owner")).count();
        assert_eq!(owners, 1, "round {round}");
        if accepted.is_ok() {
            std::mem::swap(&mut from, &mut to);
        }
    }
}
