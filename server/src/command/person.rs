//! `probity person`: what the operator may do to an account, beside a running `serve` or without
//! one. Each act has a reason, which stands in the record.

use super::operator::{in_house, told};
use crate::{Problem, config::Settings};
use clap::{Args, Subcommand};
use domain::{
    Deps,
    operator::{self, PersonRow, Whom},
};
use std::fmt::Write;

const UNKNOWN: &str = "There is no such person. Try `person list`.";

/// Characters of a name or an address in the list.
const WIDEST: usize = 40;

#[derive(Subcommand, Clone)]
pub(super) enum Verb {
    /// Show who has an account; at most 500.
    List {
        /// Part of an address or a name.
        #[arg(default_value = "")]
        text: String,
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
    },
    /// Remove every second factor of somebody who has lost them.
    ResetMfa(About),
    /// Let nobody into an account, and end its sessions.
    Lock(About),
    /// Open a locked account again.
    Unlock(About),
    /// End every session of somebody.
    SignOut(About),
    /// Mail somebody a link to a new password.
    SendReset(About),
}

#[derive(Args, Clone)]
pub(super) struct About {
    /// An e-mail address, or an id such as `person_…`.
    person: String,
    /// Why; it stands in the record.
    #[arg(long)]
    reason: String,
}

pub(super) async fn run(settings: &Settings, verb: Verb) -> Result<(), Problem> {
    in_house(settings, "person", async |deps| act(deps, verb).await).await
}

async fn act(deps: &Deps, verb: Verb) -> Result<String, Problem> {
    let about = |about: About| (Whom(about.person.clone()), about);
    match verb {
        Verb::List { text, json } => {
            let people = operator::list(deps, &text).await?;
            Ok(if json { as_json(&people) } else { table(&people) })
        }
        Verb::Lock(it) => {
            let (whom, it) = about(it);
            let ended = told(operator::lock(deps, &whom, &it.reason).await, UNKNOWN)?;
            Ok(format!("{} is locked; {} ended.\n", it.person, sessions(ended)))
        }
        Verb::Unlock(it) => {
            let (whom, it) = about(it);
            told(operator::unlock(deps, &whom, &it.reason).await, UNKNOWN)?;
            Ok(format!("{} may sign in again.\n", it.person))
        }
        Verb::SignOut(it) => {
            let (whom, it) = about(it);
            let ended = told(operator::sign_out(deps, &whom, &it.reason).await, UNKNOWN)?;
            Ok(format!("{} is signed out; {} ended.\n", it.person, sessions(ended)))
        }
        Verb::ResetMfa(it) => {
            let (whom, it) = about(it);
            let ended = told(operator::reset_mfa(deps, &whom, &it.reason).await, UNKNOWN)?;
            Ok(format!(
                "{} has no second factor any more and was told; {} ended.\n",
                it.person,
                sessions(ended)
            ))
        }
        Verb::SendReset(it) => {
            let (whom, it) = about(it);
            told(operator::send_reset(deps, &whom, &it.reason).await, UNKNOWN)?;
            Ok(format!("{} gets a link by mail. It is good for 30 minutes.\n", it.person))
        }
    }
}

fn sessions(number: u64) -> String {
    match number {
        0 => "no session".to_owned(),
        1 => "one session".to_owned(),
        n => format!("{n} sessions"),
    }
}

fn as_json(people: &[PersonRow]) -> String {
    let mut text = serde_json::to_string_pretty(people).expect("rows are plain data");
    text.push('\n');
    text
}

fn table(people: &[PersonRow]) -> String {
    let mut text = String::new();
    for person in people {
        let state = match (person.locked, person.two_step) {
            (true, _) => "locked",
            (false, true) => "two-step",
            (false, false) => "password",
        };
        let seen = person.last_seen_at.as_deref().unwrap_or("-");
        writeln!(
            text,
            "{}  {:<WIDEST$}  {:<WIDEST$}  {state:<8}  {:>3} teams  {seen}",
            person.id,
            short(&person.email),
            short(&person.name),
            person.teams
        )
        .expect("a string takes all");
    }
    if people.is_empty() {
        text.push_str("Nobody like that has an account.\n");
    }
    text
}

/// Cut to the column, without what could steer a terminal.
fn short(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control()).collect();
    if plain.chars().count() <= WIDEST {
        return plain;
    }
    plain.chars().take(WIDEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_name_cannot_steer_the_terminal_and_fits_its_column() {
        assert_eq!(short("Ada\u{1b}[31m"), "Ada[31m");
        assert_eq!(short(&"x".repeat(50)).chars().count(), 40);
    }
}
