//! `probity serve` from start to stop, and through everything that can happen between.

use crate::{
    http::{PASSWORD, owner},
    mailbox,
    people::{half_way, stranger, through, with_app},
    program::{Home, Program, signal, wait_for},
};
use rustix::process::Signal;
use std::{
    fs,
    os::unix::{fs::MetadataExt, process::CommandExt},
    process::Command,
    thread,
    time::Duration,
};

fn set_up_link(program: &Program) -> String {
    wait_for("the set-up link", || {
        let text = program.out.text();
        let line = text.lines().find(|line| line.trim_start().starts_with("set up"))?;
        Some(line.split_whitespace().last()?.to_owned())
    })
}

#[test]
fn an_empty_folder_becomes_a_running_probity_that_shows_its_set_up_link() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let link = set_up_link(&program);
    assert!(link.starts_with(&format!("http://{}/set-up/", program.address)), "{link}");
    assert_eq!(program.out.text().lines().count(), 7, "{}", program.out.text());
    assert_eq!(program.status_of("/healthz"), Some(200));
    program.stop();
    assert_eq!(home.postmaster(), None, "PostgreSQL stopped with it");
    wait_for("its last words", || program.log.text().contains("INFO Stopped.").then_some(()));
    assert!(program.log.text().contains("INFO Stopping (SIGTERM)."), "{}", program.log.text());
}

#[test]
fn everything_secret_in_the_data_folder_is_closed_to_others() {
    let home = Home::new();
    home.serve().wait_until_ready().stop();
    for (file, mode) in [
        ("master.key", 0o600),
        ("database-passwords", 0o600),
        ("postgres.log", 0o600),
        ("keyring", 0o700),
        ("postgres", 0o700),
        ("socket", 0o700),
        ("outbox", 0o700),
    ] {
        assert_eq!(home.mode(file), mode, "{file}");
    }
}

#[test]
fn health_is_answered_while_the_database_starts_and_readiness_is_not() {
    let home = Home::new();
    let mut program = home.serve();
    wait_for("/healthz to answer", || program.status_of("/healthz"));
    assert_eq!(program.status_of("/readyz"), Some(503));
    program.wait_until_ready().stop();
}

#[test]
fn after_kill_9_it_stops_the_postgres_left_behind_and_starts_again_with_everything_kept() {
    let home = Home::new();
    let mut first = home.serve();
    first.wait_until_ready();
    let passwords = home.read("database-passwords");
    let orphan = home.postmaster().expect("it runs");
    first.kill();
    assert_eq!(home.postmaster(), Some(orphan), "an orphan is left");
    let mut second = home.serve();
    second.wait_until_ready();
    assert_ne!(home.postmaster(), Some(orphan));
    assert_eq!(home.read("database-passwords"), passwords);
    second.stop();
}

/// A stranger of the same user: one of another user would not fool PostgreSQL either.
#[test]
fn a_stale_pid_file_with_the_pid_of_a_stranger_does_not_keep_it_from_starting() {
    let home = Home::new();
    home.serve().wait_until_ready().stop();
    let cluster = home.folder.join("postgres");
    let user = fs::metadata(&cluster).expect("it is there").uid();
    let mut stranger = Command::new("sleep").arg("100").uid(user).spawn().expect("sleep runs");
    let stale = format!("{}\n{}\n", stranger.id(), cluster.display());
    fs::write(cluster.join("postmaster.pid"), stale).expect("written");
    let mut program = home.serve();
    program.wait_until_ready();
    assert_eq!(stranger.try_wait().expect("it is our child"), None, "it was left alone");
    stranger.kill().expect("it is ours");
    stranger.wait().expect("it is our child");
    program.stop();
}

#[test]
fn after_kill_9_of_postgres_it_is_started_again() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let killed = home.postmaster().expect("it runs");
    signal(killed, Signal::KILL);
    wait_for("another PostgreSQL", || home.postmaster().filter(|pid| *pid != killed));
    program.wait_until_ready();
    assert!(program.log.text().contains("Starting it again."), "{}", program.log.text());
    program.stop();
}

#[test]
fn a_second_instance_on_the_same_data_is_refused_and_told_which_process_has_it() {
    let home = Home::new();
    let mut first = home.serve();
    first.wait_until_ready();
    let mut second = home.serve();
    assert_eq!(second.wait_for_end().code(), Some(1));
    let expected = format!(
        "probity: The data folder {} is in use by process {} (probity serve). Stop that process \
         first, or give this one another folder with PROBITY_DATA_DIR.",
        home.folder.display(),
        first.pid()
    );
    wait_for("the sentence", || second.log.text().contains(&expected).then_some(()));
    assert_eq!(first.status_of("/readyz"), Some(200));
    first.stop();
}

