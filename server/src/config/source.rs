//! Where settings come from: flags first, then the environment.

use super::{Setting, Wrong, table::TEST_ONLY};
use clap::{Arg, ArgAction, ArgMatches};
use std::collections::BTreeMap;

/// What the operator wrote, unread: texts by the name they came under.
#[derive(Clone, Default)]
pub struct Source {
    /// By flag, without dashes.
    flags: BTreeMap<String, String>,
    /// By variable; only those of Probity.
    variables: BTreeMap<String, String>,
}

/// A text, and what to call it in a sentence.
pub(super) struct Given<'a> {
    pub(super) name: String,
    pub(super) text: &'a str,
    /// The text is the path of a file that holds the secret.
    pub(super) is_file: bool,
}

/// A flag for every setting.
pub fn flags() -> impl Iterator<Item = Arg> {
    Setting::ALL.iter().map(|setting| {
        let row = setting.row();
        let flag = setting.flag();
        let file = if row.is_secret { "_FILE" } else { "" };
        let mut help = format!("{} [{}{file}]", row.means, row.variable);
        if !row.default.is_empty() {
            help.push_str(&format!(" [default: {}]", row.default));
        }
        Arg::new(flag.clone())
            .long(flag)
            .help(help)
            .value_name(if row.is_secret { "FILE" } else { "VALUE" })
            .action(ArgAction::Set)
            .global(true)
            .help_heading("Settings, also by environment")
    })
}

impl Source {
    /// The flags of the command line and the environment of this process.
    pub fn of_process(matches: &ArgMatches) -> Result<Self, Wrong> {
        let mut flags = BTreeMap::new();
        for setting in Setting::ALL {
            let flag = setting.flag();
            if let Some(text) = matches.get_one::<String>(&flag) {
                flags.insert(flag, text.clone());
            }
        }
        Ok(Self { flags, ..Self::of_environment(std::env::vars_os())? })
    }

    /// Only the environment: refuses a `PROBITY_…` that is no setting, and one that is no text.
    pub fn of_environment<K, V>(all: impl IntoIterator<Item = (K, V)>) -> Result<Self, Wrong>
    where
        K: Into<std::ffi::OsString>,
        V: Into<std::ffi::OsString>,
    {
        let mut wrong = Vec::new();
        let mut variables = BTreeMap::new();
        for (name, text) in all {
            let name = name.into().to_string_lossy().into_owned();
            if !name.starts_with("PROBITY_") || TEST_ONLY.contains(&name.as_str()) {
                continue;
            }
            match text.into().into_string() {
                _ if !known().any(|known| known == name) => wrong.push(unknown(&name)),
                Ok(text) => drop(variables.insert(name, text)),
                Err(_) => wrong.push(format!("{name} is not UTF-8 text: write it as such.")),
            }
        }
        match wrong.is_empty() {
            true => Ok(Self { flags: BTreeMap::new(), variables }),
            false => Err(Wrong(wrong)),
        }
    }

    /// The text for a setting, and whether a second one contradicts it. An empty text is none, so
    /// that a line of `.env` can be left blank.
    pub(super) fn given(&self, setting: Setting) -> Result<Option<Given<'_>>, String> {
        let row = setting.row();
        let flag = setting.flag();
        if let Some(text) = self.flags.get(&flag) {
            return Ok(Some(Given { name: format!("--{flag}"), text, is_file: row.is_secret }));
        }
        let here = |name: &str| self.variables.get(name).filter(|text| !text.trim().is_empty());
        let file = format!("{}_FILE", row.variable);
        match (here(row.variable), here(&file).filter(|_| row.is_secret)) {
            (Some(_), Some(_)) => {
                Err(format!("{} and {file} are both set: write only one of them.", row.variable))
            }
            (Some(text), None) => {
                Ok(Some(Given { name: row.variable.into(), text, is_file: false }))
            }
            (None, Some(text)) => Ok(Some(Given { name: file, text, is_file: true })),
            (None, None) => Ok(None),
        }
    }
}

/// Every variable that means something.
fn known() -> impl Iterator<Item = String> {
    Setting::ALL.iter().flat_map(|setting| {
        let row = setting.row();
        let file = row.is_secret.then(|| format!("{}_FILE", row.variable));
        std::iter::once(row.variable.to_owned()).chain(file)
    })
}

fn unknown(name: &str) -> String {
    let likeness = |known: &str| strsim::jaro_winkler(name, known);
    let nearest = known().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let nearest = nearest.expect("there are settings");
    format!("{name} is not a setting: write {nearest}, or remove it.")
}
