//! Who makes, alters and tries streams, and what is kept of them.

use super::{as_task, furnished, made, page, run_now, to_siem};
use crate::{
    streams::carrier::Fault,
    support::{World, refusal, run, said, try_run},
};
use domain::{Cx, Error, audit, audit::stream, member, team};
use model::{
    Permissions, Role, RoleRef, StreamId, Typed,
    audit::{AuditQuery, NewStream, RestartStream},
    role::NewRole,
};
use sqlx::Row;
use time::Duration;

/// Everything that can be done to one stream.
async fn everything(cx: &Cx, id: StreamId) -> Vec<domain::Result<()>> {
    let form = RestartStream { begin: "beginning".to_owned(), ..RestartStream::default() };
    vec![
        stream::pause(cx, id).await.map(drop),
        stream::resume(cx, id).await.map(drop),
        stream::rotate(cx, id).await.map(drop),
        stream::restart(cx, id, &form).await.map(drop),
        stream::test(cx, id).await.map(drop),
        stream::remove(cx, id).await.map(drop),
    ]
}

#[tokio::test]
async fn a_stream_cannot_be_seen_or_altered_by_anybody_who_may_not() {
    let (world, team) = furnished().await;
    let id = made(&team).await.id;
    for role in [Role::Member, Role::Viewer] {
        let who = world.member(&team, role).await;
        for done in everything(&who, id).await {
            assert!(matches!(done, Err(Error::Forbidden(_))), "{role:?}: {done:?}");
        }
        assert!(matches!(stream::create(&who, &to_siem()).await, Err(Error::Forbidden(_))));
        assert!(matches!(stream::list(&who).await, Err(Error::Forbidden(_))));
        assert!(matches!(stream::find(&who, id).await, Err(Error::Forbidden(_))));
    }
    let other = world.team(&world.person("Mallory").await, "Mal").await;
    for done in everything(&other, id).await {
        assert!(matches!(done, Err(Error::NotFound)), "{done:?}");
    }
    assert!(stream::find(&other, id).await.unwrap().is_none());
    assert_eq!(stream::list(&other).await.unwrap().rows, []);
    // Ten minutes after it was confirmed.
    world.clock.advance(Duration::minutes(11));
    let mut done = everything(&team, id).await;
    assert!(done.remove(4).is_ok(), "a test alters nothing");
    assert!(done.iter().all(|done| matches!(done, Err(Error::Unconfirmed { .. }))), "{done:?}");
    assert!(matches!(stream::create(&team, &to_siem()).await, Err(Error::Unconfirmed { .. })));
    assert_eq!(page(&team, id).await.row.name, "siem");
}

#[tokio::test]
async fn the_database_refuses_the_same_past_the_guard() {
    let (world, team) = furnished().await;
    made(&team).await;
    let card = team::card(&team).unwrap().id;
    let insert = format!(
        "insert into audit_stream (team_id, id, name, kind, shown, sealed, person_id, made_at, start_at,
                                   started_at)
         values ('{}', gen_random_uuid(), 'x', 'https', 'x', '\\x00', app.person(), now(), 0, now())",
        card.0
    );
    let mut owner = world.raw("probity_app", card, &team).await;
    // Nobody points a stream elsewhere, moves its cursor, or reads what is sealed.
    for sql in [
        "update audit_stream set sealed = '\\x00'",
        "update audit_stream set seq = 100",
        "update audit_stream set shown = 'x'",
        "update audit_stream set previous_secret = null",
        "select sealed from audit_stream",
        "select secret from audit_stream",
        "select previous_secret from audit_stream",
    ] {
        assert!(refusal(&mut owner, sql).await.contains("permission denied"), "{sql}");
    }
    // Nothing without its record.
    for sql in [
        insert.as_str(),
        "update audit_stream set state = 'paused'",
        "update audit_stream set secret = '\\x01'",
        "update audit_stream set start_at = 9, started_at = now()",
        "delete from audit_stream",
    ] {
        assert!(refusal(&mut owner, sql).await.contains("without its audit event"), "{sql}");
    }
    // In somebody else's name; and by whoever has not confirmed that it is them.
    let foreign = insert.replace("app.person()", "gen_random_uuid()");
    assert!(refusal(&mut owner, &foreign).await.contains("row-level security"));
    world.clock.advance(Duration::minutes(11));
    let mut stale = world.raw("probity_app", card, &team).await;
    assert!(refusal(&mut stale, &insert).await.contains("row-level security"));
    for sql in ["update audit_stream set state = 'paused'", "delete from audit_stream"] {
        assert_eq!(try_run(&mut stale, sql).await.unwrap(), 0, "{sql}");
    }
}

