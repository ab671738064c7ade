//! What is left of a team and of a person who are deleted: their names are looked for in every file of the data
//! folder, PostgreSQL's own among them, and in what the program said; and what was sealed for them is tried on
//! every key that is left, from a dump that was made before.

use crate::{
    http::owner,
    keyring::keyring,
    mailbox::letters,
    program::{Home, Program, wait_for},
    superuser::Superuser,
    visitor::Visitor,
};
use domain::crypto::{Keyring, Place};
use memchr::memmem::Finder;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use uuid::Uuid;

/// What stands wherever somebody can write something for the team.
const TEAM: &str = "zanzibar";
/// Who wrote it.
const PERSON: [&str; 2] = ["Kanarie Voss", "ada@example.com"];

/// Every form of a team in which there is room for words.
const FORMS: &[(&str, &[(&str, &str)])] = &[
    (
        "/do/account/profile",
        &[
            ("form[name]", "Kanarie Voss"),
            ("form[time_zone]", "UTC"),
            ("form[date_style]", "british"),
        ],
    ),
    (
        "/do/key/create",
        &[
            ("form[team]", TEAM),
            ("form[name]", "zanzibar key"),
            ("form[environment]", "live"),
            ("form[days]", "90"),
        ],
    ),
    (
        "/do/rule/create",
        &[
            ("form[team]", TEAM),
            ("form[keyword]", "zanzibar"),
            ("form[matching]", "phrase"),
            ("form[url]", "https://zanzibar.example/"),
            ("form[enabled]", "yes"),
        ],
    ),
    (
        "/do/program/create",
        &[("form[team]", TEAM), ("form[name]", "zanzibar"), ("form[tag]", "zanzibar-21")],
    ),
    (
        "/do/invitation/send",
        &[
            ("form[team]", TEAM),
            ("form[emails]", "zanzibar@example.com"),
            ("form[role]", "viewer"),
            ("form[message]", "Come to zanzibar"),
        ],
    ),
    (
        "/do/role/create",
        &[("form[team]", TEAM), ("form[name]", "zanzibar role"), ("form[keys_view]", "yes")],
    ),
    (
        "/do/audit/save-search",
        &[
            ("form[team]", TEAM),
            ("form[name]", "zanzibar"),
            ("form[search]", "zanzibar"),
            ("form[whose]", "me"),
        ],
    ),
    (
        "/do/stream/create",
        &[
            ("form[team]", TEAM),
            ("form[kind]", "https"),
            ("form[name]", "zanzibar"),
            ("form[begin]", "now"),
            ("form[url]", "https://zanzibar.invalid/in"),
        ],
    ),
    (
        "/do/audit/start-export",
        &[("form[team]", TEAM), ("form[search]", "zanzibar"), ("form[format]", "csv")],
    ),
    ("/do/data/start-export", &[("form[team]", TEAM), ("form[hashes]", "yes")]),
];

/// Every column in which a text stands, in clear or in hexadecimal digits.
const FOUND: &str = "
    with columns as materialized (
        select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and a.attnum > 0 and not a.attisdropped)
    select coalesce(string_agg(relname || '.' || attname, ' '), '') from columns
    where (xpath('/row/rows/text()', query_to_xml(format(
        'select count(*) as rows from %I t where strpos(lower(t.%I::text), lower(%L)) > 0
            or strpos(t.%2$I::text, encode(%3$L, ''hex'')) > 0',
        relname, attname, 'CANARY'), false, true, '')))[1]::text <> '0'";

/// What is sealed for the team or for who made it, with its place.
const SEALED: &str = "
    select string_agg(concat_ws(' ', t, c, id, encode(sealed, 'hex')), ',') from (
        select 'affiliate_program' as t, 'sealed' as c, id, sealed from affiliate_program
        union all select 'audit_stream', 'sealed', id, sealed from audit_stream
        union all select 'session', 'origin', id, origin from session
        union all select 'audit_event', 'sealed', id, sealed from audit_event
    ) as s where sealed is not null";

#[test]
fn nothing_of_a_team_and_a_person_is_left_in_any_file_and_a_dump_of_before_opens_no_seal() {
    let home = Home::new();
    let mut program = home.serve_with(&[("PROBITY_TEAM_DELETION_DAYS", "0")]);
    program.wait_until_ready();
    let mut ada = owner(&program).0;
    let superuser = Superuser::of(&home);
    furnish(&mut ada, &superuser);
    let before = superuser.one(&FOUND.replace("CANARY", TEAM));
    assert!(before.split(' ').count() > 12, "{before}");
    for canary in PERSON {
        assert_ne!(superuser.one(&FOUND.replace("CANARY", canary)), "");
    }
    superuser.run("checkpoint");
    let before = files_with_canaries(&home);
    assert!(before.len() > 3, "they are found where they are: {before:?}");
    let dump = dumped(&home);
    let sealed = superuser.one(SEALED);
    let all = sealed.split(',').count();
    assert!(all > 10, "{sealed}");
    assert_eq!(opened(&home, &sealed), all, "all of it, now");

    delete(&mut ada, &home);
    for canary in PERSON.into_iter().chain([TEAM]) {
        assert_eq!(superuser.one(&FOUND.replace("CANARY", canary)), "", "{canary}");
    }
    overwrite(&superuser);
    assert_said_nowhere(&program);
    program.stop();
    assert_eq!(files_with_canaries(&home), [""; 0]);

    let mut program = home.serve();
    program.wait_until_ready();
    superuser.run("create database restored");
    client(&home, "psql", &["-qX", "-v", "ON_ERROR_STOP=1", "-d", "restored", "-f", &dump]);
    let restored = Superuser::of_database(&home, "restored");
    assert_ne!(restored.one(&FOUND.replace("CANARY", TEAM)), "", "what was in clear is in it");
    let sealed = restored.one(SEALED);
    assert!(sealed.split(',').count() >= all, "{sealed}");
    assert_eq!(opened(&home, &sealed), 0, "with no key of the keyring that is left");
    program.stop();
}

