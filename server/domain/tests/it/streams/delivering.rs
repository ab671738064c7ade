//! At least once, in order, by one at a time.

use super::{as_task, carrier::Fault, furnished, made, page, run_after, run_now, to_siem};
use crate::{
    permissions::new_key,
    support::{refusal, run, try_run},
};
use domain::{Cx, audit, audit::stream, crypto::Owner, key, operator};
use model::{
    Permissions, Role, Typed,
    audit::{NewStream, Outcome, OwnEvent, RestartStream, StreamHealth},
    key::NewKey,
    ledger::{Evidence, Verifier},
};
use secrecy::ExposeSecret;
use sqlx::Row;
use time::Duration;

async fn make_keys(team: &Cx, count: usize) {
    for _ in 0..count {
        key::create(team, new_key()).await.unwrap();
    }
}

#[tokio::test]
async fn everything_arrives_in_order_as_it_would_stand_in_an_export() {
    let (world, team) = furnished().await;
    make_keys(&team, 3).await;
    let id = made(&team).await.id;
    run_now(&world).await;
    make_keys(&team, 2).await;
    run_now(&world).await;
    run_now(&world).await;
    let arrived = world.carrier.arrived();
    let numbers: Vec<_> = arrived.iter().filter_map(|it| it.seqs.clone()).collect();
    assert_eq!(numbers, [vec![1, 2, 3, 4, 5], vec![6, 7]], "each once");
    let text: String = arrived.iter().map(|it| it.text.as_str()).collect();
    assert!(text.contains("\"actor\":\"Ada Lind\"") && text.contains("Test/1"), "{text}");
    assert!(text.contains("stream.create") && !text.contains("t0k3n"), "{text}");

    let mut verifier = Verifier::new(Evidence::new(None));
    verifier.read(text.as_bytes());
    let report = verifier.finish();
    assert_eq!((report.rows, report.first, report.last), (7, Some(1), Some(7)));
    assert_eq!(report.faults, []);

    let row = page(&team, id).await.row;
    assert_eq!((row.seq, row.head, row.delivered, row.health()), (7, 7, 7, StreamHealth::Flowing));
    assert!(row.last_success.is_some());
}

#[tokio::test]
async fn what_fails_is_tried_again_as_it_was_later_and_later() {
    let (world, team) = furnished().await;
    let id = made(&team).await.id;
    let down = || Fault::Refuse(503, None);
    world.carrier.next([down()]);
    run_now(&world).await;
    make_keys(&team, 3).await;
    run_after(&world, &world.deps, Duration::seconds(4)).await;
    assert_eq!(world.carrier.numbers(), Vec::<Vec<i64>>::new(), "five seconds are not over");
    let found = page(&team, id).await;
    assert_eq!((found.row.seq, found.row.failures, found.row.behind()), (0, 1, 5));
    assert_eq!(found.row.health(), StreamHealth::Failing);
    let since = found.row.failing_since;

    world.carrier.next((0..11).map(|_| down()));
    for _ in 0..11 {
        run_after(&world, &world.deps, Duration::hours(1)).await;
    }
    let found = page(&team, id).await;
    assert_eq!((found.row.failures, found.errors.len()), (12, 10), "the last ten are kept");
    assert_eq!(found.row.failing_since, since, "since the first");
    assert_eq!(
        (found.errors[0].said.as_str(), found.errors[0].status),
        ("It answered 503.", Some(503))
    );
    assert!(found.errors.is_sorted_by(|a, b| a.at >= b.at));
    assert_eq!(world.carrier.numbers(), Vec::<Vec<i64>>::new());

    run_after(&world, &world.deps, Duration::hours(1)).await;
    assert_eq!(
        world.carrier.numbers(),
        [vec![1, 2], vec![3, 4, 5]],
        "first what failed, as it was"
    );
    let row = page(&team, id).await.row;
    assert_eq!((row.failures, row.failing_since, row.next_try), (0, None, None));
}

#[tokio::test]
async fn who_asks_to_be_left_alone_is_for_an_hour_at_most() {
    let (world, team) = furnished().await;
    made(&team).await;
    let busy = |seconds| Fault::Refuse(429, Some(std::time::Duration::from_secs(seconds)));
    world.carrier.next([busy(120), busy(1_000_000)]);
    run_now(&world).await;
    run_after(&world, &world.deps, Duration::seconds(119)).await;
    run_after(&world, &world.deps, Duration::seconds(2)).await;
    assert_eq!(world.carrier.numbers(), Vec::<Vec<i64>>::new());
    run_after(&world, &world.deps, Duration::minutes(59)).await;
    assert_eq!(world.carrier.numbers(), Vec::<Vec<i64>>::new());
    run_after(&world, &world.deps, Duration::minutes(2)).await;
    assert_eq!(world.carrier.numbers(), [[1, 2]]);
}