#[test]
fn a_cluster_that_cannot_start_is_explained_by_its_last_words() {
    let home = Home::new();
    home.serve().wait_until_ready().stop();
    let own = home.folder.join("postgres/postgresql.auto.conf");
    fs::write(own, "shared_buffers = 'a lot'\n").expect("written");
    let mut program = home.serve();
    assert_eq!(program.wait_for_end().code(), Some(1));
    let log = home.folder.join("postgres.log").display().to_string();
    let expected = "probity: PostgreSQL stopped while it was starting: ";
    wait_for("the sentence", || program.log.text().contains(expected).then_some(()));
    let said = program.log.text();
    assert!(said.contains("postgresql.auto.conf") && said.contains(&log), "{said}");
}

#[test]
fn an_address_in_use_is_named() {
    let (home, other) = (Home::new(), Home::new());
    let mut first = home.serve();
    wait_for("/healthz to answer", || first.status_of("/healthz"));
    let address = first.address.clone();
    let mut second = other.serve_with(&[("PROBITY_LISTEN", &address)]);
    assert_eq!(second.wait_for_end().code(), Some(1));
    let expected = format!("PROBITY_LISTEN is {address}, where another program already answers.");
    wait_for("the sentence", || second.log.text().contains(&expected).then_some(()));
    first.stop();
}

#[test]
fn a_signal_during_the_first_start_leaves_nothing_half_made() {
    let home = Home::new();
    let mut program = home.serve();
    wait_for("initdb to begin", || home.folder.join("postgres.unfinished").exists().then_some(()));
    program.stop();
    assert_eq!(home.postmaster(), None);
    home.serve().wait_until_ready().stop();
}

#[test]
fn kill_9_during_the_first_start_is_made_good_by_the_next() {
    let home = Home::new();
    let mut program = home.serve();
    wait_for("initdb to begin", || home.folder.join("postgres.unfinished").exists().then_some(()));
    thread::sleep(Duration::from_millis(100));
    program.kill();
    home.serve().wait_until_ready().stop();
}

#[test]
fn more_signals_while_stopping_change_nothing() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    program.signal(Signal::TERM);
    program.signal(Signal::INT);
    program.stop();
    assert!(home.read("postgres.log").contains("database system is shut down"));
}

#[test]
fn no_secret_is_ever_in_a_log() {
    let home = Home::new();
    let mut program = home.serve_with(&[("PROBITY_LOG", "human,trace,sqlx=trace,hyper=trace")]);
    program.wait_until_ready();
    let link = set_up_link(&program);
    program.status_of(link.split_once(&program.address).expect("an address").1);
    program.stop();
    let logs = program.log.text() + &home.read("postgres.log");
    let passwords = home.read("database-passwords");
    let key = home.read("master.key");
    let token = link.rsplit('/').next().expect("a token").to_owned();
    for secret in passwords.lines().chain([key.trim(), &token]) {
        assert!(secret.len() > 20, "the test looks for real secrets");
        assert!(!logs.contains(secret), "a secret is in the log");
    }
}

#[test]
fn what_people_type_and_are_given_is_never_in_a_log() {
    let home = Home::new();
    let settings =
        [("PROBITY_LOG", "human,trace,sqlx=trace,hyper=trace"), ("PROBITY_SIGNUP", "open")];
    let mut program = home.serve_with(&settings);
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let kept = with_app(&mut ada);
    let mallory = stranger(&home, &program);
    let typed = through(&program, &kept.codes[0]);
    ada.ask("/do/password/forgot", &[("form[email]", "mal@example.com")]);
    let reset = mailbox::token(&home, "mal@example.com", "/reset/");
    ada.get(&format!("/reset/{reset}"));
    let cookies = [&ada, &mallory, &typed].map(|visitor| visitor.cookies.values().cloned());
    let secrets: Vec<String> =
        cookies.into_iter().flatten().chain(kept.codes).chain([kept.secret, reset]).collect();
    assert!(secrets.len() > 15, "sessions, browsers, codes: {secrets:?}");
    let half = half_way(&program).cookies;
    program.stop();
    let logs = program.log.text() + &home.read("postgres.log");
    for secret in secrets.iter().chain(half.values()).map(String::as_str).chain([PASSWORD]) {
        assert!(secret.len() > 15, "{secret} is found everywhere");
        assert!(!logs.contains(secret), "a secret is in the log: {secret}");
    }
}

#[test]
fn a_log_for_machines_is_json_line_by_line_and_the_link_is_in_it() {
    let home = Home::new();
    let mut program = home.serve_with(&[("PROBITY_LOG", "json,info")]);
    program.wait_until_ready();
    wait_for("the set-up link", || program.log.text().contains("/set-up/").then_some(()));
    program.stop();
    assert_eq!(program.out.text(), "");
    for line in program.log.text().lines() {
        serde_json::from_str::<serde_json::Value>(line).expect(line);
    }
}