/// A team of that name, with something in every table that a form leads to.
fn furnish(ada: &mut Visitor<'_>, superuser: &Superuser) {
    let named = [
        ("form[team]", "halden-freight"),
        ("form[name]", "Zanzibar"),
        ("form[slug]", TEAM),
        ("form[crest]", "plum"),
        ("form[time_zone]", "UTC"),
    ];
    let answer = ada.ask("/do/team/update", &named);
    assert_eq!(answer.status, 200, "{}", answer.body);
    for (path, fields) in FORMS {
        let answer = ada.ask(path, fields);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    for table in ["audit_export", "team_export"] {
        wait_for("an export", || {
            (superuser.one(&format!("select state from {table}")) == "ready").then_some(())
        });
    }
}

/// The team, and then who owned it.
fn delete(ada: &mut Visitor<'_>, home: &Home) {
    let asked = ada.ask("/do/deletion/ask", &[("form[team]", TEAM), ("form[name]", "Zanzibar")]);
    assert_eq!(asked.status, 200, "{}", asked.body);
    wait_for("the letter about the end", || {
        let is_it = |letter: &String| letter.contains("Subject: Your team was deleted");
        letters(home).iter().any(is_it).then_some(())
    });
    let gone = ada.ask("/do/account/delete", &[("form[email]", PERSON[1])]);
    assert_eq!(gone.status, 200, "{}", gone.body);
    wait_for("the last letter", || {
        let is_it = |letter: &String| letter.contains("Subject: Your account was deleted");
        letters(home).iter().any(is_it).then_some(())
    });
}

/// What docs/operating.md says of the places in PostgreSQL's files where rows were.
fn overwrite(superuser: &Superuser) {
    for sql in [
        "alter system set wal_recycle = off",
        "select pg_reload_conf()",
        "vacuum (full, analyze)",
        "checkpoint",
        "select pg_switch_wal()",
        "checkpoint",
    ] {
        superuser.run(sql);
    }
}

fn assert_said_nowhere(program: &Program) {
    let said = program.log.text() + &program.out.text();
    for canary in PERSON.into_iter().chain([TEAM]) {
        assert!(!said.to_lowercase().contains(&canary.to_lowercase()), "{canary} in {said}");
    }
}

/// In every file but those in `outbox`, where letters lie instead of in other people's mailboxes.
fn files_with_canaries(home: &Home) -> Vec<String> {
    let mut found = Vec::new();
    for path in
        below(&home.folder).iter().filter(|path| !path.starts_with(home.folder.join("outbox")))
    {
        let bytes = fs::read(path).expect("a file").to_ascii_lowercase();
        for canary in PERSON.into_iter().chain([TEAM]) {
            if Finder::new(&canary.to_lowercase()).find(&bytes).is_some() {
                found.push(format!("{canary} in {}", path.display()));
            }
        }
    }
    found
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path());
    let files = entries.filter(|path| path.is_dir() || path.is_file());
    files.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

/// The path of a dump that is made now, outside the data folder.
fn dumped(home: &Home) -> String {
    let path = home.folder.with_file_name("before.sql").display().to_string();
    client(home, "pg_dump", &["-d", "probity", "-f", &path]);
    path
}

/// A program of PostgreSQL's, run as its superuser.
fn client(home: &Home, program: &str, arguments: &[&str]) {
    let mut command = Command::new(program);
    command.args(["-h"]).arg(home.folder.join("socket")).args(["-U", "postgres"]).args(arguments);
    let done = command.stdin(Stdio::null()).output().expect("PostgreSQL's programs are there");
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
}

/// How many of these seals open with any key of the keyring.
fn opened(home: &Home, sealed: &str) -> usize {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let ring = keyring(home);
    let owners = below(&home.folder.join("keyring"));
    let owners: Vec<String> =
        owners.iter().filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect();
    let opens = |one: &&str| runtime.block_on(opens(&ring, &owners, one));
    sealed.split(',').filter(opens).count()
}

async fn opens(ring: &Keyring, owners: &[String], one: &str) -> bool {
    let mut words = one.split(' ');
    let (table, column) = match (words.next(), words.next()) {
        (Some("affiliate_program"), _) => ("affiliate_program", "sealed"),
        (Some("audit_stream"), _) => ("audit_stream", "sealed"),
        (Some("session"), _) => ("session", "origin"),
        (Some("audit_event"), _) => ("audit_event", "sealed"),
        other => panic!("{other:?}"),
    };
    let row = words.next().and_then(|id| Uuid::parse_str(id).ok()).expect("an id");
    let sealed = words.next().and_then(model::hex::unhex).expect("a seal");
    for owner in owners {
        let key = ring.find(owner.parse().expect("an owner")).await.expect("it opens");
        if key.is_some_and(|key| key.open(&Place { table, column, row }, &sealed).is_ok()) {
            return true;
        }
    }
    false
}
