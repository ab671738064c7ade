//! The rows of the policy table.

mod deletion;
mod entry;
mod people;
mod record;
mod rules;
mod searches;
mod security;
mod streams;
mod teams;
mod usage;

use super::{Command, Guard, Policy, Rule, Table};

/// Every table of the schema `public`, except the migrations' own.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    let rooms = [
        people::TABLES,
        entry::TABLES,
        teams::TABLES,
        usage::TABLES,
        security::TABLES,
        rules::TABLES,
        streams::TABLES,
        record::TABLES,
        searches::TABLES,
        deletion::TABLES,
    ];
    rooms.into_iter().flatten()
}

const fn rule(command: Command, rule: Rule) -> Policy {
    Policy { command, columns: "", rule }
}

const fn columns(command: Command, columns: &'static str, rule: Rule) -> Policy {
    Policy { command, columns, rule }
}

const fn guard(ledger: &'static str, column: &'static str, on: &'static str) -> Option<Guard> {
    Some(Guard { ledger, column, on })
}

/// Tasks that act on an account for its person or for the operator.
const OWN_OR_TASK: &str = "person_id = (select app.person())";

/// Tasks that act on a team.
const IN_TEAM: &str = "team_id = (select app.team())";

/// A team that an import makes in this very transaction.
const IMPORTED: &str = "team_id = (select app.team()) and (select app.imports())";

const ANY: &str = "insert or update or delete";
