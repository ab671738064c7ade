//! The deletion itself: stage by stage, cut off between them, and what is left of a team nowhere.

use super::{ask, delete, halden, id};
use crate::{
    audit_export::{asked, files},
    permissions::new_key,
    post::link,
    support::{World, refusal, run},
};
use domain::{
    Cx, Error, audit,
    crypto::{Owner, Place},
    invitation, key, program, rule, security, team,
};
use model::{
    Role, Typed,
    deletion::{Stage, check},
    invitation::Invite,
    rule::NewProgram,
};
use object_store::ObjectStore;
use secrecy::ExposeSecret;
use sqlx::{AssertSqlSafe, PgConnection};
use time::Duration;

/// What stands in everything of the team's.
const CANARY: &str = "zanzibar";

/// A team that has a row in every table, with the canary wherever there is text.
async fn furnished(world: &World) -> Cx {
    let ada = world.team(&world.person("Ada").await, "Zanzibar").await;
    let named = model::key::NewKey { name: format!("{CANARY} key"), ..new_key() };
    key::create(&ada, named).await.unwrap();
    let rule = model::rule::RuleForm {
        url: format!("https://{CANARY}.example/"),
        ..crate::rules::form(CANARY)
    };
    rule::create(&ada, &rule).await.unwrap();
    let new = NewProgram {
        name: CANARY.into(),
        tag: Typed::new(format!("{CANARY}-21")),
        ..NewProgram::default()
    };
    program::create(&ada, &new).await.unwrap();
    let invite = Invite {
        emails: format!("{CANARY}@example.com"),
        role: "viewer".into(),
        message: CANARY.into(),
        ..Invite::default()
    };
    invitation::send(&ada, invite).await.unwrap();
    world.role(&ada, &format!("{CANARY} role"), "team.view").await;
    let stream = model::audit::NewStream {
        kind: "https".to_owned(),
        name: CANARY.to_owned(),
        begin: "beginning".to_owned(),
        url: format!("https://{CANARY}.example.com/in"),
        ..model::audit::NewStream::default()
    };
    audit::stream::create(&ada, &stream).await.unwrap();
    let search = model::audit::SaveSearch {
        name: CANARY.into(),
        search: CANARY.into(),
        whose: model::audit::Whose::Team.name().into(),
        ..model::audit::SaveSearch::default()
    };
    audit::saved::save(&ada, &search).await.unwrap();
    let domains = format!("example.com\n{CANARY}.example");
    let domains = model::security::SetDomains { team: String::new(), domains };
    security::set_domains(&ada, domains).await.unwrap();
    let export = audit::export::start(&ada, &asked("jsonl", CANARY)).await.unwrap();
    files(&ada, export).await;
    world.member(&ada, Role::Viewer).await;
    audit::index(&world.deps).await.unwrap();
    audit::prove(&world.deps).await.unwrap();
    run(&mut world.superuser().await, &FILL.replace("(team)", &id(&ada).0.to_string())).await;
    world.letters().await;
    ada
}

/// What no operation of a test makes in a moment.
const FILL: &str = "
    insert into key_usage (team_id, key_id, hour, code, calls)
    select team_id, id, now(), 'VALID', 1 from api_key where team_id = '(team)';
    insert into key_seen (team_id, key_id, last_at)
    select team_id, id, now() from api_key where team_id = '(team)';
    insert into key_quota (team_id, key_id, month, taken)
    select team_id, id, now(), 1 from api_key where team_id = '(team)';
    insert into own_search (team_id, person_id, id, name, search)
    select team_id, person_id, gen_random_uuid(), 'zanzibar', 'zanzibar' from member
    where team_id = '(team)';
    insert into rule_draft (team_id, person_id, id, made_at, csv)
    select team_id, person_id, gen_random_uuid(), now(), 'zanzibar' from member
    where team_id = '(team)' and role = 'owner';
    insert into probe_verdict
    values ('(team)', 'x', 'team.view', now(), true, 'yes', 'yes', 1, 'zanzibar');
    insert into ledger_acceptance values ('team', '(team)', 'zanzibar');
    insert into audit_block (team_id, block, first_at, last_at, terms)
    values ('(team)', 0, now(), now(), '{1}');
    insert into audit_stream_error (team_id, stream_id, id, at, said)
    select team_id, id, gen_random_uuid(), now(), 'zanzibar' from audit_stream
    where team_id = '(team)'";

