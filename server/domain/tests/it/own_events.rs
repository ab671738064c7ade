//! Events of a customer's own application, in their team's ledger.

use crate::support::{World, refusal, run};
use domain::{Cx, Error, audit, key};
use model::{
    Permissions, Role, Typed,
    audit::{AuditQuery, AuditRow, Outcome, OwnEvent},
    key::NewKey,
    page::Around,
};

fn event(action: &str) -> OwnEvent {
    OwnEvent {
        action: action.to_owned(),
        by: ("user_8412".to_owned(), "Noor".to_owned()),
        target: ("invoice".to_owned(), "inv_2231".to_owned(), "March".to_owned()),
        outcome: Outcome::Ok,
        happened_at: None,
        detail: r#"{"amount":4200,"note":"a \"quoted\" word"}"#.to_owned(),
    }
}

/// A key of the team that holds these, as a request's caller.
async fn key_with(world: &World, team: &Cx, permissions: &str) -> Cx {
    let asked = NewKey {
        name: "app".into(),
        ticked: Permissions::named(permissions).into(),
        ..crate::permissions::new_key()
    };
    let made = key::create(team, asked).await.unwrap();
    let admitted = key::admit(world.anyone(), &Typed::new(&made.secret)).await.unwrap();
    admitted.unwrap_or_else(|_| panic!("let in"))
}

async fn found(team: &Cx, q: &str) -> Vec<AuditRow> {
    let query = AuditQuery { q: q.to_owned(), ..AuditQuery::default() };
    audit::search(team, query).await.unwrap().page.rows
}

#[tokio::test]
async fn what_an_application_logs_is_found_and_proven_like_everything_else() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let app = key_with(&world, &team, "audit.record").await;
    let one = audit::log(&app, &[event("invoice.paid")], false).await.unwrap();
    assert_eq!((one.first, one.last), (4, 4), "behind the team, the key and its first use");
    let refused = OwnEvent { outcome: Outcome::Refused, ..event("invoice.void.late") };
    let two = audit::log(&app, &[event("user.log_in"), refused], true).await.unwrap();
    assert_eq!((two.first, two.last), (5, 6));

    let page = audit::list(&team, Around::default()).await.unwrap();
    assert_eq!(page.proof.unwrap().broken_at, None);
    let row = page.page.rows.iter().find(|row| row.seq == 4).unwrap();
    assert_eq!((row.action.as_str(), row.title.as_str()), ("app.invoice.paid", "app.invoice.paid"));
    assert_eq!((row.actor.as_str(), row.target.as_str()), ("API key app", "March"));
    assert!(row.ip.starts_with("10.") && row.detail.contains("\"amount\": 4200"), "{row:?}");
    assert!(row.detail.contains("\"user_8412\""), "{row:?}");

    let numbers =
        async |q: &str| -> Vec<i64> { found(&team, q).await.iter().map(|row| row.seq).collect() };
    assert_eq!(numbers("action:app.*").await, [6, 5, 4]);
    assert_eq!(numbers("action:app.invoice.*").await, [6, 4]);
    assert_eq!(numbers("action:app.invoice.paid").await, [4]);
    assert_eq!(numbers("action:app.invoice.paid action:team.create").await, [4, 1]);
    assert_eq!(numbers("-action:app.*").await, [3, 2, 1]);
    assert_eq!(numbers("-action:app.invoice.paid action:app.*").await, [6, 5]);
    assert_eq!(numbers("target:inv_2231 outcome:refused").await, [6]);
    assert_eq!(numbers("\"noor\"").await, [6, 5, 4]);
    assert_eq!(
        numbers("category:keys action:app.*").await,
        Vec::<i64>::new(),
        "they have no category"
    );
    audit::prove(&world.deps).await.unwrap();
    assert_eq!(audit::list(&team, Around::default()).await.unwrap().mark.proven_to, 6);
}