#[tokio::test]
async fn an_answer_that_is_lost_brings_the_same_records_again_and_none_is_missing() {
    let (world, team) = furnished().await;
    let id = made(&team).await.id;
    world.carrier.next([Fault::LoseAnswer]);
    run_now(&world).await;
    make_keys(&team, 1).await;
    run_after(&world, &world.deps, Duration::seconds(10)).await;
    assert_eq!(world.carrier.numbers(), [vec![1, 2], vec![1, 2], vec![3]]);
    assert_eq!(page(&team, id).await.row.delivered, 3);
}

#[tokio::test]
async fn many_records_go_in_several_deliveries() {
    let (world, team) = furnished().await;
    let asked = NewKey { ticked: Permissions::named("audit.record").into(), ..new_key() };
    let secret = key::create(&team, asked).await.unwrap().secret;
    let app = key::admit(world.anyone(), &Typed::new(&secret)).await.unwrap();
    let app = app.unwrap_or_else(|_| panic!("let in"));
    let event = |bytes: usize| OwnEvent {
        action: "invoice.paid".to_owned(),
        by: ("user_1".to_owned(), "Noor".to_owned()),
        target: ("invoice".to_owned(), "1".to_owned(), "March".to_owned()),
        outcome: Outcome::Ok,
        happened_at: None,
        detail: format!("{{\"note\":\"{}\"}}", "x".repeat(bytes)),
    };
    audit::log(&app, &vec![event(1); 900], true).await.unwrap();
    audit::log(&app, &vec![event(8_000); 300], true).await.unwrap();
    made(&team).await;
    run_now(&world).await;
    let arrived = world.carrier.arrived();
    let numbers: Vec<i64> = arrived.iter().flat_map(|it| it.seqs.clone().unwrap()).collect();
    assert!(numbers.iter().copied().eq(1..=1204), "{} numbers", numbers.len());
    assert_eq!(arrived[0].seqs.as_ref().unwrap().len(), 500);
    assert!(arrived.len() >= 5, "{}", arrived.len());
    assert!(arrived.iter().all(|it| it.text.len() < (1 << 20) + 20_000));
}

#[tokio::test]
async fn two_programs_never_deliver_the_same_stream_at_once() {
    let (world, team) = furnished().await;
    made(&team).await;
    let other = world.another_program().await;
    world.carrier.shut();
    let (first, second) = (world.deps.clone(), other.clone());
    let one = tokio::spawn(async move { stream::deliver(&first).await });
    world.carrier.until_busy(1).await;
    let two = tokio::spawn(async move { stream::deliver(&second).await });
    two.await.unwrap().unwrap();
    world.carrier.open();
    one.await.unwrap().unwrap();
    for round in 0..10 {
        make_keys(&team, 1).await;
        let (a, b) = tokio::join!(stream::deliver(&world.deps), stream::deliver(&other));
        assert!(a.is_ok() && b.is_ok(), "{round}: {a:?} {b:?}");
    }
    assert_eq!(world.carrier.most_at_once(), 1);
    let numbers: Vec<i64> = world.carrier.numbers().concat();
    assert!(numbers.iter().copied().eq(1..=12), "{numbers:?}");
}

