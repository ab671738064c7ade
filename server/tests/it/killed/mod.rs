//! What is left when the program dies at a point that it was told, and what the next start makes of it: each
//! point of [`domain::failpoint`] once.

mod deletion;
mod export;
mod import;
mod personal;
mod rotation;

use crate::{
    people::json,
    program::{Home, Program, wait_for},
    superuser::Superuser,
    visitor::Visitor,
};
use domain::failpoint::{Point, Work};
use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

const TEAM: &str = "halden-freight";

/// The test that goes through the points of a work.
const fn test_of(work: Work) -> fn() {
    match work {
        Work::TeamExport => export::a_killed_export_leaves_no_half_and_the_next_one_is_whole,
        Work::PersonExport => personal::a_killed_export_of_a_person_leaves_nothing,
        Work::Import => import::a_killed_import_leaves_a_whole_team_or_nothing,
        Work::Deletion => deletion::a_deletion_that_is_killed_at_every_point_comes_to_its_end,
        Work::Rotation => rotation::a_rotation_that_is_killed_at_any_point_loses_nothing,
    }
}

#[test]
fn every_point_has_a_name_and_a_test_of_its_own() {
    let names: HashSet<&str> = Point::ALL.iter().map(|point| point.name()).collect();
    assert_eq!(names.len(), Point::ALL.len());
    let tests: HashSet<usize> =
        Point::ALL.iter().map(|point| test_of(point.work()) as usize).collect();
    assert_eq!(tests.len(), 5);
}

/// The points of a work, in their order.
fn points(work: Work) -> impl Iterator<Item = Point> {
    Point::ALL.iter().copied().filter(move |point| point.work() == work)
}

/// Says where to die.
const fn at(point: Point) -> (&'static str, &'static str) {
    ("DIE_AT", point.name())
}

/// A program that runs.
fn serving(home: &Home, settings: &[(&str, &str)]) -> Program {
    let mut program = home.serve_with(settings);
    program.wait_until_ready();
    program
}

/// Files that are below a folder of the data folder.
fn files(home: &Home, folder: &str) -> Vec<PathBuf> {
    fn below(folder: &Path) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        let paths = entries.map(|entry| entry.expect("a file").path());
        paths.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
    }
    below(&home.folder.join(folder))
}

/// Files that nobody has written to their end.
fn halves(home: &Home) -> usize {
    let paths = ["exports", "keyring"].map(|folder| files(home, folder)).concat();
    paths.iter().filter(|path| path.display().to_string().contains('#')).count()
}

/// An export of the whole team, from the click to the file.
fn exported(ada: &mut Visitor<'_>, home: &Home) -> Vec<u8> {
    let sent = [("form[team]", TEAM), ("form[hashes]", "yes")];
    let begun = ada.ask("/do/data/start-export", &sent);
    assert_eq!(begun.status, 200, "{}", begun.body);
    let id = newest(home);
    let asked = [("team", TEAM), ("export", id.as_str()), ("query[link]", "")];
    let row = wait_for("an export", || {
        let row = json(&ada.ask("/do/data/export", &asked))["row"].clone();
        (row["state"] == "ready").then_some(row)
    });
    let name = row["name"].as_str().expect("a name");
    fetched(ada, &id, name)
}

/// The file of an export.
fn fetched(ada: &mut Visitor<'_>, id: &str, name: &str) -> Vec<u8> {
    let linked = ada.ask("/do/data/link-export", &[("form[team]", TEAM), ("form[export]", id)]);
    let token = token(&linked.body);
    ada.fetch(&format!("/t/{TEAM}/data/{id}/{token}/{name}"))
}

/// The token of a link in an answer.
fn token(body: &str) -> String {
    let (_, rest) = body.split_once("?link=").unwrap_or_else(|| panic!("a link: {body}"));
    rest.chars().take_while(char::is_ascii_hexdigit).collect()
}

/// The export that was asked for last.
fn newest(home: &Home) -> String {
    Superuser::of(home).one(
        "select 'data_' || replace(id::text, '-', '') from team_export order by made_at desc limit 1",
    )
}