/// Where the text stands: every table and column of the database.
async fn found(conn: &mut PgConnection, text: &str) -> Vec<String> {
    let columns: Vec<(String, String, String)> = sqlx::query_as(
        "select table_name::text, column_name::text, data_type::text from information_schema.columns
         where table_schema = 'public'",
    )
    .fetch_all(&mut *conn)
    .await
    .unwrap();
    let mut places = Vec::new();
    for (table, column, kind) in columns {
        let held = match kind.as_str() {
            "bytea" => format!("position(convert_to('{text}', 'UTF8') in {column}) > 0"),
            _ => format!("strpos(lower({column}::text), '{text}') > 0"),
        };
        let sql = format!("select count(*) from {table} where {held}");
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *conn).await.unwrap();
        if rows > 0 {
            places.push(format!("{table}.{column}"));
        }
    }
    places
}

async fn files_of(world: &World) -> usize {
    use futures::StreamExt;
    world.exports.list(None).count().await
}

#[tokio::test]
async fn nothing_of_a_deleted_team_is_left_anywhere_and_others_are_untouched() {
    let world = World::new().await;
    let ada = furnished(&world).await;
    let other = world.team(&world.person("Ole").await, "Nordlys").await;
    key::create(&other, new_key()).await.unwrap();
    let mut superuser = world.superuser().await;
    let before = found(&mut superuser, CANARY).await;
    assert!(before.len() > 12, "{before:?}");
    assert!(files_of(&world).await > 0);
    let page = team::deletion(&ada).await.unwrap();
    let of = |table| page.tables.iter().find(|held| held.table == table).unwrap().rows;
    for table in ["api_key", "audit_event", "mail", "invitation", "audit_block", "own_search"] {
        assert!(of(table) > 0, "{table}: {:?}", page.tables);
    }
    assert_eq!((page.files, page.asked), (2, None));

    let (team, mark) = (
        id(&ada),
        "select md5(string_agg(e::text, ',' order by kind, ledger, seq))
        from audit_event e where kind = 'team'",
    );
    ask(&ada).await.unwrap();
    let theirs = format!("{mark} and ledger = '{}'", id(&other).0);
    let theirs = async |conn: &mut PgConnection| -> String {
        sqlx::query_scalar(AssertSqlSafe(theirs.as_str())).fetch_one(conn).await.unwrap()
    };
    let their_records = theirs(&mut superuser).await;
    let stages = delete(&world, team).await;
    assert_eq!(stages, Stage::ALL[2..]);
    let mut letters = world.letters().await;
    letters.retain(|letter| letter.subject == "Your team was deleted");
    let letter = letters.pop().unwrap();
    assert_eq!(found(&mut superuser, CANARY).await, Vec::<String>::new());
    let uuid = team.0.to_string();
    let named = found(&mut superuser, &uuid).await;
    assert_eq!(named, ["deletion.team_id", "deletion_count.team_id"]);
    assert_eq!(files_of(&world).await, 0);
    assert_eq!(theirs(&mut superuser).await, their_records);
    assert_eq!(team::deletion(&world.again(&other, &other).await).await.unwrap().asked, None);

    // Who was an owner has the certificate, and the page behind the link.
    let signer = world.deps.keyring().signer().await.unwrap().public();
    let checked = check(letter.text.expose_secret(), Some(signer)).expect("it is in the letter");
    assert!(checked.is_signed, "{checked:?}");
    let card = team::deletion_card(&world.anyone(), &Typed::new(link(&letter))).await.unwrap();
    assert!(card.stages.iter().all(|row| row.at.is_some()), "{card:?}");
    let line = card.certificate.unwrap();
    assert!(check(&line, Some(signer)).unwrap().is_signed);
    assert!(!line.to_lowercase().contains(CANARY) && !line.contains("Ada"), "{line}");
    assert!(line.contains("\"api_key\",\"rows\":1") && line.contains("\"files\":2"), "{line}");
    let guessed = team::deletion_card(&world.anyone(), &Typed::new("0".repeat(64))).await;
    assert!(matches!(guessed, Err(Error::NotFound)));
    // And the instance has the record, which names nobody.
    let record: String = sqlx::query_scalar(
        "select convert_from(record, 'UTF8') from audit_event
         where kind = 'instance' and action = 'team.delete'",
    )
    .fetch_one(&mut superuser)
    .await
    .unwrap();
    assert!(record.contains(&team.to_string()) && !record.contains("Ada"), "{record}");
}