#[tokio::test]
async fn one_stream_that_hangs_keeps_no_other_waiting() {
    let (world, team) = furnished().await;
    made(&team).await;
    let other = world.team(&world.person("Mallory").await, "Mal").await;
    made(&other).await;
    world.carrier.shut();
    let deps = world.deps.clone();
    let running = tokio::spawn(async move { stream::deliver(&deps).await });
    world.carrier.until_busy(2).await;
    world.carrier.open();
    running.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_a_program_was_delivering_when_it_was_killed_another_delivers_a_minute_later() {
    let (world, team) = furnished().await;
    made(&team).await;
    let other = world.another_program().await;
    world.carrier.shut();
    let deps = world.deps.clone();
    let dies = tokio::spawn(async move { stream::deliver(&deps).await });
    world.carrier.until_busy(1).await;
    dies.abort();
    dies.await.unwrap_err();
    world.carrier.open();
    make_keys(&team, 1).await;
    run_after(&world, &other, Duration::seconds(50)).await;
    assert_eq!(world.carrier.numbers(), Vec::<Vec<i64>>::new(), "it might live");
    run_after(&world, &other, Duration::seconds(11)).await;
    assert_eq!(world.carrier.numbers(), [vec![1, 2], vec![3]], "from where it was");
}

#[tokio::test]
async fn whoever_was_slow_does_not_move_the_cursor_of_who_came_after() {
    let (world, team) = furnished().await;
    let id = made(&team).await.id;
    let other = world.another_program().await;
    world.carrier.shut();
    let deps = world.deps.clone();
    let slow = tokio::spawn(async move { stream::deliver(&deps).await });
    world.carrier.until_busy(1).await;
    // So slow that it counts as gone; the other one fails meanwhile.
    world.clock.advance(Duration::minutes(2));
    world.carrier.next([Fault::Refuse(500, None)]);
    let second = other.clone();
    let after = tokio::spawn(async move { stream::deliver(&second).await });
    world.carrier.until_busy(2).await;
    world.carrier.open();
    slow.await.unwrap().unwrap();
    after.await.unwrap().unwrap();
    let row = page(&team, id).await.row;
    // Whichever of the two was refused: what is noted is what its holder heard.
    let noted = (row.seq, row.failures);
    assert!(noted == (0, 1) || noted == (2, 0), "{noted:?}");
    run_after(&world, &other, Duration::minutes(2)).await;
    assert_eq!(page(&team, id).await.row.seq, 2);
}

#[tokio::test]
async fn a_delivery_under_way_does_not_move_a_cursor_that_somebody_set() {
    let (world, team) = furnished().await;
    let id = made(&team).await.id;
    world.carrier.shut();
    let deps = world.deps.clone();
    let delivering = tokio::spawn(async move { stream::deliver(&deps).await });
    world.carrier.until_busy(1).await;
    let form = RestartStream { begin: "beginning".to_owned(), ..RestartStream::default() };
    stream::restart(&team, id, &form).await.unwrap();
    world.carrier.open();
    delivering.await.unwrap().unwrap();
    assert_eq!(page(&team, id).await.row.seq, 0);
    run_now(&world).await;
    assert_eq!(world.carrier.numbers(), [vec![1, 2], vec![1, 2, 3]]);
}

#[tokio::test]
async fn a_paused_stream_sends_nothing_and_catches_up() {
    let (world, team) = furnished().await;
    let id = made(&team).await.id;
    run_now(&world).await;
    stream::pause(&team, id).await.unwrap();
    make_keys(&team, 2).await;
    run_now(&world).await;
    assert_eq!(world.carrier.numbers(), [[1, 2]]);
    assert_eq!(page(&team, id).await.row.health(), StreamHealth::Paused);
    stream::resume(&team, id).await.unwrap();
    run_now(&world).await;
    assert_eq!(world.carrier.numbers(), [[3, 4, 5, 6]], "also that it was paused and resumed");
}

#[tokio::test]
async fn after_an_hour_who_may_do_something_is_told_once_for_each_time_that_it_fails() {
    let (world, team) = furnished().await;
    world.member(&team, Role::Member).await;
    let auditor = world.member(&team, Role::Admin).await;
    let id = made(&team).await.id;
    world.letters().await;
    let told = async || {
        let letters = world.letters().await.into_iter();
        let mut to: Vec<_> = letters
            .filter(|letter| letter.text.expose_secret().contains("nothing has arrived"))
            .map(|letter| letter.to)
            .collect();
        to.sort();
        to
    };
    let fail_for = async |minutes| {
        world.carrier.next(std::iter::repeat_n(Fault::Refuse(503, None), 100));
        for _ in 0..minutes {
            run_after(&world, &world.deps, Duration::minutes(1)).await;
        }
    };
    fail_for(58).await;
    assert_eq!(told().await, [""; 0]);
    fail_for(70).await;
    let mut owners = [&team, &auditor].map(|cx| cx.viewer().unwrap().email.clone());
    owners.sort();
    assert_eq!(told().await, owners, "once");
    world.carrier.heal();
    run_after(&world, &world.deps, Duration::hours(2)).await;
    assert_eq!(page(&team, id).await.row.health(), StreamHealth::Flowing);
    make_keys(&world.again(&team, &team).await, 1).await;
    fail_for(130).await;
    assert_eq!(told().await, owners, "and again");
}

#[tokio::test]
async fn what_went_from_the_log_before_it_flowed_is_told_once() {
    let (world, team) = furnished().await;
    let id = made(&team).await.id;
    run_now(&world).await;
    make_keys(&team, 3).await;
    let mut superuser = world.superuser().await;
    // As if the stream had stood still for longer than records are kept.
    run(&mut superuser, "alter table audit_event disable trigger all").await;
    run(&mut superuser, "delete from audit_event where kind = 'team' and seq in (3, 4)").await;
    world.carrier.next([Fault::Refuse(503, None)]);
    run_now(&world).await;
    run_after(&world, &world.deps, Duration::hours(2)).await;
    assert_eq!(world.carrier.numbers().last().unwrap(), &[5]);
    let said: Vec<String> =
        page(&team, id).await.errors.into_iter().map(|error| error.said).collect();
    let told =
        "Records 3 to 4 went from the log before they flowed. The receiver does not have them.";
    assert_eq!(said.iter().filter(|said| *said == told).count(), 1, "{said:?}");
}

#[tokio::test]
async fn the_streams_of_a_suspended_team_stop_until_it_is_resumed() {
    let (world, team) = furnished().await;
    let id = made(&team).await.id;
    operator::suspend(&world.deps, "halden", "they did not pay").await.unwrap();
    run_now(&world).await;
    assert_eq!(world.carrier.numbers(), Vec::<Vec<i64>>::new());
    assert_eq!(page(&team, id).await.row.health(), StreamHealth::Suspended);
    // Nor does the database let the task read.
    let mut job = as_task(&world, &team).await;
    let seen = sqlx::query("select count(*) from audit_event").fetch_one(&mut job).await.unwrap();
    assert_eq!(seen.get::<i64, _>(0), 0);
    operator::resume(&world.deps, "halden", "they paid").await.unwrap();
    run_now(&world).await;
    assert_eq!(world.carrier.numbers(), [[1, 2, 3, 4]]);
}

#[tokio::test]
async fn a_stream_or_a_team_that_goes_while_it_is_delivered_harms_nothing() {
    let (world, team) = furnished().await;
    let id = made(&team).await.id;
    world.carrier.shut();
    let deps = world.deps.clone();
    let delivering = tokio::spawn(async move { stream::deliver(&deps).await });
    world.carrier.until_busy(1).await;
    stream::remove(&team, id).await.unwrap();
    world.carrier.next([Fault::Refuse(500, None)]);
    world.carrier.open();
    delivering.await.unwrap().unwrap();
    assert!(stream::find(&team, id).await.unwrap().is_none());

    // The data key of a team that was erased is gone: nothing leaves, and the reason stands there.
    let id = made(&team).await.id;
    world.deps.keyring().destroy(Owner::Team(domain::team::card(&team).unwrap().id)).await.unwrap();
    run_now(&world).await;
    assert_eq!(world.carrier.numbers(), Vec::<Vec<i64>>::new());
    let errors = page(&team, id).await.errors;
    assert!(errors[0].said.starts_with("Its address cannot be opened"), "{errors:?}");
}

#[tokio::test]
async fn a_stream_begins_where_it_was_told_to_and_again_elsewhere() {
    let (world, team) = furnished().await;
    make_keys(&team, 4).await;
    let from = |begin: &str, record: &str| NewStream {
        begin: begin.to_owned(),
        record: record.to_owned(),
        ..to_siem()
    };
    stream::create(&team, &from("now", "")).await.unwrap();
    run_now(&world).await;
    assert_eq!(world.carrier.numbers(), [[6]], "its own making is the first");
    let id = stream::create(&team, &from("record", "6")).await.unwrap().id;
    run_now(&world).await;
    let mut numbers = world.carrier.numbers();
    numbers.sort();
    assert_eq!(numbers, [vec![6, 7], vec![7]]);
    let again = RestartStream {
        begin: "record".to_owned(),
        record: "7".to_owned(),
        ..RestartStream::default()
    };
    for _ in 0..2 {
        stream::restart(&team, id, &again).await.unwrap();
        let row = page(&team, id).await.row;
        assert_eq!(row.seq, 6, "twice the same, too");
        run_now(&world).await;
    }
    let arrived = world.carrier.arrived();
    let numbers: Vec<_> = arrived.iter().filter(|it| it.stream == id).collect();
    assert_eq!(numbers[0].seqs, Some(vec![7, 8]));
    assert_eq!(numbers[1].seqs, Some(vec![7, 8, 9]));
}

#[tokio::test]
async fn the_task_reads_the_ledgers_of_teams_that_stream_and_nothing_else() {
    let (world, team) = furnished().await;
    let other = world.team(&world.person("Mallory").await, "Mal").await;
    world.member(&team, Role::Member).await;
    let count = async |who: &Cx, what: &str| {
        let mut job = as_task(&world, who).await;
        let sql = format!("select count(*) from {what}");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_one(&mut job).await.unwrap();
        row.get::<i64, _>(0)
    };
    assert_eq!(count(&team, "audit_event").await, 0, "without a stream");
    let id = made(&team).await.id;
    assert_eq!(count(&team, "audit_event").await, 3);
    assert_eq!(count(&team, "audit_event where kind <> 'team'").await, 0);
    assert_eq!(count(&other, "audit_event").await, 0, "of another team");
    assert_eq!(count(&team, "ledger_head").await, 1);
    stream::pause(&team, id).await.unwrap();
    assert_eq!(count(&team, "audit_event").await, 0, "of a paused one");

    let mut job = as_task(&world, &other).await;
    let stolen =
        try_run(&mut job, "update audit_stream set seq = 0, held_by = null").await.unwrap();
    assert_eq!(stolen, 0, "rows of another team");
    let sealed = "update audit_stream set sealed = '\\x00'";
    assert!(refusal(&mut job, sealed).await.contains("permission denied"));
}
