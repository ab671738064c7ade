//! `probity team`: what the operator may do to a team, beside a running `serve` or without one.
//! Each act has a reason, which stands in the record.

use super::operator::{in_house, told};
use crate::{Problem, config::Settings};
use clap::Subcommand;
use domain::{Deps, operator};

#[derive(Subcommand, Clone)]
pub(super) enum Verb {
    /// Let members in whom the team's own security policy keeps out: networks, two-step sign-in
    /// and shorter sessions are asked for no longer. Its owners are told.
    LiftPolicy {
        /// As in the team's addresses: `halden` of `/t/halden`.
        team: String,
        /// Why; it stands in the record.
        #[arg(long)]
        reason: String,
    },
}

pub(super) async fn run(settings: &Settings, verb: Verb) -> Result<(), Problem> {
    in_house(settings, "team", async |deps| act(deps, verb).await).await
}

async fn act(deps: &Deps, verb: Verb) -> Result<String, Problem> {
    let Verb::LiftPolicy { team, reason } = verb;
    let lifted = told(operator::lift_policy(deps, &team, &reason).await, "There is no such team.")?;
    let owners = match lifted.told {
        1 => "Its owner gets a letter.".to_owned(),
        n => format!("Its {n} owners get a letter."),
    };
    Ok(format!("{} asks no longer for: {}. {owners}\n", lifted.team, lifted.what.join(", ")))
}
