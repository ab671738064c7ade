//! Operators' commands, beside a running `serve` and without one.

use crate::{
    http::owner,
    mailbox,
    program::{Home, wait_for},
};
use std::process::Output;

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn log(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn commands_use_the_cluster_of_a_running_serve_and_leave_it_running() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let postmaster = home.postmaster();
    let migrated = home.run(&["migrate"], &[]);
    assert_eq!(out(&migrated), "The database was up to date.\n", "{}", log(&migrated));
    let examined = home.run(&["doctor"], &[]);
    assert!(examined.status.success(), "{}{}", out(&examined), log(&examined));
    assert!(!out(&examined).contains("PROBLEM"), "{}", out(&examined));
    let isolated = " tries: nothing of another team was reached\n";
    assert!(out(&examined).contains(isolated), "{}", out(&examined));
    assert_eq!(home.postmaster(), postmaster);
    assert_eq!(program.status_of("/readyz"), Some(200));
    program.stop();
}

#[test]
fn commands_without_a_serve_start_the_cluster_for_the_moment() {
    let home = Home::new();
    let first = home.run(&["migrate"], &[]);
    assert!(out(&first).ends_with("applied; the database is up to date.\n"), "{}", log(&first));
    assert_eq!(home.postmaster(), None, "it was stopped again");
    let second = home.run(&["migrate"], &[]);
    assert_eq!(out(&second), "The database was up to date.\n", "{}", log(&second));
    let examined = home.run(&["doctor"], &[]);
    assert!(examined.status.success(), "{}{}", out(&examined), log(&examined));
    assert_eq!(home.postmaster(), None, "it was stopped again");
}

#[test]
fn a_doctor_makes_nothing_and_says_who_does() {
    let home = Home::new();
    let examined = home.run(&["doctor"], &[]);
    assert_eq!(examined.status.code(), Some(1));
    let said = out(&examined);
    assert!(said.contains("is not there yet: `probity serve` makes it"), "{said}");
    assert!(!home.folder.exists());
}

#[test]
fn where_mail_goes_is_said_at_the_start_and_by_the_doctor() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let said = format!("no SMTP server is set: kept in {}/outbox", home.folder.display());
    let announced = format!("  mail      {said}\n");
    wait_for("where mail goes", || program.out.text().contains(&announced).then_some(()));
    let examined = out(&home.run(&["doctor"], &[]));
    assert!(examined.contains(&format!("mail               ok       {said}\n")), "{examined}");
    let examined = home.run(&["doctor"], &[("PROBITY_SMTP_URL", "smtp://127.0.0.1:1")]);
    assert_eq!(examined.status.code(), Some(1));
    let said = "mail               PROBLEM  127.0.0.1:1: The mail server cannot be used: ";
    assert!(out(&examined).contains(said), "{}", out(&examined));
    program.stop();
}

#[test]
fn two_commands_at_once_wait_for_each_other() {
    let home = Home::new();
    home.run(&["migrate"], &[]);
    let mut first = home.probity(&["migrate"], &[]).spawn().expect("started");
    let second = home.run(&["migrate"], &[]);
    assert!(first.wait().expect("ended").success());
    assert!(second.status.success(), "{}", log(&second));
}

#[test]
fn a_lost_master_key_is_not_replaced_by_a_new_one() {
    let home = Home::new();
    home.serve().wait_until_ready().stop();
    std::fs::remove_file(home.folder.join("master.key")).expect("removed");
    let examined = home.run(&["doctor"], &[]);
    assert_eq!(examined.status.code(), Some(1));
    assert!(out(&examined).contains("is gone, and the keyring beside it cannot be opened"));
    assert!(!home.folder.join("master.key").exists());
}

#[test]
fn a_wrong_master_key_is_noticed_before_anything_is_served() {
    let home = Home::new();
    home.serve().wait_until_ready().stop();
    let wrong = "00".repeat(32);
    let mut program = home.serve_with(&[("PROBITY_MASTER_KEY", &wrong)]);
    assert_eq!(program.wait_for_end().code(), Some(1));
    let said = program.log.text();
    assert!(said.contains("does not open with this master key"), "{said}");
    assert!(!said.contains(&wrong), "the key is not repeated");
    assert_eq!(home.postmaster(), None, "PostgreSQL stopped with it");
}

#[test]
fn an_operator_locks_opens_and_signs_out_people_and_says_why() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, team) = owner(&program);
    let person = |verb: &str, more: &[&str]| {
        let all: Vec<&str> = ["person", verb].into_iter().chain(more.iter().copied()).collect();
        home.run(&all, &[])
    };
    let about = ["ada@example.com", "--reason", "she asked for it"];
    assert!(out(&person("list", &["LOVE"])).contains("ada@example.com"));
    let without = person("lock", &about[..1]);
    assert!(log(&without).contains("--reason"), "{}", log(&without));
    let unknown = person("lock", &["eve@example.com", "--reason", "she asked"]);
    assert!(log(&unknown).contains("There is no such person."), "{}", log(&unknown));

    assert_eq!(out(&person("lock", &about)), "ada@example.com is locked; one session ended.\n");
    assert_eq!(ada.get(&team).status, 302, "her next click");
    assert!(out(&person("list", &[])).contains("locked"));
    assert_eq!(out(&person("unlock", &about)), "ada@example.com may sign in again.\n");
    let said = out(&person("send-reset", &about));
    assert!(said.contains("gets a link by mail"), "{said}");
    mailbox::token(&home, "ada@example.com", "/reset/");
    let said = out(&person("sign-out", &about));
    assert_eq!(said, "ada@example.com is signed out; no session ended.\n");
    let lift = ["team", "lift-policy", "nordlys", "--reason", "they asked for it"];
    let unknown = home.run(&lift, &[]);
    assert!(log(&unknown).contains("There is no such team."), "{}", log(&unknown));
    let slug = team.trim_start_matches("/t/");
    let open = home.run(&[lift[0], lift[1], slug, lift[3], lift[4]], &[]);
    assert!(log(&open).contains("This team's policy keeps nobody out."), "{}", log(&open));
    let none = person("reset-mfa", &about);
    assert!(log(&none).contains("no second factor"), "{}", log(&none));
    program.stop();
}
