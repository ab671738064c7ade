//! What an operator can ask for, one verb per file.

mod audit;
mod certificate;
mod config;
mod demo;
mod doctor;
mod generate;
mod import;
mod key;
mod keyring;
mod migrate;
mod openapi;
mod operator;
mod person;
mod scan;
mod serve;
mod team;

use crate::{
    Problem,
    config::{Settings, Source, flags},
};
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

/// A self-hosted team and security console for businesses that sell an API.
#[derive(Parser)]
#[command(name = "probity", version, arg_required_else_help = true)]
struct Line {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Run Probity until SIGTERM.
    Serve,
    /// Bring the database up to date.
    Migrate,
    /// Look whether everything is as it should be; exit code 1 when something is not.
    Doctor,
    /// Fill an empty Probity with a believable demo.
    Demo,
    /// Look after people's accounts; each act needs a reason, which is recorded.
    Person {
        #[command(subcommand)]
        verb: person::Verb,
    },
    /// Make keys by the thousand, or find some where they should not be.
    Key {
        #[command(subcommand)]
        verb: key::Verb,
    },
    /// Audit logs: their exports, checked anywhere, and the index of their searches.
    Audit {
        #[command(subcommand)]
        verb: audit::Verb,
    },
    /// The keys that seal what belongs to people and teams, and the master key around them.
    Keyring {
        #[command(subcommand)]
        verb: keyring::Verb,
    },
    /// Certificates of deleted teams, checked anywhere.
    Certificate {
        #[command(subcommand)]
        verb: certificate::Verb,
    },
    /// Look after teams; each act needs a reason, which is recorded.
    Team {
        #[command(subcommand)]
        verb: team::Verb,
    },
    /// Make a team of an export from another Probity, or check one.
    Import(import::Wanted),
    /// Print the description of the REST API.
    Openapi,
    /// Print the table of pages (for tests).
    Screens,
    /// Look at the settings.
    Config {
        #[command(subcommand)]
        what: config::What,
    },
    /// Write every file that is made from the code (for developers).
    Generate {
        /// The checkout to write to.
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    let matches = Line::command().args(flags()).get_matches();
    let line = Line::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match obey(line.verb, &matches) {
        Ok(code) => code,
        Err(problem) => {
            drop(writeln!(io::stderr(), "probity: {problem}"));
            ExitCode::from(problem.exit_code())
        }
    }
}

fn obey(verb: Verb, matches: &ArgMatches) -> Result<ExitCode, Problem> {
    match &verb {
        Verb::Openapi => return done(openapi::run()),
        Verb::Screens => return done(print(&app::routes::screens_json())),
        Verb::Audit { verb: audit::Verb::Verify(files) } => return audit::verify(files),
        Verb::Certificate { verb } => return certificate::run(verb),
        Verb::Import(wanted) if wanted.check => return done(import::check(wanted)),
        Verb::Generate { folder } => return done(generate::run(folder)),
        Verb::Config { what: config::What::Docs } => return done(config::docs()),
        _ => {}
    }
    let settings = Settings::read(&Source::of_process(matches)?)?;
    settings.log.start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match verb {
        Verb::Serve => done(runtime.block_on(serve::run(settings))),
        Verb::Migrate => done(runtime.block_on(migrate::run(&settings))),
        Verb::Doctor => runtime.block_on(doctor::run(&settings)),
        Verb::Person { verb } => done(runtime.block_on(person::run(&settings, verb))),
        Verb::Key { verb } => runtime.block_on(key::run(&settings, verb)),
        Verb::Audit { verb } => runtime.block_on(audit::run(&settings, verb)),
        Verb::Keyring { verb } => runtime.block_on(keyring::run(&settings, verb)),
        Verb::Team { verb } => done(runtime.block_on(team::run(&settings, verb))),
        Verb::Import(wanted) => done(runtime.block_on(import::run(&settings, wanted))),
        Verb::Demo => done(runtime.block_on(demo::run(&settings))),
        Verb::Config { .. } => done(config::check(&settings)),
        Verb::Openapi | Verb::Screens | Verb::Certificate { .. } | Verb::Generate { .. } => {
            unreachable!("done above, without settings")
        }
    }
}

fn done(outcome: Result<(), Problem>) -> Result<ExitCode, Problem> {
    outcome.map(|()| ExitCode::SUCCESS)
}

/// Prints a command's answer.
fn print(text: &str) -> Result<(), Problem> {
    let mut out = io::stdout().lock();
    Ok(out.write_all(text.as_bytes()).and_then(|()| out.flush())?)
}

/// A cluster that was started and then dropped stops by itself; the process waits for it.
async fn wait_for_cluster(tasks: &TaskTracker) {
    const LONGEST: Duration = Duration::from_secs(10);
    tasks.close();
    if timeout(LONGEST, tasks.wait()).await.is_err() {
        tracing::error!("PostgreSQL did not stop in time; the next start will see to it.");
    }
}