#[tokio::test]
async fn whoever_may_export_and_not_read_the_log_lets_nothing_flow() {
    let (world, team) = furnished().await;
    let id = made(&team).await.id;
    let form = NewRole {
        name: "Exporter".to_owned(),
        ticked: Permissions::named("team.view audit.export").into(),
        ..NewRole::default()
    };
    let role = domain::role::create(&team, form).await.unwrap().id;
    let person = world.person("Exporter").await;
    let who = world.join(&team, &person, Role::Viewer).await;
    member::change_role(&team, person.person().unwrap(), RoleRef::Custom(role)).await.unwrap();
    let who = person.in_team(&team::card(&who).unwrap().slug).await.unwrap();
    assert!(matches!(stream::create(&who, &to_siem()).await, Err(Error::Forbidden(_))));
    assert!(matches!(stream::pause(&who, id).await, Err(Error::Forbidden(_))));
    let mut raw = world.raw("probity_app", team::card(&team).unwrap().id, &person).await;
    let paused = try_run(&mut raw, "update audit_stream set state = 'paused'").await.unwrap();
    assert_eq!(paused, 0, "the policy asks as well");
}

#[tokio::test]
async fn a_secret_is_shown_once_and_the_one_before_it_signs_for_a_day_more() {
    let (world, team) = furnished().await;
    let made = made(&team).await;
    let first = made.secret.unwrap().secret;
    assert!(first.starts_with("whsec_") && first.len() == 6 + 44, "{first}");
    let signed = async || {
        stream::test(&team, made.id).await.unwrap();
        world.carrier.arrived().pop().unwrap().keys
    };
    let one = signed().await;
    assert_eq!(one.len(), 1);
    let second = stream::rotate(&team, made.id).await.unwrap();
    assert_ne!(second.secret, first);
    let both = signed().await;
    assert_eq!((both.len(), both[1]), (2, one[0]), "the new one first");
    assert!(page(&team, made.id).await.row.overlaps_until.is_some());
    world.clock.advance(Duration::hours(24));
    assert_eq!(signed().await, [both[0]]);
    assert_eq!(page(&team, made.id).await.row.overlaps_until, None);
}

#[tokio::test]
async fn nothing_secret_stands_in_the_database_or_in_the_log() {
    let (world, team) = furnished().await;
    let bucket = NewStream {
        kind: "s3".to_owned(),
        name: "archive".to_owned(),
        begin: "now".to_owned(),
        endpoint: "https://s3.example.com".to_owned(),
        region: "eu-central-1".to_owned(),
        bucket: "logs".to_owned(),
        prefix: "/probity/".to_owned(),
        access_key: "ACCESS-t0k3n".to_owned(),
        secret_key: Typed::new("SECRET-t0k3n"),
        ..NewStream::default()
    };
    let made_one = made(&team).await;
    let archive = stream::create(&team, &bucket).await.unwrap();
    assert!(archive.secret.is_none());
    assert_eq!(page(&team, archive.id).await.row.to, "s3.example.com/logs/probity");
    assert_eq!(page(&team, made_one.id).await.row.to, "siem.example.com");
    let dump = "select coalesce(string_agg(t::text || encode(t.sealed, 'escape'), ' '), '') from audit_stream t";
    let mut owner = world.superuser().await;
    let row = sqlx::query(dump).fetch_one(&mut owner).await.unwrap();
    assert!(!row.get::<String, _>(0).contains("t0k3n"));
    let log = audit::search(&team, AuditQuery::default()).await.unwrap().page.rows;
    assert!(log.iter().any(|row| row.action == "stream.create"));
    assert!(log.iter().all(|row| !row.detail.contains("t0k3n")));
    // What is sealed for one stream opens for no other.
    run(&mut owner, "alter table audit_stream disable trigger user").await;
    run(
        &mut owner,
        "update audit_stream a set sealed = b.sealed from audit_stream b where a.id <> b.id",
    )
    .await;
    run_now(&world).await;
    assert_eq!(world.carrier.numbers(), Vec::<Vec<i64>>::new());
}

