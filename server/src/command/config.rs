//! `probity config check`: are the settings right?  `probity config docs`: what are they?

use crate::{
    Problem,
    config::{self, DatabaseSettings, Settings},
};
use clap::Subcommand;

#[derive(Subcommand)]
pub(super) enum What {
    /// Say whether all settings are right, without starting anything.
    Check,
    /// Print the table of all settings.
    Docs,
}

/// Settings that could be read are right; reading them said what is not.
pub(super) fn check(settings: &Settings) -> Result<(), Problem> {
    let database = match settings.database {
        DatabaseSettings::Embedded { .. } => "a private PostgreSQL",
        DatabaseSettings::External(_) => "another PostgreSQL server",
    };
    super::print(&format!("The settings are right; the database is {database}.\n"))
}

pub(super) fn docs() -> Result<(), Problem> {
    super::print(&config::markdown())
}
