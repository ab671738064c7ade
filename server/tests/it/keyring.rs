//! `probity keyring`, beside a running `serve`, without one, and killed.

use crate::{
    http::owner,
    program::{Home, wait_for},
};
use domain::{
    crypto::{Keyring, MasterKey, Owner, Place},
    ports::SystemRandom,
};
use model::TeamId;
use object_store::local::LocalFileSystem;
use std::{fs, process::Output, sync::Arc, time::Duration};
use uuid::Uuid;

const PLACE: Place = Place { table: "t", column: "c", row: Uuid::nil() };

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn log(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn team(number: u128) -> Owner {
    Owner::Team(TeamId(Uuid::from_u128(number)))
}

/// The keyring of a data folder, as a program of its own would open it.
pub(crate) fn keyring(home: &Home) -> Keyring {
    let master = MasterKey::parse(&home.read("master.key").into()).expect("a master key");
    let store = LocalFileSystem::new_with_prefix(home.folder.join("keyring")).expect("it is there");
    Keyring::open(Arc::new(store), Arc::new(master), Arc::new(SystemRandom))
}

/// What so many teams sealed.
pub(crate) async fn sealed(home: &Home, teams: u128) -> Vec<Vec<u8>> {
    let ring = keyring(home);
    let mut sealed = Vec::new();
    for number in 1..=teams {
        let key = ring.key_of(team(number)).await.expect("made");
        sealed.push(key.seal(&SystemRandom, &PLACE, b"secret").expect("sealed"));
    }
    sealed
}

pub(crate) async fn assert_opens(home: &Home, sealed: &[Vec<u8>]) {
    let ring = keyring(home);
    for (number, sealed) in (1..).zip(sealed) {
        let key = ring.find(team(number)).await.expect("it opens").expect("it is there");
        assert_eq!(*key.open(&PLACE, sealed).expect("the same key"), b"secret");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_master_key_rotates_under_a_running_program() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut visitor, page) = owner(&program);
    let before = home.read("master.key");
    let old = keyring(&home);
    let sealed = sealed(&home, 40).await;

    let rotated = home.run(&["keyring", "rotate"], &[]);
    assert!(rotated.status.success(), "{}", log(&rotated));
    assert!(out(&rotated).contains(" keys are wrapped by the master key "), "{}", out(&rotated));
    assert_ne!(home.read("master.key"), before);
    assert!(!home.folder.join("master.key.next").exists());
    assert_eq!(home.mode("master.key"), 0o600);
    assert_opens(&home, &sealed).await;
    assert!(old.find(team(1)).await.is_err(), "the old one opens nothing");
    assert!(old.key_of(team(77)).await.is_err(), "and makes nothing");

    // The program works on, makes keys with the new one, and starts with it again.
    assert_eq!(visitor.get(&page).status, 200);
    assert_eq!(visitor.get("/account/sessions").status, 200);
    drop(visitor);
    program.stop();
    let mut program = home.serve();
    program.wait_until_ready();
    let verified = home.run(&["keyring", "verify"], &[]);
    assert!(
        out(&verified).contains("teams       40\ndestroyed   0\nEvery key opens.\n"),
        "{}",
        out(&verified)
    );
    program.stop();

    // The old one is refused, and nothing is written over.
    let after = home.read("master.key");
    fs::write(home.folder.join("master.key"), &before).expect("written");
    let refused = home.run(&["keyring", "status"], &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(log(&refused).contains("wrapped by another master key"), "{}", log(&refused));
    fs::write(home.folder.join("master.key"), after).expect("written");
    assert_opens(&home, &sealed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_is_killed_again_and_again_loses_nothing() {
    let home = Home::new();
    home.run(&["migrate"], &[]);
    let mut program = home.serve();
    program.wait_until_ready();
    program.stop();
    let sealed = sealed(&home, 2_000).await;
    let first = home.read("master.key");
    for round in 0..8 {
        let mut rotation = home.probity(&["keyring", "rotate"], &[]).spawn().expect("started");
        std::thread::sleep(Duration::from_millis(15 + 25 * round));
        rotation.kill().expect("killed, or over");
        rotation.wait().expect("it ended");
        assert_opens(&home, &sealed).await;
    }
    let rotated = home.run(&["keyring", "rotate"], &[]);
    assert!(rotated.status.success(), "{}", log(&rotated));
    assert_ne!(home.read("master.key"), first);
    assert_opens(&home, &sealed).await;
    let verified = home.run(&["keyring", "verify"], &[]);
    assert!(
        out(&verified).contains("teams       2000\ndestroyed   0\nEvery key opens.\n"),
        "{}",
        out(&verified)
    );
    let folders = fs::read_dir(home.folder.join("keyring")).expect("it is there").count();
    assert_eq!(folders, 1, "what the old one wrapped is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_master_key_that_is_set_rotates_while_nobody_runs_with_it() {
    let home = Home::new();
    let (one, two) = ("1".repeat(64), "2".repeat(64));
    let master = ("PROBITY_MASTER_KEY", one.as_str());
    let next = ("PROBITY_NEXT_MASTER_KEY", two.as_str());
    let mut program = home.serve_with(&[master]);
    program.wait_until_ready();
    let asked = home.run(&["keyring", "rotate"], &[master]);
    assert!(log(&asked).contains("set PROBITY_NEXT_MASTER_KEY_FILE"), "{}", log(&asked));
    let running = home.run(&["keyring", "rotate"], &[master, next]);
    assert!(log(&running).contains("A Probity runs with this master key"), "{}", log(&running));
    program.stop();
    let rotated = home.run(&["keyring", "rotate"], &[master, next]);
    assert!(out(&rotated).contains("Set it as PROBITY_MASTER_KEY now"), "{}", log(&rotated));

    // Somebody goes on with the old one instead, and a key is made.
    let store = LocalFileSystem::new_with_prefix(home.folder.join("keyring")).expect("there");
    let old = MasterKey::parse(&one.clone().into()).expect("a key");
    let ring = Keyring::open(Arc::new(store), Arc::new(old), Arc::new(SystemRandom));
    ring.key_of(team(9)).await.expect("made");
    let new = ("PROBITY_MASTER_KEY", two.as_str());
    let refused = home.run(&["keyring", "status"], &[new]);
    assert!(
        log(&refused).contains("made with the master key before this one"),
        "{}",
        log(&refused)
    );
    assert!(ring.find(team(9)).await.expect("it opens").is_some(), "nothing was removed");
    let again = home.run(&["keyring", "rotate"], &[master, next]);
    assert!(again.status.success(), "{}", log(&again));
    let verified = home.run(&["keyring", "verify"], &[new]);
    assert!(
        out(&verified).contains("teams       1\ndestroyed   0\nEvery key opens.\n"),
        "{}",
        log(&verified)
    );
    let mut program = home.serve_with(&[new]);
    program.wait_until_ready();
    wait_for("the old folder to go", || {
        let folders = fs::read_dir(home.folder.join("keyring")).expect("it is there");
        (folders.count() == 1).then_some(())
    });
    program.stop();
}

#[test]
fn without_a_keyring_nothing_is_made() {
    let home = Home::new();
    let looked = home.run(&["keyring", "status"], &[]);
    assert!(log(&looked).contains("`probity serve` makes it"), "{}", log(&looked));
    assert!(!home.folder.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn data_keys_are_renewed_under_a_running_program() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut visitor, page) = owner(&program);
    let renew = |args: &[&str]| home.run(&[&["keyring", "renew"], args].concat(), &[]);
    assert!(log(&renew(&["--reason", "because"])).contains("--all"), "whose is not said");
    assert!(
        log(&renew(&["--all", "--team", "x", "--reason", "because"])).contains("cannot be used")
    );
    let none = renew(&["--team", "nobody", "--reason", "because"]);
    assert!(log(&none).contains("There is no such team, or person."), "{}", log(&none));
    let renewed = renew(&["--all", "--reason", "an old backup was found"]);
    assert!(out(&renewed).contains("is sealed with another version"), "{}", log(&renewed));

    // The program goes on, and seals anew what it finds.
    assert_eq!(visitor.get(&page).status, 200);
    assert_eq!(visitor.get("/account/sessions").status, 200);
    let status = || out(&home.run(&["keyring", "status"], &[]));
    wait_for("everything to be sealed anew", || status().contains(" 0 under way\n").then_some(()));
    let status = status();
    assert!(status.contains(" sealed anew, 0 left\n"), "{status}");
    assert!(status.contains("earlier versions kept until"), "{status}");
    let verified = home.run(&["keyring", "verify"], &[]);
    assert!(out(&verified).contains("Every key opens.\n"), "{}", out(&verified));
    assert_eq!(visitor.get("/account/sessions").status, 200);

    // All versions are wrapped with another master key.
    let rotated = home.run(&["keyring", "rotate"], &[]);
    assert!(rotated.status.success(), "{}", log(&rotated));
    assert_eq!(visitor.get("/account/sessions").status, 200);
    let paused = home.run(&["keyring", "pause"], &[]);
    assert!(
        out(&paused).contains(" stopped. `probity keyring resume` goes on."),
        "{}",
        log(&paused)
    );
    let resumed = home.run(&["keyring", "resume"], &[]);
    assert!(out(&resumed).contains(" go on while `probity serve` runs."), "{}", log(&resumed));
    drop(visitor);
    program.stop();
}
