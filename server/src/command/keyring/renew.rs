//! `probity keyring renew`: other versions of owners' data keys.

use super::super::{
    operator::{in_house, told},
    print,
};
use crate::{Problem, config::Settings};
use clap::Args;
use domain::{
    operator::Whom,
    renewal::{self, Asked, Renewal, Renewals},
};

#[derive(Args, Clone)]
pub(in crate::command) struct Wanted {
    #[command(flatten)]
    whose: Whose,
    /// Why; it stands in the record.
    #[arg(long)]
    reason: String,
}

#[derive(Args, Clone)]
#[group(required = true, multiple = false)]
struct Whose {
    /// Of this team, as in its addresses: `halden` of `/t/halden`.
    #[arg(long)]
    team: Option<String>,
    /// Of this person, by id or e-mail address.
    #[arg(long)]
    person: Option<String>,
    /// Of letters to people without an account.
    #[arg(long)]
    instance: bool,
    /// Of everybody.
    #[arg(long)]
    all: bool,
}

impl Whose {
    fn asked(self) -> Asked {
        match (self.team, self.person) {
            (Some(slug), _) => Asked::Team(slug),
            (_, Some(whom)) => Asked::Person(Whom(whom)),
            _ if self.all => Asked::Everybody,
            _ => Asked::Instance,
        }
    }
}

pub(super) async fn renew(settings: &Settings, wanted: Wanted) -> Result<(), Problem> {
    in_house(settings, "keyring", async |deps| {
        let asked = renewal::ask(deps, &wanted.whose.asked(), &wanted.reason).await;
        let all = told(asked, "There is no such team, or person.")?;
        let begun = renewal::begin_all(deps, |done| super::progress_of(done, all)).await?;
        Ok(format!(
            "{} sealed with another version of the key from now on. What was sealed before is sealed anew while \
             `probity serve` runs: see `probity keyring status`.\n",
            match begun {
                1 => "What is one owner's is".to_owned(),
                n => format!("What is {n} owners' is"),
            }
        ))
    })
    .await
}

pub(super) async fn pause(settings: &Settings) -> Result<(), Problem> {
    in_house(settings, "keyring", async |deps| {
        let many = renewal::stop(deps).await?;
        Ok(format!("{many} stopped. `probity keyring resume` goes on.\n"))
    })
    .await
}

pub(super) async fn resume(settings: &Settings) -> Result<(), Problem> {
    in_house(settings, "keyring", async |deps| {
        let many = renewal::go_on(deps).await?;
        Ok(format!("{many} go on while `probity serve` runs.\n"))
    })
    .await
}

/// How far renewals are, where the database answers.
pub(super) async fn status(settings: &Settings) -> Result<(), Problem> {
    let said = in_house(settings, "keyring", async |deps| Ok(said(&renewal::load(deps).await?)));
    match said.await {
        Err(problem) => print(&format!("How far renewals are is in the database: {problem}\n")),
        Ok(()) => Ok(()),
    }
}

fn said(all: &Renewals) -> String {
    let Renewals { under_way, stopped, waiting, kept, done, resealed, remaining, stuck, named } =
        all;
    if under_way + waiting + done == 0 {
        return String::new();
    }
    let mut text = format!(
        "renewed     {done} done, {waiting} sealed anew, {under_way} under way\n\
         values      {resealed} sealed anew, {remaining} left\n"
    );
    if *stopped > 0 {
        text.push_str(&format!("{stopped} are stopped: `probity keyring resume` goes on.\n"));
    }
    if *kept > 0 {
        text.push_str(&format!(
            "Of {kept} owners earlier versions are kept: records of logs are sealed under them, for as long as \
             they exist.\n"
        ));
    }
    if *stuck > 0 {
        text.push_str(&format!(
            "{stuck} values do not open under any version, and stay as they are.\n"
        ));
    }
    text.extend(named.iter().map(line));
    text
}

fn line(one: &Renewal) -> String {
    let Renewal { owner, resealed, remaining, stuck, sealed_at, kept, is_stopped } = one;
    let left =
        remaining.map_or_else(|| "not counted yet".to_owned(), |left| format!("{left} left"));
    let mut words = vec![format!("{resealed} sealed anew"), left];
    if *stuck > 0 {
        words.push(format!("{stuck} do not open"));
    }
    if *is_stopped {
        words.push("stopped".to_owned());
    } else if *kept > 0 {
        words.push(format!("{kept} earlier versions kept"));
    } else if let Some(at) = sealed_at {
        let until = (*at + renewal::RESTS).date();
        words.push(format!("earlier versions kept until {until}"));
    }
    format!("{owner}  {}\n", words.join(", "))
}
