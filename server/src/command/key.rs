//! `probity key`: keys by the thousand, and keys where they should not be, beside a running `serve`
//! or without one.

use super::{
    operator::{in_house, told},
    scan::{self, Scan},
};
use crate::{Problem, config::Settings};
use clap::{Args, Subcommand, ValueEnum};
use domain::{
    Deps,
    key::{self, Issue},
};
use model::key::Environment;
use secrecy::ExposeSecret;
use std::{
    fs::{self, File, OpenOptions},
    io::{BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Subcommand, Clone)]
pub(super) enum Verb {
    /// Make many keys of a team and write them to a file, one on each line. They are shown nowhere
    /// else.
    Issue(Wanted),
    /// Look through what comes in for keys, and say what has become of each. The exit code is 1 when
    /// one of them works, or when that cannot be told; 0 when none does.
    Scan(Scan),
}

#[derive(Args, Clone)]
pub(super) struct Wanted {
    /// As in the team's addresses: `halden` of `/t/halden`.
    #[arg(long)]
    team: String,
    /// How many.
    #[arg(long)]
    count: u32,
    /// The file, which must not be there yet. Only you can read it.
    #[arg(long)]
    out: PathBuf,
    /// Each is called so, with its number.
    #[arg(long, default_value = "issued")]
    name: String,
    #[arg(long, value_enum, default_value = "live")]
    environment: Kind,
    /// Days that they last, 1 to 365; `never` for no end.
    #[arg(long, default_value = "90", value_parser = days)]
    days: Days,
    /// Why; it stands in the record.
    #[arg(long)]
    reason: String,
}

#[derive(ValueEnum, Clone, Copy)]
enum Kind {
    Live,
    Test,
}

/// Of clap's own `Option` it would think that the flag need not be given.
#[derive(Clone, Copy)]
struct Days(Option<u16>);

fn days(text: &str) -> Result<Days, String> {
    if text == "never" {
        return Ok(Days(None));
    }
    let days = text.parse().map_err(|_| "write whole days, or never".to_owned())?;
    Ok(Days(Some(days)))
}

pub(super) async fn run(settings: &Settings, verb: Verb) -> Result<ExitCode, Problem> {
    match verb {
        Verb::Issue(wanted) => {
            in_house(settings, "key", async |deps| issue(deps, &wanted).await).await?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::Scan(scan) => scan::run(settings, scan).await,
    }
}

async fn issue(deps: &Deps, wanted: &Wanted) -> Result<String, Problem> {
    let unwritable = |error| {
        Problem::say(format!("The keys cannot be written to {}: {error}.", wanted.out.display()))
    };
    // Before the keys: a file that cannot be made leaves nothing behind.
    let file = create(&wanted.out).map_err(unwritable)?;
    let issue = Issue {
        team: wanted.team.clone(),
        count: wanted.count,
        name: wanted.name.clone(),
        environment: match wanted.environment {
            Kind::Live => Environment::Live,
            Kind::Test => Environment::Test,
        },
        days: wanted.days.0,
        reason: wanted.reason.clone(),
    };
    let issued = told(key::issue(deps, &issue).await, "There is no such team.");
    let written = match issued {
        Ok(secrets) => write(file, &secrets).map_err(unwritable).map(|()| secrets.len()),
        Err(problem) => Err(problem),
    };
    let count = written.inspect_err(|_| drop(fs::remove_file(&wanted.out)))?;
    Ok(format!("{count} keys are in {}. Keep it safe: they work.\n", wanted.out.display()))
}

fn create(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn write(file: File, secrets: &[secrecy::SecretString]) -> std::io::Result<()> {
    let mut file = BufWriter::new(file);
    for secret in secrets {
        writeln!(file, "{}", secret.expose_secret())?;
    }
    file.into_inner().map_err(|error| error.into_error())?.sync_all()
}