#[tokio::test]
async fn whatever_cuts_it_off_the_next_run_goes_on() {
    let world = World::new().await;
    let ada = furnished(&world).await;
    let team = id(&ada);
    ask(&ada).await.unwrap();
    world.clock.advance(Duration::days(7));
    let mut stages = Vec::new();
    for round in 0.. {
        // Another program each time; the one before was dropped while it did the same stage.
        let (cut, program) = (world.another_program().await, world.another_program().await);
        let dropped = team::delete_step(&cut, team);
        drop(tokio::time::timeout(std::time::Duration::from_millis(3 * round % 40), dropped).await);
        match team::delete_step(&program, team).await.unwrap() {
            Some(stage) => stages.push(stage),
            None => break,
        }
        if stages.last() == Some(&Stage::Done) {
            break;
        }
    }
    assert_eq!(found(&mut world.superuser().await, CANARY).await, ["mail.sealed"; 0]);
    let certified: i64 =
        sqlx::query_scalar("select count(*) from deletion where certificate is not null")
            .fetch_one(&mut world.superuser().await)
            .await
            .unwrap();
    assert_eq!(certified, 1, "{stages:?}");
    let letters = world.letters().await;
    let done = letters.iter().filter(|letter| letter.subject == "Your team was deleted").count();
    assert_eq!(done, 1);
}

#[tokio::test]
async fn two_programs_at_once_delete_it_once() {
    let (world, ada) = halden().await;
    ask(&ada).await.unwrap();
    world.clock.advance(Duration::days(7));
    let program = world.another_program().await;
    for _ in 0..5 {
        team::delete_step(&program, id(&ada)).await.unwrap();
    }
    // Both come to the end, and one of them may find that the other has gone it.
    let (one, two) = tokio::join!(
        team::delete_step(&world.deps, id(&ada)),
        team::delete_step(&program, id(&ada))
    );
    assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
    let letters = world.letters().await;
    let done = letters.iter().filter(|letter| letter.subject == "Your team was deleted").count();
    assert_eq!(done, 1);
    let records =
        "select count(*) from audit_event where kind = 'instance' and action = 'team.delete'";
    let records: i64 =
        sqlx::query_scalar(records).fetch_one(&mut world.superuser().await).await.unwrap();
    assert_eq!(records, 1);
}

#[tokio::test]
async fn what_was_sealed_and_copied_before_opens_nowhere_and_no_key_is_made_again() {
    let (world, ada) = halden().await;
    let place = Place { table: "affiliate_program", column: "sealed", row: id(&ada).0 };
    let owner = Owner::Team(id(&ada));
    let ring = world.deps.keyring().clone();
    let sealed = ring.key_of(owner).await.unwrap().seal(&*world.random, &place, b"tag-21").unwrap();
    ask(&ada).await.unwrap();
    world.clock.advance(Duration::days(7));
    for _ in 0..2 {
        team::delete_step(&world.deps, id(&ada)).await.unwrap();
    }
    assert!(ring.find(owner).await.unwrap().is_none());
    assert!(ring.key_of(owner).await.is_err(), "while its rows are there");
    delete(&world, id(&ada)).await;
    assert!(ring.key_of(owner).await.is_err(), "and for good");
    // Nor does any other key of the keyring open a copy.
    for other in [Owner::Instance, Owner::Person(ada.person().unwrap())] {
        assert!(ring.key_of(other).await.unwrap().open(&place, &sealed).is_err());
    }
}

#[tokio::test]
async fn calls_that_were_counted_for_it_keep_no_others_from_being_counted() {
    let (world, ada) = halden().await;
    let made = key::create(&ada, new_key()).await.unwrap();
    ask(&ada).await.unwrap();
    let (secret, how) = (Typed::new(&made.secret), key::Ask::default());
    assert_eq!(
        key::verify(&world.anyone(), &secret, &how).await.unwrap().code.name(),
        "TEAM_SUSPENDED"
    );
    delete(&world, id(&ada)).await;
    key::flush_usage(&world.deps).await.unwrap();
    let counted = "select count(*) from key_usage";
    let counted: i64 =
        sqlx::query_scalar(counted).fetch_one(&mut world.superuser().await).await.unwrap();
    assert_eq!(counted, 0);
}

