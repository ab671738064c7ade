//! `probity keyring`: what it holds, whether all of it opens, and another master key.

mod renew;

use super::{operator::in_house, print};
use crate::{
    Problem,
    boot::{self, Masters},
    config::Settings,
};
use clap::Subcommand;
use domain::{
    crypto::{Holding, MasterKey, Rotation},
    failpoint::{Point, reach},
    operator,
    ports::SystemRandom,
};
use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
    sync::Arc,
};

#[derive(Subcommand, Clone)]
pub(super) enum Verb {
    /// Say how many keys there are, and which master key wraps them.
    Status,
    /// Open every key; exit code 1 when one does not.
    Verify,
    /// Wrap every key with another master key. It may be interrupted, and goes on when asked again.
    Rotate,
    /// Give owners another version of their data keys. Everything new is sealed under it at once; what was
    /// before is sealed anew in the background, and then the earlier versions are destroyed.
    Renew(renew::Wanted),
    /// Stop sealing anew, until `resume`.
    Pause,
    /// Go on with it.
    Resume,
}

pub(super) async fn run(settings: &Settings, verb: Verb) -> Result<ExitCode, Problem> {
    if !settings.data_folder.join("keyring").exists() {
        return Err(Problem::say("There is no keyring yet: `probity serve` makes it."));
    }
    match verb {
        Verb::Status => {
            let code = look(settings, false).await?;
            renew::status(settings).await?;
            Ok(code)
        }
        Verb::Verify => look(settings, true).await,
        Verb::Rotate => rotate(settings).await.map(|()| ExitCode::SUCCESS),
        Verb::Renew(wanted) => renew::renew(settings, wanted).await.map(|()| ExitCode::SUCCESS),
        Verb::Pause => renew::pause(settings).await.map(|()| ExitCode::SUCCESS),
        Verb::Resume => renew::resume(settings).await.map(|()| ExitCode::SUCCESS),
    }
}

async fn look(settings: &Settings, open: bool) -> Result<ExitCode, Problem> {
    let is_under_way = Masters::of(settings)?.next()?.is_some();
    let holding = boot::keyring(settings).await?.holding(open).await?;
    print(&said(&holding, open, is_under_way))?;
    Ok(if holding.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn said(holding: &Holding, open: bool, is_under_way: bool) -> String {
    let Holding { master, people, teams, earlier, destroyed, others, broken } = holding;
    let mut text = format!(
        "master key  {master}\npeople      {people}\nteams       {teams}\ndestroyed   {destroyed}\n"
    );
    if *earlier > 0 {
        text.push_str(&format!("earlier     {earlier}\n"));
    }
    if is_under_way {
        text.push_str(&format!(
            "A rotation is under way: {others} files are wrapped by the next master key. `probity keyring rotate` goes on.\n"
        ));
    }
    if open && broken.is_empty() {
        text.push_str("Every key opens.\n");
    }
    let lines = broken.iter().map(|name| {
        format!("{name} does not open: put its file back from a copy of the keyring.\n")
    });
    text.extend(lines);
    text
}

async fn rotate(settings: &Settings) -> Result<(), Problem> {
    let masters = Masters::of(settings)?;
    let _rotating = masters
        .rotating()
        .ok_or_else(|| Problem::say("Another rotation runs. Wait until it has ended."))?;
    masters.sweep()?;
    let (from, to) = ends(&masters)?;
    reach(Point::RotateBegun);
    // This proves, too, that the key in force is the right one.
    in_house(settings, "keyring", async |deps| {
        operator::rotate_master_key(deps, &from, &to).await?;
        reach(Point::RotateRecorded);
        Ok(String::new())
    })
    .await?;
    let store = Arc::new(masters.store()?);
    let rotation = Rotation::new(store, Arc::new(SystemRandom), &from, &to).await?;
    rotation.wrap(progress).await?;
    reach(Point::RotateWrapped);
    let alone = masters.alone()?.ok_or_else(|| {
        Problem::say(
            "A Probity runs with this master key, which is set: it would not know of another one. Stop it, rotate, \
             set the new key as PROBITY_MASTER_KEY, and start it again.",
        )
    })?;
    let all = rotation.wrap(progress).await?;
    masters.replace(&alone)?;
    reach(Point::RotateReplaced);
    drop(alone);
    let mut text = format!("{all} keys are wrapped by the master key {}.\n", to.name());
    if masters.is_set() {
        text.push_str(
            "Set it as PROBITY_MASTER_KEY now, and PROBITY_NEXT_MASTER_KEY no longer: the first start removes what \
             the old one wrapped.\n",
        );
    } else {
        boot::keyring(settings).await?;
        text.push_str(
            "Copy master.key again to where you keep it. Copies of the keyring that were made before open with \
             the old one only.\n",
        );
    }
    print(&text)
}

/// From which master key, to which.
fn ends(masters: &Masters) -> Result<(MasterKey, MasterKey), Problem> {
    let from = masters.in_force()?.current()?;
    let to = match masters.next()? {
        Some(next) => next,
        None if masters.is_set() => {
            return Err(Problem::say(
                "The master key is set, so its successor is, too: set PROBITY_NEXT_MASTER_KEY_FILE to the path of a \
                 file that holds 64 hexadecimal digits (openssl rand -hex 32).",
            ));
        }
        None => masters.begin()?,
    };
    if from.name() == to.name() {
        return Err(Problem::say("The next master key is the one in force. Give another one."));
    }
    Ok((from, to))
}

fn progress(done: usize, all: usize) {
    progress_of(done as u64, all as u64);
}

/// A line that is written over, where somebody looks.
fn progress_of(done: u64, all: u64) {
    const EACH: u64 = 500;
    let mut out = io::stderr().lock();
    if out.is_terminal() && (done.is_multiple_of(EACH) || done == all) {
        let end = if done == all { "\n" } else { "" };
        drop(write!(out, "\r{done} of {all} keys{end}").and_then(|()| out.flush()));
    }
}