#[tokio::test]
async fn only_who_may_logs_and_only_events_of_their_own() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let other = key_with(&world, &team, "audit.view keys.view").await;
    let refused = audit::log(&other, &[event("a.b")], false).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    let viewer = world.member(&team, Role::Viewer).await;
    assert!(audit::log(&viewer, &[event("a.b")], false).await.is_err());
    assert!(audit::log(&team, &[event("a.b")], false).await.is_ok(), "an owner holds it");

    // The database alone.
    let id = domain::team::card(&team).unwrap().id;
    let record = |person: &Cx, action: &str| {
        format!(
            "convert_to(json_build_object('id', gen_random_uuid(), 'at', now(), 'actor',
                 json_build_object('kind', 'person', 'id', '{}'), 'action', '{action}', 'target',
                 json_build_object('kind', '', 'id', ''), 'outcome', 'ok')::text, 'UTF8')",
            person.person().unwrap().0
        )
    };
    let log = |record: String| format!("select app.log(array[{record}], array[''::bytea])");
    let mut raw = world.raw("probity_app", id, &viewer).await;
    let no = "this caller may not write to this ledger";
    assert_eq!(refusal(&mut raw, &log(record(&viewer, "app.a.b"))).await, no);
    let append = |record: String| format!("select app.append('team', '{}', {record}, null)", id.0);
    let otherwise = "an application's own event is logged otherwise";
    assert_eq!(refusal(&mut raw, &append(record(&viewer, "app.a.b"))).await, otherwise);
    let mut raw = world.raw("probity_app", id, &team).await;
    run(&mut raw, &log(record(&team, "app.a.b"))).await;
    let ours = "an action of ours is not logged so";
    assert_eq!(refusal(&mut raw, &log(record(&team, "key.create"))).await, ours);
    let else_ = "a record names somebody else as its actor";
    assert_eq!(refusal(&mut raw, &log(record(&viewer, "app.a.b"))).await, else_);
    let many = format!(
        "select app.log(array_fill({}, array[1001]), array_fill(''::bytea, array[1001]))",
        record(&team, "app.a.b")
    );
    assert_eq!(refusal(&mut raw, &many).await, "these are none, or too many");
    let page = audit::list(&team, Around::default()).await.unwrap();
    assert_eq!(page.proof.unwrap().broken_at, None);
}

#[tokio::test]
async fn a_batch_is_logged_as_a_whole_or_not_at_all() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let app = key_with(&world, &team, "audit.record").await;
    let wrong = audit::log(&app, &[event("a.b"), event("A"), event("c")], true).await;
    let Err(Error::Invalid(errors)) = wrong else { panic!("{wrong:?}") };
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["events.1.action", "events.2.action"]);
    for many in [0, 1_001] {
        let events = vec![event("a.b"); many];
        assert!(matches!(audit::log(&app, &events, true).await, Err(Error::Invalid(_))), "{many}");
    }
    assert_eq!(found(&team, "action:app.*").await, []);
    let logged = audit::log(&app, &vec![event("a.b"); 1_000], true).await.unwrap();
    assert_eq!((logged.first, logged.last), (4, 1_003));
    audit::prove(&world.deps).await.unwrap();
    let mark = audit::list(&team, Around::default()).await.unwrap().mark;
    assert_eq!((mark.proven_to, mark.flaw), (1_003, None));
}

#[tokio::test]
async fn what_is_too_long_or_strange_is_told_by_its_field() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let long = "x".repeat(201);
    let with = |change: &dyn Fn(&mut OwnEvent)| {
        let mut event = event("a.b");
        change(&mut event);
        event
    };
    for (field, event) in [
        ("action", event("app")),
        ("by.id", with(&|event| event.by.0.clone_from(&long))),
        ("by.name", with(&|event| event.by.1 = "\0".to_owned())),
        ("target.kind", with(&|event| event.target.0.clone_from(&long))),
        ("target.id", with(&|event| event.target.1.clone_from(&long))),
        ("target.name", with(&|event| event.target.2.clone_from(&long))),
        ("happened_at", with(&|event| event.happened_at = Some("soon".to_owned()))),
        ("happened_at", with(&|event| event.happened_at = Some("2026-11-22T08:06:00Z".to_owned()))),
        ("detail", with(&|event| event.detail = format!("{{\"a\":\"{}\"}}", "x".repeat(17 << 10)))),
        ("detail", with(&|event| event.detail = "{\"a\":\"\\u0000\"}".to_owned())),
        ("detail", with(&|event| event.detail = "{".to_owned())),
    ] {
        let wrong = audit::log(&team, &[event], false).await;
        let Err(Error::Invalid(errors)) = wrong else { panic!("{field}: {wrong:?}") };
        assert_eq!(errors[0].field, field);
    }
    let strange = with(&|event| {
        event.happened_at = Some("2026-11-22T08:04:00+01:00".to_owned());
        event.target.2 = "ßÄ\u{202e}\u{1f600}\"'\\<b>".to_owned();
    });
    audit::log(&team, &[strange], false).await.unwrap();
    assert!(found(&team, "action:app.a.b").await[0].target.contains("<b>"));
}

/// JSON may write any letter otherwise, and a record keeps what was sent.
#[tokio::test]
async fn an_event_is_found_by_what_it_says_however_its_json_writes_it() {
    let world = World::new().await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    let sent = |detail: &str| OwnEvent { detail: detail.to_owned(), ..event("user.read") };
    let events = [sent(r#"{"path":"x7\/y8"}"#), sent(r#"{"note":"\u0062illing <\u00e9clair>"}"#)];
    let logged = audit::log(&team, &events, true).await.unwrap();
    for (q, seq) in [
        ("x7/y8", logged.first),
        ("billing", logged.last),
        ("éclair", logged.last),
        ("\"billing <é\"", logged.last),
    ] {
        let rows = found(&team, q).await;
        assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [seq], "{q}");
    }
}
