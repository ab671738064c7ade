//! `probity key scan`: which of our keys stand in what comes in, and what has become of them.

use super::operator::{in_house, told};
use crate::{Problem, config::Settings};
use clap::Args;
use domain::{
    Deps,
    key::scan::{self, Finder, Found},
};
use model::key::KeyState;
use std::{
    fmt::Write,
    io::{self, Read},
    process::ExitCode,
};

/// Different keys that are looked for.
const KEYS: usize = 10_000;
/// Bytes that are read at once.
const PIECE: usize = 1 << 16;

#[derive(Args, Clone)]
pub(super) struct Scan {
    /// Tell those who can rotate them, as if a scanner had reported the keys; where a team's policy
    /// says so, its keys are switched off. Without this, nothing is changed and nobody told.
    #[arg(long)]
    report: bool,
    /// Where others can read it: an https address, for whoever is told.
    #[arg(long, default_value = "", requires = "report")]
    source: String,
}

/// Reads to the end before the house is opened: whoever writes slowly holds nothing up.
pub(super) async fn run(settings: &Settings, scan: Scan) -> Result<ExitCode, Problem> {
    let finder = read(io::stdin().lock())?;
    let mut live = false;
    in_house(settings, "key", async |deps| {
        let (said, is_live) = look(deps, &scan, finder).await?;
        live = is_live;
        Ok(said)
    })
    .await?;
    Ok(if live { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn read(mut from: impl Read) -> Result<Finder, Problem> {
    let mut finder = Finder::new(KEYS);
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(finder),
            length => told(finder.read(&piece[..length]), "")?,
        }
    }
}

/// What is to be said, and whether any key works.
async fn look(deps: &Deps, scan: &Scan, finder: Finder) -> Result<(String, bool), Problem> {
    let all = told(scan::look_up(deps, finder).await, "")?;
    let mut said = table(&all);
    let found: Vec<Found> = all.into_iter().map(|(found, _)| found).collect();
    if scan.report {
        let reported = told(scan::report(deps, &found, &scan.source).await, "")?;
        writeln!(said, "Reported: {reported}.").expect("a String takes any text");
    }
    Ok((said, found.iter().any(Found::is_live)))
}

/// A line for each key: how it begins, its state, its team and name, where it stands.
fn table(all: &[(Found, String)]) -> String {
    let mut said = String::new();
    for (found, team) in all {
        let state = found.state.map_or("unknown", KeyState::name);
        let name = found.key.as_ref().map_or("", |key| &key.name);
        let lines: Vec<String> = found.lines.iter().map(u64::to_string).collect();
        let (start, lines) = (&found.start, lines.join(", "));
        writeln!(said, "{start}…  {state:<9}  {team:<20}  {name:<30}  line {lines}")
            .expect("a String takes any text");
    }
    let live = all.iter().filter(|(found, _)| found.is_live()).count();
    let keys = if all.len() == 1 { "key" } else { "keys" };
    writeln!(said, "{} {keys} found, {live} of them working.", all.len())
        .expect("a String takes any text");
    said
}
