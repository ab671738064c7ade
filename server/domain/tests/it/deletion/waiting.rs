//! While a team waits to be deleted: what is refused, what goes on, and that it is not the operator's
//! suspension.

use super::{ask, halden, id};
use crate::{
    permissions::new_key,
    support::{World, refusal, said},
};
use domain::{Cx, account, key, member, operator, rule, team};
use model::{Role, Typed, key::KeyState, session::Profile, team::UpdateTeam};
use time::Duration;

const WHY: &str = "they did not pay";

/// What verify says in a program that has just looked.
async fn code(world: &World, secret: &str) -> &'static str {
    world.clock.advance(Duration::seconds(5)); // nobody listens here
    let (secret, ask) = (Typed::new(secret), key::Ask::default());
    key::verify(&world.anyone(), &secret, &ask).await.unwrap().code.name()
}

/// The same people in a new request.
async fn anew(world: &World, cx: &Cx) -> Cx {
    world.again(cx, cx).await
}

#[tokio::test]
async fn keys_are_refused_and_nothing_is_changed_until_it_is_undone() {
    let (world, ada) = halden().await;
    let viewer = world.member(&ada, Role::Viewer).await;
    let made = key::create(&ada, new_key()).await.unwrap();
    assert_eq!(code(&world, &made.secret).await, "VALID");
    ask(&ada).await.unwrap();
    assert_eq!(code(&world, &made.secret).await, "TEAM_SUSPENDED");
    let (before, ada) = (ada.clone(), anew(&world, &ada).await);
    assert!(team::card(&ada).unwrap().closing.is_some());
    let shown = key::find(&ada, made.id).await.unwrap().unwrap();
    assert_eq!(shown.state, KeyState::Suspended);
    let update = UpdateTeam { name: "Other".to_owned(), ..UpdateTeam::default() };
    let update = UpdateTeam {
        slug: "halden".into(),
        crest: "ink".into(),
        time_zone: "UTC".into(),
        ..update
    };
    let waits = "This team waits to be deleted, and nothing in it can be changed.";
    for refused in [
        said(key::create(&ada, new_key()).await),
        said(key::revoke(&ada, made.id, "billing-sync").await),
        said(rule::create(&ada, &crate::rules::form("boots")).await),
        said(team::update(&ada, update).await),
        said(member::remove(&ada, viewer.person().unwrap()).await),
        // A request that began before: the database refuses it.
        said(key::create(&before, new_key()).await),
        said(member::remove(&before, viewer.person().unwrap()).await),
    ] {
        assert!(refused.starts_with(waits), "{refused}");
    }
    // Whoever is in it reads on, changes what is theirs, and may go.
    assert!(key::list(&ada, model::key::KeyQuery::default()).await.is_ok());
    let form =
        Profile { name: "Ada L".into(), time_zone: "UTC".into(), date_style: "british".into() };
    account::update_profile(&ada, form).await.unwrap();
    member::leave(&anew(&world, &viewer).await).await.unwrap();
    team::undo_deletion(&ada).await.unwrap();
    assert_eq!(code(&world, &made.secret).await, "VALID");
    key::create(&anew(&world, &ada).await, new_key()).await.unwrap();
}

#[tokio::test]
async fn the_operators_suspension_and_this_one_end_apart() {
    let (world, ada) = halden().await;
    let made = key::create(&ada, new_key()).await.unwrap();
    operator::suspend(&world.deps, "halden", WHY).await.unwrap();
    ask(&ada).await.unwrap();
    team::undo_deletion(&ada).await.unwrap();
    assert_eq!(code(&world, &made.secret).await, "TEAM_SUSPENDED", "the operator's stands");
    ask(&ada).await.unwrap();
    operator::resume(&world.deps, "halden", WHY).await.unwrap();
    assert_eq!(code(&world, &made.secret).await, "TEAM_SUSPENDED", "it still waits");
    let again = said(operator::resume(&world.deps, "halden", WHY).await);
    assert_eq!(again, "This team is not suspended.");
    operator::suspend(&world.deps, "halden", WHY).await.unwrap();
    team::undo_deletion(&ada).await.unwrap();
    operator::resume(&world.deps, "halden", WHY).await.unwrap();
    assert_eq!(code(&world, &made.secret).await, "VALID");
}

#[tokio::test]
async fn streams_stand_still_and_flow_again() {
    let (world, ada) = halden().await;
    let form = model::audit::NewStream {
        kind: "https".to_owned(),
        name: "siem".to_owned(),
        begin: "beginning".to_owned(),
        url: "https://siem.example.com/in/t0k3n".to_owned(),
        ..model::audit::NewStream::default()
    };
    domain::audit::stream::create(&ada, &form).await.unwrap();
    ask(&ada).await.unwrap();
    world.clock.advance(Duration::seconds(1));
    domain::audit::stream::deliver(&world.deps).await.unwrap();
    assert_eq!(world.carrier.numbers(), Vec::<Vec<i64>>::new());
    team::undo_deletion(&ada).await.unwrap();
    world.clock.advance(Duration::seconds(1));
    domain::audit::stream::deliver(&world.deps).await.unwrap();
    assert_eq!(world.carrier.numbers().len(), 1);
}

#[tokio::test]
async fn the_database_lets_no_record_of_a_change_in() {
    let (world, ada) = halden().await;
    ask(&ada).await.unwrap();
    let mut raw = world.raw("probity_app", id(&ada), &ada).await;
    let event = format!(
        "select app.append('team', '{}', convert_to(json_build_object('id', gen_random_uuid(), \
         'at', now(), 'actor', json_build_object('kind', 'person', 'id', '{}'), 'action', \
         'key.create', 'target', json_build_object('kind', 'key', 'id', 'x'), 'outcome', \
         'ok')::text, 'UTF8'), null)",
        id(&ada).0,
        ada.person().unwrap().0
    );
    assert_eq!(refusal(&mut raw, &event).await, "the team waits to be deleted");
}
