//! How people come in, stay in, and get out.

mod browsers;
mod canary;
mod database;
mod deletion;
mod email;
mod links;
mod operators;
mod passkeys;
mod rehash;
pub(crate) mod scene;
mod second_step;
mod sessions;
mod slow;
mod step_up;

use crate::support::{PASSWORD, World, entered, said};
use domain::{Cx, Error, Origin, Signup, account, team};
use model::{
    Typed,
    account::{SetUp, SignUp},
    team::NewTeam,
};
use secrecy::{ExposeSecret, SecretString};
use time::Duration;

const NO_MATCH: &str = "That e-mail address and password do not match, or the account is not \
                        open. Check both, and your mail.";

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_read_the_same() {
    let world = World::new().await;
    world.person("Ada").await;
    assert_eq!(said(world.sign_in("ada@example.com", "wrong wrong wrong").await), NO_MATCH);
    assert_eq!(said(world.sign_in("eve@example.com", "wrong wrong wrong").await), NO_MATCH);
    assert!(world.sign_in(" ADA@example.com ", PASSWORD).await.unwrap().is_signed_in());
}

#[tokio::test]
async fn an_address_has_one_account_however_it_is_written() {
    let world = World::new().await;
    world.person("Ada").await;
    let again = SignUp {
        name: "Eve".to_owned(),
        email: "ADA@Example.com".to_owned(),
        password: Typed::new(PASSWORD),
    };
    world.letters().await;
    account::sign_up(&world.anyone(), again).await.unwrap();
    let letters = world.letters().await;
    assert_eq!(letters.len(), 1, "the same answer; the mailbox alone is told");
    assert_eq!(letters[0].to.to_lowercase(), "ada@example.com");
    assert!(!letters[0].text.expose_secret().contains("/sign-up/"), "and no link makes an account");
}

#[tokio::test]
async fn a_form_is_told_of_all_its_wrong_fields_at_once() {
    let world = World::new().await;
    let form = SignUp::default();
    let Err(Error::Invalid(errors)) = account::sign_up(&world.anyone(), form).await else {
        panic!("an empty form went through");
    };
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["name", "email", "password"]);
}

