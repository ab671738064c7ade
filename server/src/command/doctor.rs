//! `probity doctor`: a table of what is right and what is not, and what to do about it.

use super::wait_for_cluster;
use crate::{
    Problem,
    boot::{self, Database, Masters},
    config::{DatabaseSettings, Settings},
    outbound::mail::{Outbox, Smtp},
    postgres,
};
use domain::{
    Db,
    ports::{Clock, SystemClock, SystemRandom},
    proof::{self, Isolation},
    schema,
};
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::{
    fmt::Write, fs, os::unix::fs::PermissionsExt, path::Path, process::ExitCode, time::Duration,
};
use time::OffsetDateTime;
use tokio_util::task::TaskTracker;

/// What was found out: all is well, and how; or what is wrong, and what to do.
type Finding = Result<String, String>;

/// Less than this is a problem: the write-ahead log alone may take a gigabyte.
const ENOUGH_MB: u64 = 2_000;
/// Clocks further apart than this make sessions and limits wrong.
const DRIFT: Duration = Duration::from_secs(5);

/// So many ways from one team to another are named.
const LEAKS: usize = 3;

pub(super) async fn run(settings: &Settings) -> Result<ExitCode, Problem> {
    let mut findings =
        vec![("settings", Ok("all known and right".to_owned())), ("places", Ok(places(settings)))];
    if nothing_there(settings) {
        let said = format!(
            "{} is not there yet: `probity serve` makes it",
            settings.data_folder.display()
        );
        findings.push(("data folder", Err(said)));
    } else {
        findings.push(("data folder", folder(&settings.data_folder)));
        findings.push(("disk space", disk(&settings.data_folder)));
        findings.push(("mail", mail(settings).await));
        let tasks = TaskTracker::new();
        match Database::open(settings, "doctor", &tasks).await {
            Ok(database) => {
                examine(settings, &database, &mut findings).await;
                database.close().await;
            }
            Err(problem) => findings.push(("database", Err(problem.to_string()))),
        }
        wait_for_cluster(&tasks).await;
    }
    super::print(&table(&findings))?;
    let healthy = findings.iter().all(|(_, finding)| finding.is_ok());
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A wrong file did not get this far; its age is for the operator to judge.
fn places(settings: &Settings) -> String {
    let file = settings.places.as_ref();
    file.map_or_else(|| "unknown, without a file".to_owned(), |file| file.name())
}

/// A doctor makes nothing.
fn nothing_there(settings: &Settings) -> bool {
    let embedded = matches!(settings.database, DatabaseSettings::Embedded { .. });
    embedded && !settings.data_folder.join("postgres").exists()
}

async fn examine(
    settings: &Settings,
    database: &Database,
    findings: &mut Vec<(&'static str, Finding)>,
) {
    let connection = database.app().connect().await;
    match connection {
        Ok(mut connection) => {
            findings.push(("database", version(&mut connection).await));
            findings.push(("migrations", migrations(&mut connection).await));
            findings.push(("clock", clock(&mut connection).await));
            drop(connection.close().await);
        }
        Err(error) => findings.push(("database", Err(sentence(error)))),
    }
    findings.push(("role for requests", role(database.app()).await));
    findings.push(("role for jobs", role(database.job()).await));
    findings.push(("isolation", isolation(database.app()).await));
    findings.push(("audit logs", ledgers(database.job()).await));
    findings.push(("keyring", keyring(settings).await.map_err(|problem| problem.to_string())));
}

/// Whether all of it opens, and with one master key.
async fn keyring(settings: &Settings) -> Result<String, Problem> {
    let opened = boot::keyring(settings).await?.holding(true).await?;
    if Masters::of(settings)?.next()?.is_some() {
        return Err(Problem::say("a rotation is not done: `probity keyring rotate` goes on"));
    }
    match opened.broken.len() {
        0 => Ok("opens with this master key".to_owned()),
        n => Err(Problem::say(format!("{n} keys do not open: see `probity keyring verify`"))),
    }
}

/// What the walk of ledgers found last.
async fn ledgers(options: PgConnectOptions) -> Finding {
    let job = Db::connect(options, 1).await.map_err(sentence)?;
    let broken = domain::audit::broken(&job, SystemClock.now()).await;
    job.close().await;
    match broken {
        Ok(broken) if broken.is_empty() => Ok("none is known to be broken".to_owned()),
        Ok(broken) => {
            Err(format!("{} broken: see `probity audit status` and docs/verify.md", broken.len()))
        }
        Err(error) => Err(sentence(error)),
    }
}

/// What must be kept from everybody else, is.
fn folder(data: &Path) -> Finding {
    let open = |name: &str, forbidden: u32| {
        let path = data.join(name);
        let mode = fs::metadata(&path).map_or(0, |it| it.permissions().mode());
        (mode & forbidden != 0).then(|| format!("chmod go= {}", path.display()))
    };
    let wrong: Vec<_> = [
        open("", 0o022),
        open("master.key", 0o077),
        open("database-passwords", 0o077),
        open("keyring", 0o077),
        open("postgres", 0o077),
        open("socket", 0o077),
        open("outbox", 0o077),
    ]
    .into_iter()
    .flatten()
    .collect();
    match wrong.is_empty() {
        true => Ok("closed to everybody else".into()),
        false => Err(format!("others can get at it; run: {}", wrong.join("; "))),
    }
}

fn disk(data: &Path) -> Finding {
    match postgres::free_mb(data) {
        Ok(free) if free >= ENOUGH_MB => Ok(format!("{free} MB free")),
        Ok(free) => Err(format!("only {free} MB free: make it {ENOUGH_MB} MB")),
        Err(error) => Err(error.to_string()),
    }
}

/// Whether mail can leave, or be kept.
async fn mail(settings: &Settings) -> Finding {
    let data = settings.data_folder.as_path();
    let said = settings.mail.said(data);
    if let Some(server) = &settings.mail.server {
        let smtp = Smtp::open(server, settings.mail.from.clone()).map_err(sentence)?;
        return smtp.check().await.map(|()| said).map_err(|error| format!("{server}: {error}"));
    }
    let outbox = Outbox::folder(data);
    let place = if outbox.exists() { &outbox } else { data };
    match rustix::fs::access(place, rustix::fs::Access::WRITE_OK) {
        Ok(()) => Ok(said),
        Err(error) => Err(format!("{} cannot be written: {error}", place.display())),
    }
}

async fn version(connection: &mut PgConnection) -> Finding {
    let asked = sqlx::query_scalar::<_, String>("show server_version").fetch_one(connection).await;
    asked.map(|version| format!("PostgreSQL {version} answers")).map_err(sentence)
}

async fn migrations(connection: &mut PgConnection) -> Finding {
    match schema::pending(connection).await {
        Ok(0) => Ok("none is missing".into()),
        Ok(missing) => Err(format!("{missing} missing: run `probity migrate`")),
        Err(error) => Err(sentence(error)),
    }
}

/// The database's clock against ours: session and limit times are compared across both.
async fn clock(connection: &mut PgConnection) -> Finding {
    let asked = "select extract(epoch from clock_timestamp())::float8";
    let theirs =
        sqlx::query_scalar::<_, f64>(asked).fetch_one(connection).await.map_err(sentence)?;
    let ours = SystemClock.now() - OffsetDateTime::UNIX_EPOCH;
    let apart = (ours.as_seconds_f64() - theirs).abs();
    match apart < DRIFT.as_secs_f64() {
        true => Ok("agrees with the database's".into()),
        false => Err(format!("{apart:.0} s apart from the database's: set both by NTP")),
    }
}

async fn role(options: PgConnectOptions) -> Finding {
    let db = Db::connect(options, 1).await.map_err(sentence)?;
    db.close().await;
    Ok("bound by row-level security".into())
}

/// Attacks one made-up team from another in this very database, and undoes it.
async fn isolation(options: PgConnectOptions) -> Finding {
    let db = Db::connect(options, 1).await.map_err(sentence)?;
    let found = proof::isolation(&db, &SystemClock, &SystemRandom).await;
    db.close().await;
    let unproven =
        |error| format!("could not be tried: {error}. Run `probity migrate`, then again");
    isolated(&found.map_err(unproven)?)
}

fn isolated(found: &Isolation) -> Finding {
    let Isolation { tables, functions, tries, leaks, .. } = found;
    if leaks.is_empty() {
        return Ok(format!(
            "{tables} tables, {functions} functions, {tries} tries: nothing of another team was \
             reached"
        ));
    }
    let more = match leaks.len().saturating_sub(LEAKS) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let first = leaks[..leaks.len().min(LEAKS)].join("; ");
    Err(format!("{first}{more}. Stop serving and undo what was changed in the database by hand"))
}

fn sentence(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn table(findings: &[(&str, Finding)]) -> String {
    let mut text = String::new();
    for (what, finding) in findings {
        let (verdict, said) = match finding {
            Ok(said) => ("ok", said),
            Err(said) => ("PROBLEM", said),
        };
        writeln!(text, "{what:<18} {verdict:<8} {said}").expect("a string takes all");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_stands_out_and_says_what_to_do() {
        let findings = [
            ("clock", Ok("agrees with the database's".to_owned())),
            ("migrations", Err("2 missing: run `probity migrate`".to_owned())),
        ];
        assert_eq!(
            table(&findings),
            "clock              ok       agrees with the database's\n\
             migrations         PROBLEM  2 missing: run `probity migrate`\n"
        );
    }

    #[test]
    fn what_reaches_another_team_is_named_with_what_to_do() {
        let mut found = Isolation { tables: 28, functions: 58, tries: 900, ..Isolation::default() };
        let said = "28 tables, 58 functions, 900 tries: nothing of another team was reached";
        assert_eq!(isolated(&found).as_deref(), Ok(said));
        found.leaks = ["a", "b", "c", "d"].map(str::to_owned).into();
        let said = "a; b; c; and 1 more. Stop serving and undo what was changed in the database \
                    by hand";
        assert_eq!(isolated(&found).expect_err("leaks"), said);
    }

    #[test]
    fn a_master_key_that_others_can_read_is_a_problem_with_its_remedy() {
        let data = std::env::temp_dir().join(format!("probity-doctor-{}", std::process::id()));
        fs::create_dir_all(&data).expect("made");
        let key = data.join("master.key");
        fs::write(&key, "secret").expect("written");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("opened");
        let said = folder(&data).expect_err("a problem");
        assert_eq!(said, format!("others can get at it; run: chmod go= {}", key.display()));
        fs::remove_dir_all(&data).expect("removed");
    }
}
