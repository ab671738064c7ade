//! Searches of a ledger that is too large to be read record by record.

use crate::support::{World, refusal, run};
use domain::{Cx, audit, key};
use model::{
    KeyId, Permissions, Role, Typed,
    audit::{AuditQuery, Outcome, OwnEvent},
    key::{KeyQuery, NewKey},
    page::PageSize,
};
use time::Duration;

fn event(number: usize) -> OwnEvent {
    let text = |text: &str| text.to_owned();
    OwnEvent {
        action: text(["invoice.paid", "user.log_in"][usize::from(number.is_multiple_of(7))]),
        by: (text("user_8412"), text("Noor")),
        target: (text("invoice"), format!("inv_{number}"), format!("Bill Éclair no{number}no")),
        outcome: if number.is_multiple_of(500) { Outcome::Refused } else { Outcome::Ok },
        happened_at: None,
        detail: format!(r#"{{"amount":{number},"note":{{"deep":["zz{}zz"]}}}}"#, number % 900),
    }
}

/// 2,400 records of a team, from 12 addresses, a minute between one hundred and the next.
pub(crate) async fn furnished(world: &World) -> Cx {
    let ada = world.team(&world.person("Ada Lind").await, "Halden").await;
    let asked = NewKey {
        name: "app".into(),
        ticked: Permissions::named("audit.record").into(),
        ..crate::permissions::new_key()
    };
    let secret = Typed::new(&key::create(&ada, asked).await.unwrap().secret);
    for hundred in 0..24 {
        let ip = match hundred % 12 {
            11 => "2001:db8::7".to_owned(),
            other => format!("198.51.{}.{other}", 100 + other % 2),
        };
        let Ok(cx) = key::admit(world.from(&ip), &secret).await.unwrap() else { panic!("let in") };
        let events: Vec<_> = (0..100).map(|number| event(hundred * 100 + number)).collect();
        audit::log(&cx, &events, true).await.unwrap();
        world.clock.advance(Duration::minutes(1));
    }
    ada
}

/// The numbers of what is found, page by page from the newest to the oldest, and the same back again.
pub(crate) async fn found(cx: &Cx, q: &str) -> Vec<i64> {
    let size = Some(PageSize::usual(100));
    let page = async |before: Option<String>, after: Option<String>| {
        let query = AuditQuery { q: q.to_owned(), size, before, after, ..AuditQuery::default() };
        audit::search(cx, query).await.unwrap_or_else(|error| panic!("{q}: {error}")).page
    };
    let (mut all, mut back) = (Vec::new(), Vec::new());
    let mut at = page(None, None).await;
    loop {
        all.extend(at.rows.iter().map(|row| row.seq));
        let Some(older) = at.older else { break };
        at = page(Some(older), None).await;
    }
    let mut last: Vec<i64> = at.rows.iter().map(|row| row.seq).rev().collect();
    while let Some(newer) = at.newer {
        at = page(None, Some(newer)).await;
        back.append(&mut last);
        last = at.rows.iter().map(|row| row.seq).rev().collect();
    }
    back.append(&mut last);
    assert_eq!(all, back.into_iter().rev().collect::<Vec<_>>(), "{q}: there and back");
    all
}

/// Lines of which each finds something else.
fn lines(ada: &Cx) -> Vec<String> {
    let ada = ada.person().unwrap();
    let mut lines: Vec<String> = [
        "zz7zz",
        "ÉCLAIR no77",
        "\"bill éclair\" 2399",
        "no7",
        "o7",
        "7",
        "deep user_8412 -paid",
        "noor log_in",
        "bill -zz7zz outcome:refused",
        "zz1zz action:app.user.*",
        "zz1zz action:app.invoice.paid",
        "nothing-of-it",
        "lind",
        "\"key created\"",
        "inv_2399",
        "INV_12",
        "ip:198.51.100.4",
        "ip:198.51.101.0/24 no11",
        "ip:198.51.0.0/15 zz8zz",
        "ip:0.0.0.0/0 zz9zz",
        "ip:2001:db8::7 zz211zz",
        "ip:2001:db8::/40 -ip:2001:db8::7",
        "-ip:198.51.0.0/16",
        "country:NO zz2zz",
        "-country:NO no77",
        "country:SE",
        "country:no -ip:198.51.100.4 zz1",
        "created:2026-11-22 zz5zz",
        "outcome:refused",
        "target:inv_17",
        "target:inv_17 Bill",
        "actor:key bill no17",
        "actor:person lind",
    ]
    .map(str::to_owned)
    .into();
    lines.push(format!("{ada}"));
    lines.push(format!("actor:{ada} halden"));
    lines
}

#[tokio::test]
async fn a_ledger_with_an_index_finds_what_one_without_it_finds() {
    let world = World::new().await;
    let ada = furnished(&world).await;
    let request = audit::find(&ada, 9).await.unwrap().unwrap().row.request;
    let mut lines = lines(&ada);
    lines.extend([
        format!("request:{request}"),
        request.clone(),
        format!("-request:{request} zz3zz"),
    ]);
    let mut without = Vec::new();
    for line in &lines {
        without.push(found(&ada, line).await);
    }
    assert_eq!(audit::index_all(&world.deps).await.unwrap(), 37);
    for (line, without) in lines.iter().zip(without) {
        assert_eq!(found(&ada, line).await, without, "{line}");
    }
    // What came since is found too, and put into blocks when one is full.
    let many = found(&ada, "zz7zz").await;
    audit::log(&ada, &[event(7), event(8)], true).await.unwrap();
    assert_eq!(found(&ada, "zz7zz").await.len(), many.len() + 1);
    let events: Vec<_> = (0..64).map(event).collect();
    audit::log(&ada, &events, true).await.unwrap();
    assert_eq!(audit::index_all(&world.deps).await.unwrap(), 1);
    assert_eq!(found(&ada, "zz7zz").await.len(), many.len() + 2);
}

/// Else a search would read all of it, and nobody would see that it does.
#[tokio::test]
async fn blocks_that_have_no_such_term_are_not_read() {
    let world = World::new().await;
    let ada = furnished(&world).await;
    audit::index_all(&world.deps).await.unwrap();
    let mut operator = world.superuser().await;
    let seq = found(&ada, "target:inv_1000").await[0];
    let lines = ["zz100zz", "ip:198.51.0.0/16 zz100zz", "inv_1000 -zz1zz"];
    for line in lines {
        assert!(found(&ada, line).await.contains(&seq), "{line}");
    }
    let block = (seq - 1) / 64;
    run(&mut operator, &format!("update audit_block set terms = '{{}}' where block = {block}"))
        .await;
    for line in lines {
        assert!(!found(&ada, line).await.contains(&seq), "{line}");
    }
    // Nor those of another time.
    let hour = "created:2026-11-22 zz101zz";
    assert!(!found(&ada, hour).await.is_empty());
    run(&mut operator, "update audit_block set last_at = last_at - interval '1 year', first_at = first_at - interval '1 year'").await;
    assert_eq!(found(&ada, hour).await.len(), 0);
}

#[tokio::test]
async fn an_index_tells_nobody_what_they_may_not_see() {
    let world = World::new().await;
    let ada = furnished(&world).await;
    audit::index_all(&world.deps).await.unwrap();
    let ada = world.again(&ada, &ada).await;
    let viewer = world.member(&ada, Role::Viewer).await;
    let stranger = world.team(&world.person("Stella").await, "Other").await;
    for line in ["zz7zz", "country:NO", "ip:198.51.100.4", "created:2026-11-22 bill"] {
        assert_eq!(found(&viewer, line).await, [0; 0], "{line}");
        assert_eq!(found(&stranger, line).await, [0; 0], "{line}");
    }
    // Asked past the program.
    let team = domain::team::card(&ada).unwrap().id;
    let may_not = "this caller may not search this ledger";
    for (sql, why) in [
        ("select app.audit_blocks('[]', null, null, 0, 9, true, 9)", may_not),
        ("select app.audit_span(null, null)", may_not),
        ("select terms from audit_block", "permission denied for table audit_block"),
    ] {
        let mut raw = world.raw("probity_app", team, &viewer).await;
        assert_eq!(refusal(&mut raw, sql).await, why);
    }
    // Of another team nothing, whatever is asked for.
    let other = domain::team::card(&stranger).unwrap().id;
    let mut raw = world.raw("probity_app", other, &stranger).await;
    let terms: Vec<i32> = sqlx::query_scalar("select terms from audit_block limit 1")
        .fetch_one(&mut world.superuser().await)
        .await
        .unwrap();
    let groups = format!(r#"[{{"any":[{}],"all":[]}}]"#, terms[0]);
    let blocks: Vec<i64> =
        sqlx::query_scalar("select app.audit_blocks($1::jsonb, null, null, 0, 99, true, 99)")
            .bind(groups)
            .fetch_all(&mut raw)
            .await
            .unwrap();
    assert_eq!(blocks, [0; 0]);
    let span: (i64, i64) = sqlx::query_as("select first, indexed from app.audit_span(null, null)")
        .fetch_one(&mut raw)
        .await
        .unwrap();
    assert_eq!(span, (0, 0));
}

#[tokio::test]
async fn two_programs_make_the_same_blocks() {
    let world = World::new().await;
    furnished(&world).await;
    let other = world.another_program().await;
    let (one, two) = tokio::join!(audit::index_all(&world.deps), audit::index_all(&other));
    assert!(one.unwrap() >= 0 && two.unwrap() >= 0);
    let made = "select count(*), count(distinct block), max(block) from audit_block";
    let made: (i64, i64, i64) =
        sqlx::query_as(made).fetch_one(&mut world.superuser().await).await.unwrap();
    assert_eq!(made, (37, 37, 36));
}

/// Searches of which an index leads to all that fits, and what they find in the words of the database.
fn led_to(ada: &Cx, key: KeyId) -> Vec<(String, String)> {
    let (me, id, key_id) = (ada.person().unwrap(), ada.person().unwrap().0, key.0);
    [
        ("actor:key", "actor_kind = 'key'".to_owned()),
        ("actor:person", "actor_kind = 'person'".to_owned()),
        ("-actor:key", "actor_kind <> 'key'".to_owned()),
        ("-actor:person -actor:key", "actor_kind = 'system'".to_owned()),
        ("-actor:person -actor:key -actor:system", "false".to_owned()),
        ("actor:me", format!("actor_id = '{id}'")),
        (&format!("actor:{key}"), format!("actor_id = '{key_id}'")),
        (&format!("actor:{me} actor:{key}"), format!("actor_id in ('{id}', '{key_id}')")),
        (&format!("actor:{key} actor:person"), "actor_kind in ('key', 'person')".to_owned()),
        (&format!("actor:{key} -actor:key"), "false".to_owned()),
        ("actor:me actor:person", "actor_kind = 'person'".to_owned()),
        (
            "action:app.user.* action:key.create",
            "(action like 'app.user.%' or action = 'key.create')".to_owned(),
        ),
        ("actor:me -actor:key", format!("actor_id = '{id}'")),
        ("actor:key actor:me -actor:person", "actor_kind = 'key'".to_owned()),
        ("actor:nobody-is-called-so", "false".to_owned()),
        ("action:app.user.log_in", "action = 'app.user.log_in'".to_owned()),
        (
            "action:app.user.log_in action:key.create",
            "action in ('app.user.log_in', 'key.create')".to_owned(),
        ),
        ("action:key.*", "action like 'key.%'".to_owned()),
        ("action:app.user.*", "action like 'app.user.%'".to_owned()),
        ("action:app.nothing.*", "false".to_owned()),
        ("-action:app.*", "action not like 'app.%'".to_owned()),
        ("outcome:refused", "outcome = 'refused'".to_owned()),
        ("outcome:ok -actor:key", "outcome = 'ok' and actor_kind <> 'key'".to_owned()),
        (
            "outcome:refused -actor:person",
            "outcome = 'refused' and actor_kind <> 'person'".to_owned(),
        ),
        ("outcome:refused actor:me", "false".to_owned()),
        ("target:inv_17 target:inv_2399", "target_id in ('inv_17', 'inv_2399')".to_owned()),
        ("target:inv_17 -action:app.invoice.paid", "false".to_owned()),
        (
            "action:app.invoice.paid outcome:refused -target:inv_500",
            "action = 'app.invoice.paid' and outcome = 'refused' and target_id <> 'inv_500'"
                .to_owned(),
        ),
        ("created:<2026-11-22", "false".to_owned()),
        (
            "actor:key created:2026-11-22 action:app.user.log_in",
            "action = 'app.user.log_in'".to_owned(),
        ),
    ]
    .map(|(line, sql)| (line.to_owned(), sql))
    .into()
}

#[tokio::test]
async fn where_an_index_leads_stands_all_that_fits_and_nothing_else() {
    let world = World::new().await;
    let ada = furnished(&world).await;
    let key = key::list(&ada, KeyQuery::default()).await.unwrap().rows[0].id;
    let mut superuser = world.superuser().await;
    let team = domain::team::card(&ada).unwrap().id.0;
    for indexed in [0, 37] {
        if indexed > 0 {
            assert_eq!(audit::index_all(&world.deps).await.unwrap(), indexed);
        }
        for (line, fits) in led_to(&ada, key) {
            let sql = format!(
                "select seq from audit_event where kind = 'team' and ledger = '{team}' and {fits} order by seq desc"
            );
            let there: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
                .fetch_all(&mut superuser)
                .await
                .unwrap();
            assert_eq!(found(&ada, &line).await, there, "{line}");
        }
    }
}