#[tokio::test]
async fn every_wrong_field_is_told_and_a_sixth_stream_is_refused() {
    let (_world, team) = furnished().await;
    let fields = async |form: NewStream| match stream::create(&team, &form).await {
        Err(Error::Invalid(errors)) => {
            errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
        }
        other => panic!("{:?}", other.err()),
    };
    assert_eq!(fields(NewStream::default()).await, ["name", "kind", "begin"]);
    assert_eq!(fields(NewStream { url: String::new(), ..to_siem() }).await, ["url"]);
    assert_eq!(fields(NewStream { url: "http://x.no/".into(), ..to_siem() }).await, ["url"]);
    let record =
        |record: &str| NewStream { begin: "record".into(), record: record.into(), ..to_siem() };
    assert_eq!(fields(record("0")).await, ["record"]);
    assert_eq!(fields(record("x")).await, ["record"]);
    assert_eq!(fields(record("99")).await, ["record"]);
    let s3 = NewStream {
        kind: "s3".into(),
        bucket: "../x".into(),
        prefix: "a/../b".into(),
        ..to_siem()
    };
    let missing = ["endpoint", "region", "bucket", "prefix", "access_key", "secret_key"];
    assert_eq!(fields(s3).await, missing);
    for _ in 0..5 {
        made(&team).await;
    }
    let sixth = said(stream::create(&team, &to_siem()).await.map(drop));
    assert_eq!(sixth, "A team has at most 5 streams. Remove one first.");
}

#[tokio::test]
async fn of_many_who_make_the_last_stream_at_once_one_does() {
    let (_world, team) = furnished().await;
    for _ in 0..4 {
        made(&team).await;
    }
    let form = to_siem();
    let tries = (0..4).map(|_| stream::create(&team, &form));
    let made = futures::future::join_all(tries).await.into_iter().filter(Result::is_ok).count();
    assert_eq!(made, 1);
}

#[tokio::test]
async fn a_test_goes_the_way_of_records_and_is_recorded() {
    let (world, team) = furnished().await;
    let id = made(&team).await.id;
    let sentence = stream::test(&team, id).await.unwrap();
    assert_eq!(sentence, "The test arrived: 200 after 0 ms.");
    world.carrier.next([Fault::Refuse(404, None)]);
    assert_eq!(said(stream::test(&team, id).await), "It answered 404. (0 ms)");
    stream::pause(&team, id).await.unwrap();
    stream::test(&team, id).await.unwrap();
    let arrived = world.carrier.arrived();
    assert!(arrived.iter().all(|it| it.seqs.is_none() && it.keys.len() == 1), "{arrived:?}");
    assert_eq!(arrived.len(), 2);
    let row = page(&team, id).await.row;
    assert_eq!((row.seq, row.failures), (0, 0), "it moves nothing");
    let query = AuditQuery { q: "action:stream.test".to_owned(), ..AuditQuery::default() };
    assert_eq!(audit::search(&team, query).await.unwrap().page.rows.len(), 3);
}

#[tokio::test]
async fn every_change_is_recorded_with_what_it_was_about() {
    let (_world, team) = furnished().await;
    let id = made(&team).await.id;
    for done in everything(&team, id).await {
        done.unwrap();
    }
    let query = AuditQuery { q: "action:stream.*".to_owned(), ..AuditQuery::default() };
    let rows = audit::search(&team, query).await.unwrap().page.rows;
    let actions: Vec<&str> = rows.iter().rev().map(|row| row.action.as_str()).collect();
    let expected = [
        "stream.create",
        "stream.pause",
        "stream.resume",
        "stream.rotate",
        "stream.restart",
        "stream.test",
        "stream.remove",
    ];
    assert_eq!(actions, expected);
    assert!(rows.iter().all(|row| row.target == "siem" && row.target_id == id.to_string()));
    assert!(rows.last().unwrap().detail.contains("siem.example.com"));
}

/// Rows of errors go with their stream, and stand for nobody else.
#[tokio::test]
async fn errors_are_their_teams_and_go_with_the_stream() {
    let (world, team) = furnished().await;
    let other = world.team(&world.person("Mallory").await, "Mal").await;
    let id = made(&team).await.id;
    world.carrier.next([Fault::Refuse(500, None)]);
    run_now(&world).await;
    let count = "select count(*) from audit_stream_error";
    let seen = async |world: &World, who: &Cx| {
        let mut raw = world.raw("probity_app", team::card(who).unwrap().id, who).await;
        sqlx::query(count).fetch_one(&mut raw).await.unwrap().get::<i64, _>(0)
    };
    assert_eq!((seen(&world, &team).await, seen(&world, &other).await), (1, 0));
    let mut job = as_task(&world, &other).await;
    assert_eq!(try_run(&mut job, "delete from audit_stream_error").await.unwrap(), 0);
    stream::remove(&team, id).await.unwrap();
    let mut owner = world.superuser().await;
    assert_eq!(sqlx::query(count).fetch_one(&mut owner).await.unwrap().get::<i64, _>(0), 0);
}