#[tokio::test]
async fn other_teams_are_searched_while_one_is_deleted() {
    let (world, ada) = halden().await;
    let other = world.team(&world.person("Ole").await, "Nordlys").await;
    ask(&ada).await.unwrap();
    let long = "update ledger_head set seq = 200 where kind = 'team'";
    run(&mut world.superuser().await, long).await;
    world.clock.advance(Duration::days(7));
    for _ in 0..2 {
        team::delete_step(&world.deps, id(&ada)).await.unwrap();
    }
    audit::index(&world.deps).await.unwrap();
    assert!(world.deps.keyring().find(Owner::Team(id(&other))).await.unwrap().is_some());
}

#[tokio::test]
async fn nobody_gets_into_a_team_that_is_being_deleted() {
    let (world, ada) = halden().await;
    let member = world.member(&ada, Role::Admin).await;
    ask(&ada).await.unwrap();
    world.clock.advance(Duration::days(7));
    assert_eq!(team::delete_step(&world.deps, id(&ada)).await.unwrap(), Some(Stage::Begun));
    for cx in [&ada, &member] {
        let cx = world.again(cx, cx).await;
        let barred = key::list(&cx, model::key::KeyQuery::default()).await;
        assert!(matches!(barred, Err(Error::Barred(model::security::Bar::Closed))));
    }
}

#[tokio::test]
async fn the_database_removes_nothing_that_is_not_being_deleted() {
    let (world, ada) = halden().await;
    let other = world.team(&world.person("Ole").await, "Nordlys").await;
    let as_task = async |team: &Cx, task: &str| {
        let mut job = world.raw("probity_job", id(team), team).await;
        let task = format!(
            "select set_config('app.task', '{task}', false), set_config('app.person', '', false),
                 set_config('app.session', '', false)"
        );
        run(&mut job, &task).await;
        job
    };
    ask(&ada).await.unwrap();
    // Not due.
    let mut job = as_task(&ada, "team.delete").await;
    let begun: bool = sqlx::query_scalar("select app.begin_deletion(sha256('x'))")
        .fetch_one(&mut job)
        .await
        .unwrap();
    assert!(!begun);
    let purges = [
        "select app.purge('api_key', 10)",
        "select app.purge_records(0, 10)",
        "select app.end_team('x')",
    ];
    for sql in purges {
        assert_eq!(refusal(&mut job, sql).await, "only what is being deleted is removed");
    }
    for sql in ["delete from audit_event", "delete from member", "delete from team"] {
        assert!(refusal(&mut job, sql).await.contains("permission denied"), "{sql}");
    }
    world.clock.advance(Duration::days(7));
    team::delete_step(&world.deps, id(&ada)).await.unwrap();
    // By another task, or in another team.
    for (team, task) in [(&ada, "audit.retain"), (&ada, "operator"), (&other, "team.delete")] {
        let mut job = as_task(team, task).await;
        for sql in purges {
            assert_eq!(refusal(&mut job, sql).await, "only what is being deleted is removed");
        }
    }
    let mut job = as_task(&ada, "team.delete").await;
    assert_eq!(
        refusal(&mut job, "select app.purge('person', 10)").await,
        "only what is being deleted is removed"
    );
    let left = refusal(&mut job, "select app.end_team('x')").await;
    assert!(left.starts_with("there are rows in "), "{left}");
}

/// What a page says goes is what the catalogue knows: a table that nobody named is noticed, on the page and
/// in the end.
#[tokio::test]
async fn a_table_that_is_missing_from_the_list_is_noticed() {
    let (world, ada) = halden().await;
    team::deletion(&ada).await.unwrap();
    run(
        &mut world.superuser().await,
        "create table forgotten (team_id uuid, note text);
         alter table forgotten owner to probity_owner",
    )
    .await;
    let missing = team::deletion(&ada).await.unwrap_err().to_string();
    assert!(missing.contains("a table of teams has no name in HELD"), "{missing}");
    let insert = format!("insert into forgotten values ('{}', 'x')", id(&ada).0);
    run(&mut world.superuser().await, &insert).await;
    ask(&ada).await.unwrap();
    world.clock.advance(Duration::days(7));
    let refused = team::delete_due(&world.deps).await.unwrap_err().to_string();
    assert!(refused.contains("there are rows in forgotten again"), "{refused}");
}