#[tokio::test]
async fn nobody_signs_up_where_it_takes_an_invitation() {
    let world = World::with(Signup::Invitation, 4).await;
    let form = SignUp {
        name: "Ada".to_owned(),
        email: "ada@example.com".to_owned(),
        password: Typed::new(PASSWORD),
    };
    assert!(matches!(account::sign_up(&world.anyone(), form).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_session_ends_when_signed_out_idle_or_old() {
    let world = World::new().await;
    world.person("Ada").await;
    let session = || async {
        let form = model::account::SignIn {
            email: "ada@example.com".to_owned(),
            password: Typed::new(PASSWORD),
            next: String::new(),
        };
        entered(account::sign_in(&world.anyone(), form).await.unwrap()).token
    };
    let alive = async |token: &SecretString| {
        world.anyone().with_session(token).await.unwrap().is_signed_in()
    };
    let signed_out = session().await;
    account::sign_out(&world.anyone().with_session(&signed_out).await.unwrap()).await.unwrap();
    assert!(!alive(&signed_out).await);

    let idle = session().await;
    world.clock.advance(Duration::hours(23));
    assert!(alive(&idle).await, "and this use keeps it alive");
    world.clock.advance(Duration::hours(23));
    assert!(alive(&idle).await);
    world.clock.advance(Duration::hours(24));
    assert!(!alive(&idle).await);

    let old = session().await;
    for _ in 0..7 {
        assert!(alive(&old).await);
        world.clock.advance(Duration::hours(23));
    }
    assert!(alive(&old).await);
    world.clock.advance(Duration::hours(7));
    assert!(!alive(&old).await, "after seven days, whatever its use");
}

#[tokio::test]
async fn a_page_that_asks_by_itself_keeps_no_session_that_nobody_uses() {
    let world = World::new().await;
    world.person("Ada").await;
    let form = model::account::SignIn {
        email: "ada@example.com".to_owned(),
        password: Typed::new(PASSWORD),
        next: String::new(),
    };
    let session = entered(account::sign_in(&world.anyone(), form).await.unwrap()).token;
    let by_itself = async || {
        let request = domain::ports::new_request_id(&*world.clock, &*world.random);
        let origin = Origin { by_itself: true, ..Origin::of(request) };
        let cx = Cx::anyone(&world.deps, origin).with_session(&session).await.unwrap();
        cx.is_signed_in()
    };
    for _ in 0..23 {
        assert!(by_itself().await);
        world.clock.advance(Duration::hours(1));
    }
    world.clock.advance(Duration::hours(1));
    assert!(!by_itself().await, "a day after somebody used it");
    assert!(!world.anyone().with_session(&session).await.unwrap().is_signed_in());
}

/// A request in flight reads the session, it is ended elsewhere, and the request ends: the usual
/// stores then write the session back.
#[tokio::test]
async fn a_session_that_was_ended_is_never_written_back() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    world.clock.advance(Duration::minutes(5));
    account::sign_out(&ada).await.unwrap();
    let mut superuser = world.superuser().await;
    let ended: Vec<Vec<u8>> =
        sqlx::query_scalar("select id_hash from session where ended_at is not null")
            .fetch_all(&mut superuser)
            .await
            .unwrap();
    assert_eq!(ended.len(), 1);
    for _ in 0..2 {
        let person: Option<uuid::Uuid> =
            sqlx::query_scalar("select person_id from app.session_of($1, '2026-11-22 08:06Z')")
                .bind(&ended[0])
                .fetch_optional(&mut superuser)
                .await
                .unwrap();
        assert_eq!(person, None);
    }
    account::sign_out(&ada).await.unwrap();
}

#[tokio::test]
async fn the_set_up_link_works_once_even_for_two_at_once() {
    let world = World::with(Signup::Invitation, 4).await;
    let older = account::set_up_link(&world.deps).await.unwrap().unwrap();
    let link = account::set_up_link(&world.deps).await.unwrap().unwrap();
    let attempt = |token: &SecretString, name: &str, team: &str| {
        let form = SetUp {
            token: Typed::new(token.expose_secret()),
            name: name.to_owned(),
            email: format!("{name}@example.com"),
            password: Typed::new(PASSWORD),
            team: team.to_owned(),
        };
        let cx = world.anyone();
        async move { account::set_up(&cx, form).await }
    };
    assert!(matches!(attempt(&older, "Eve", "Eve's").await, Err(Error::NotFound)));
    assert_eq!(said(attempt(&link, "Ada", "").await), "Give your team a name.");
    let (one, other) = tokio::join!(
        attempt(&link, "Ada", "Halden Freight"),
        attempt(&link, "Luc", "Halden Freight")
    );
    assert!(one.is_ok() != other.is_ok(), "exactly one of two");
    assert!(account::is_set_up(&world.anyone()).await.unwrap());
    assert!(account::set_up_link(&world.deps).await.unwrap().is_none());
    let (session, card) = one.or(other).unwrap();
    let owner = world.anyone().with_session(&session.token).await.unwrap();
    assert_eq!(owner.viewer().unwrap().teams, [card]);
}

#[tokio::test]
async fn teams_of_one_name_get_addresses_of_their_own() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let mut slugs = Vec::new();
    for _ in 0..6 {
        let form = NewTeam { name: "Halden".to_owned() };
        slugs.push(team::create(&ada, form).await.unwrap().slug);
    }
    assert_eq!(slugs[..4], ["halden", "halden-2", "halden-3", "halden-4"]);
    assert!(slugs[4].starts_with("halden-") && slugs[4] != slugs[5]);
    let later = world.sign_in("ada@example.com", PASSWORD).await.unwrap();
    assert_eq!(later.viewer().unwrap().teams.len(), 6);
}
