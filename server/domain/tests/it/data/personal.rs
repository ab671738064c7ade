//! What is kept about a person, for that person alone.

use super::{Files, unpacked};
use crate::{audit_export::report, support::World};
use domain::{Cx, Error, account, audit};
use futures::TryStreamExt;
use model::{
    audit::{SaveSearch, Whose},
    page::Around,
};
use std::collections::BTreeSet;

async fn fetched(cx: &Cx) -> Files {
    let link = account::export_link(cx).await.unwrap();
    let parts = account::export(cx, &link.token).await.unwrap();
    unpacked(&parts.try_collect::<Vec<_>>().await.unwrap().concat())
}

fn text<'a>(files: &'a Files, name: &str) -> &'a str {
    std::str::from_utf8(&files[name]).unwrap()
}

#[tokio::test]
async fn everything_about_a_person_is_in_it_their_log_is_proven_and_no_secret_is_there() {
    let world = World::new().await;
    let ada = world.person("Ada Lind").await;
    let team = world.team(&ada, "Halden").await;
    let search = SaveSearch {
        team: String::new(),
        name: "Mine".to_owned(),
        search: "actor:me".to_owned(),
        whose: Whose::Me.name().to_owned(),
    };
    audit::saved::save(&team, &search).await.unwrap();
    let again = world.sign_in("ada.lind@example.com", crate::support::PASSWORD).await.unwrap();
    let files = fetched(&again).await;
    let names: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "README.txt",
        "activity.jsonl",
        "activity.jsonl.manifest.json",
        "browsers.json",
        "factors.json",
        "memberships.json",
        "profile.json",
        "searches.json",
        "sessions.json",
    ];
    assert_eq!(names, expected.into());
    assert!(text(&files, "profile.json").contains("ada.lind@example.com"));
    assert!(text(&files, "memberships.json").contains("Halden"));
    assert!(text(&files, "searches.json").contains("actor:me"));
    assert_eq!(text(&files, "sessions.json").matches("\"Test/1\"").count(), 2);
    let found = report(&files["activity.jsonl"], text(&files, "activity.jsonl.manifest.json"));
    assert!(found.is_proven(), "{found:?}");
    assert_eq!(found.of, "Ada Lind");
    assert!(text(&files, "activity.jsonl").contains("person.export"), "it is in its own file");
    let secrets: Vec<String> = sqlx::query_scalar(
        "select password_hash from credential union select encode(id_hash, 'hex') from session
         union select encode(token_hash, 'hex') from device",
    )
    .fetch_all(&mut world.superuser().await)
    .await
    .unwrap();
    for (name, file) in &files {
        let text = String::from_utf8_lossy(file);
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{secret} in {name}");
        }
    }
}

#[tokio::test]
async fn nobody_elses_is_in_it_and_its_link_is_of_one_session_and_ten_minutes() {
    let world = World::new().await;
    let ada = world.person("Ada Lind").await;
    let team = world.team(&ada, "Halden").await;
    let ben = world.member(&team, model::Role::Admin).await;
    let files = fetched(&ben).await;
    for (name, file) in &files {
        let text = String::from_utf8_lossy(file);
        assert!(!text.contains("ada.lind@example.com") && !text.contains("Ada Lind"), "{name}");
    }
    let link = account::export_link(&ada).await.unwrap();
    assert!(account::export_ends(&ada, &link.token).await.unwrap().is_some());
    let elsewhere = world.sign_in("ada.lind@example.com", crate::support::PASSWORD).await.unwrap();
    for (cx, token) in [(&elsewhere, &link.token), (&ben, &link.token), (&ada, &String::new())] {
        assert_eq!(account::export_ends(cx, token).await.unwrap(), None);
        assert!(matches!(account::export(cx, token).await.err(), Some(Error::Conflict(_))));
    }
    let nobody = account::export(&world.anyone(), &link.token).await;
    assert!(matches!(nobody.err(), Some(Error::Unauthenticated)));
    world.clock.advance(time::Duration::minutes(11));
    assert!(matches!(account::export(&ada, &link.token).await.err(), Some(Error::Conflict(_))));
    assert!(matches!(account::export_link(&ada).await, Err(Error::Unconfirmed { .. })));
    let log = format!("{:?}", audit::own(&ada, Around::default()).await.unwrap());
    assert_eq!(log.matches("person.export").count(), 1, "{log}");
}

#[tokio::test]
async fn whoever_stops_fetching_keeps_no_connection() {
    let world = World::with(domain::Signup::Open, 2).await;
    let ada = world.person("Ada Lind").await;
    for _ in 0..5 {
        let link = account::export_link(&ada).await.unwrap();
        let mut parts = std::pin::pin!(account::export(&ada, &link.token).await.unwrap());
        drop(parts.try_next().await.unwrap());
    }
    // Neither who has gone, nor who waits: both connections are free.
    let link = account::export_link(&ada).await.unwrap();
    let _waits = account::export(&ada, &link.token).await.unwrap();
    assert!(account::sessions(&ada).await.is_ok());
    assert!(account::security(&ada).await.is_ok());
}
