//! `probity import`: a team that was exported, made here; or only looked at, which needs nothing but the file.

use super::operator::{in_house, told};
use crate::{Problem, config::Settings};
use clap::Args;
use domain::{
    Deps,
    data::import::{self, Checked, Import, Imported},
};
use model::ledger::PublicKey;
use std::path::PathBuf;

#[derive(Args, Clone)]
pub(super) struct Wanted {
    /// The export of a team: a zip archive.
    file: PathBuf,
    /// Look at every byte of it, say who signed it, and write nothing. Needs no settings and no database.
    #[arg(long, conflicts_with_all = ["owner", "name"])]
    pub(super) check: bool,
    /// The e-mail address of who shall own the team. They have an account here already.
    #[arg(long, required_unless_present = "check")]
    owner: Option<String>,
    /// What the team is called here. Without it: as it was.
    #[arg(long)]
    name: Option<String>,
    /// The key that it has to be signed with, 64 hexadecimal digits: ask whoever runs the Probity that made
    /// it, where `probity audit key` prints it. Not needed for exports of this very Probity.
    #[arg(long, value_parser = key)]
    key: Option<PublicKey>,
}

fn key(text: &str) -> Result<PublicKey, String> {
    text.trim().parse().map_err(|_| "A key has 64 hexadecimal digits.".to_owned())
}

/// Only looks.
pub(super) fn check(wanted: &Wanted) -> Result<(), Problem> {
    let checked = told(import::check(&wanted.file), "There is no such file.")?;
    if let Some(key) = wanted.key.filter(|key| *key != checked.key) {
        let said = format!("It is signed with {}, and not with {key}.", checked.key);
        return Err(Problem::say(said));
    }
    super::print(&about(&checked))
}

fn about(Checked { bundle, key, log, .. }: &Checked) -> String {
    let hashes =
        if bundle.has_hashes { "with hashes of its keys" } else { "without hashes of its keys" };
    let rows: u64 = bundle
        .files
        .iter()
        .filter(|file| file.name.ends_with(".jsonl"))
        .filter_map(|f| f.rows)
        .sum();
    format!(
        "Everything of {}, {hashes}, as it was at {} at {}.\n{} files and {rows} rows are as its list says.\n\
         It is signed with {key}.\nIts audit log: {}\n",
        bundle.name,
        bundle.made_at,
        bundle.instance,
        bundle.files.len(),
        log.verdict().sentence()
    )
}

pub(super) async fn run(settings: &Settings, wanted: Wanted) -> Result<(), Problem> {
    in_house(settings, "import", async |deps| make(deps, wanted).await).await
}

async fn make(deps: &Deps, wanted: Wanted) -> Result<String, Problem> {
    let Wanted { file, owner, name, key, .. } = wanted;
    let import = Import { owner: owner.unwrap_or_default(), name, key };
    let made = told(import::import(deps, &file, &import).await, "There is no such file.")?;
    Ok(about(&made.checked) + &next(deps, &made))
}

/// What is there now, and what is left to do.
fn next(deps: &Deps, made: &Imported) -> String {
    let mut said = format!(
        "{} is made: {}/t/{}\n{} of its members have an account here and are in it.\n",
        made.name,
        deps.public_url(),
        made.slug,
        made.members
    );
    if made.invited > 0 {
        said.push_str(&format!(
            "{} invitations wait on its page about invitations: send them again, for their links are new.\n",
            made.invited
        ));
    }
    if made.dead_keys > 0 {
        said.push_str(&format!(
            "{} keys are switched off, because their hashes are not in the export: rotate them, or make \
             others.\n",
            made.dead_keys
        ));
    }
    if !made.programs.is_empty() {
        said.push_str(&format!(
            "Affiliate keys are in no export. Set those of: {}. Until then their rules lead nowhere.\n",
            made.programs.join(", ")
        ));
    }
    said + "Streams of the audit log are to be made anew.\n"
}
