//! `probity team`: what the operator may do to a team, beside a running `serve` or without one.
//! Each act has a reason, which stands in the record.

use super::operator::{in_house, told};
use crate::{Problem, config::Settings};
use clap::{Args, Subcommand};
use domain::{Deps, operator};

const UNKNOWN: &str = "There is no such team.";

#[derive(Subcommand, Clone)]
pub(super) enum Verb {
    /// Let members in whom the team's own security policy keeps out: networks, two-step sign-in
    /// and shorter sessions are asked for no longer. Its owners are told.
    LiftPolicy(About),
    /// Refuse every key of a team. Its people work on, and its owners are told.
    Suspend(About),
    /// Accept the keys of a suspended team again.
    Resume(About),
}

#[derive(Args, Clone)]
pub(super) struct About {
    /// As in the team's addresses: `halden` of `/t/halden`.
    team: String,
    /// Why; it stands in the record.
    #[arg(long)]
    reason: String,
}

pub(super) async fn run(settings: &Settings, verb: Verb) -> Result<(), Problem> {
    in_house(settings, "team", async |deps| act(deps, verb).await).await
}

async fn act(deps: &Deps, verb: Verb) -> Result<String, Problem> {
    match verb {
        Verb::LiftPolicy(it) => {
            let lifted = operator::lift_policy(deps, &it.team, &it.reason).await;
            let lifted = told(lifted, UNKNOWN)?;
            let (what, owners) = (lifted.what.join(", "), owners(lifted.told));
            Ok(format!("{} asks no longer for: {what}. {owners}\n", lifted.team))
        }
        Verb::Suspend(it) => {
            let suspended = operator::suspend(deps, &it.team, &it.reason).await;
            let (team, number) = told(suspended, UNKNOWN)?;
            Ok(format!("Every key of {team} is refused. {}\n", owners(number)))
        }
        Verb::Resume(it) => {
            let resumed = operator::resume(deps, &it.team, &it.reason).await;
            let (team, number) = told(resumed, UNKNOWN)?;
            Ok(format!("The keys of {team} are accepted again. {}\n", owners(number)))
        }
    }
}

fn owners(number: usize) -> String {
    match number {
        1 => "Its owner gets a letter.".to_owned(),
        n => format!("Its {n} owners get a letter."),
    }
}
