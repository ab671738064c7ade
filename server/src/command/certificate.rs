//! `probity certificate`: checking, anywhere, what was signed when a team was deleted.

use super::audit::{key, unreadable};
use crate::Problem;
use clap::{Args, Subcommand};
use model::{deletion::check, ledger::PublicKey};
use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Bytes of a file at most: a letter is much smaller.
const MOST: u64 = 1 << 20;

#[derive(Subcommand, Clone)]
pub(super) enum Verb {
    /// Check a certificate by its file alone, without settings or a database: the letter that it came in, or
    /// its line. The exit code is 1 unless it is signed.
    Verify(Paper),
}

#[derive(Args, Clone)]
pub(super) struct Paper {
    file: PathBuf,
    /// The key that you trust, 64 hexadecimal digits. What another one signed does not count.
    #[arg(long, value_parser = key)]
    key: Option<PublicKey>,
}

/// Needs nothing but the file.
pub(super) fn run(verb: &Verb) -> Result<ExitCode, Problem> {
    let Verb::Verify(paper) = verb;
    let path = &paper.file;
    let text = read(path).map_err(|error| unreadable(path, &error))?;
    let Some(checked) = check(&text, paper.key) else {
        return Err(Problem::say(format!(
            "There is no certificate in {}. Name the letter, or the file with its line.",
            path.display()
        )));
    };
    let lines = std::iter::once(&checked.verdict).chain(&checked.said);
    super::print(&lines.flat_map(|line| [line, "\n"]).collect::<String>())?;
    Ok(if checked.is_signed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.len() > MOST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 MiB"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
