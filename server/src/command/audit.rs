//! `probity audit`: checking exports, anywhere, and the key that they are signed with.

use super::operator::{self, in_house};
use crate::{Problem, boot, config::Settings};
use clap::{Args, Subcommand};
use domain::{
    Deps,
    audit::{Broken, accept_ledger},
};
use model::ledger::{Evidence, LedgerId, Paper, PublicKey, Report, Verifier};
use std::{
    fmt::Write,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Bytes that are read at once.
const PIECE: usize = 1 << 18;
/// Bytes of a manifest or a file of checkpoints at most.
const EVIDENCE: u64 = 1 << 30;

#[derive(Subcommand, Clone)]
pub(super) enum Verb {
    /// Check an export by its files alone, without settings or a database: the file of records, its
    /// manifest, and files of checkpoints that you kept. The exit code is 1 unless it is proven.
    Verify(Files),
    /// Print the key that this Probity signs with, for `--key`.
    Key,
    /// Show the ledgers that are broken. The exit code is 1 if there are any.
    Status,
    /// Accept a ledger as it is, although more was signed for: after a backup was restored. Its mark is
    /// whole again, and the act stands in it with its reason. What does not fit in itself is not accepted.
    Accept(Accept),
    /// Make at once what searches find records by, rather than beside other work: after an import of many
    /// records, or the first start of a version that searches otherwise.
    Index,
}

#[derive(Args, Clone)]
pub(super) struct Files {
    /// In any order: one file of records (JSONL or CSV), and what is known about it.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The key that you trust, 64 hexadecimal digits. What another one signed does not count.
    #[arg(long, value_parser = key)]
    key: Option<PublicKey>,
}

#[derive(Args, Clone)]
pub(super) struct Accept {
    /// As `probity audit status` names it: `team_…`, `person_…` or `instance`.
    ledger: LedgerId,
    /// Why; it stands in the record.
    #[arg(long)]
    reason: String,
}

pub(super) fn key(text: &str) -> Result<PublicKey, String> {
    text.trim().parse().map_err(|_| "A key has 64 hexadecimal digits.".to_owned())
}

/// Needs nothing but the files.
pub(super) fn verify(files: &Files) -> Result<ExitCode, Problem> {
    let (mut evidence, mut records) = (Evidence::new(files.key), Vec::new());
    for path in &files.files {
        match paper(path).map_err(|error| unreadable(path, &error))? {
            Some(text) => evidence.read(&text),
            None => records.push(path),
        }
    }
    let [path] = records[..] else {
        return Err(Problem::say(match records.len() {
            0 => "None of these is a file of records. Name the file that was exported, too.",
            _ => "These are several files of records. Check one at a time, with its manifest.",
        }));
    };
    let report = check(path, evidence).map_err(|error| unreadable(path, &error))?;
    super::print(&told(path, &report))?;
    Ok(if report.is_proven() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The text of a file that says something about records; nothing for records.
fn paper(path: &Path) -> io::Result<Option<String>> {
    let mut begin = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut begin)?;
    if Paper::of(&begin) == Paper::Records {
        return Ok(None);
    }
    if fs::metadata(path)?.len() > EVIDENCE {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 GiB"));
    }
    // A byte that is no text makes its line one that is not signed.
    Ok(Some(String::from_utf8_lossy(&fs::read(path)?).into_owned()))
}

fn check(path: &Path, evidence: Evidence) -> io::Result<Report> {
    let (mut verifier, mut file) = (Verifier::new(evidence), File::open(path)?);
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(verifier.finish()),
            length => verifier.read(&piece[..length]),
        }
    }
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Problem {
    Problem::say(format!("{} cannot be read: {error}.", path.display()))
}

fn told(path: &Path, report: &Report) -> String {
    let mut said = format!("{}: {}.\n", path.display(), report.about());
    let mut say = |line: &str| writeln!(said, "{line}").expect("a String takes any text");
    say(report.verdict().sentence());
    report.faults().iter().for_each(|fault| say(&format!("  {fault}")));
    report.notes.iter().for_each(|note| say(note));
    report.signer().iter().for_each(|signer| say(signer));
    said
}

/// What needs the instance.
pub(super) async fn run(settings: &Settings, verb: Verb) -> Result<ExitCode, Problem> {
    let mut is_well = true;
    match verb {
        Verb::Index => in_house(settings, "audit", async |deps| index(deps).await).await?,
        Verb::Accept(it) => {
            in_house(settings, "audit", async |deps| accept(deps, it).await).await?
        }
        Verb::Status => {
            in_house(settings, "audit", async |deps| {
                let broken = domain::audit::broken(deps.job(), deps.clock().now()).await?;
                is_well = broken.is_empty();
                Ok(status(&broken))
            })
            .await?;
        }
        Verb::Key => print_key(settings).await?,
        Verb::Verify(files) => return verify(&files),
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn status(broken: &[Broken]) -> String {
    if broken.is_empty() {
        return "No ledger is broken.\n".to_owned();
    }
    let line =
        |one: &Broken| format!("{} at record {}: {}\n", one.ledger, one.seq, one.flaw.title());
    broken.iter().map(line).collect()
}

async fn accept(deps: &Deps, it: Accept) -> Result<String, Problem> {
    let accepted = operator::told(
        accept_ledger(deps, it.ledger, &it.reason).await,
        "There is no such ledger.",
    )?;
    Ok(format!(
        "{} is accepted up to record {}. Records up to {} were signed for at {}.\n",
        it.ledger, accepted.reaches, accepted.signed_to, accepted.signed_at
    ))
}

async fn index(deps: &Deps) -> Result<String, Problem> {
    Ok(match domain::audit::index_all(deps).await? {
        0 => "Nothing was left to do.\n".to_owned(),
        blocks => format!("Made {blocks} blocks of 64 records.\n"),
    })
}

/// The instance's key, out of its keyring.
async fn print_key(settings: &Settings) -> Result<(), Problem> {
    let signer = boot::keyring(settings).await?.signer().await?;
    super::print(&format!("{}\n", signer.public()))
}
