//! The first steps in a young team, as a line with stops.

use crate::components::may::LinkIfMay;
use leptos::prelude::*;
use model::{Permission, key::KeyRow, team::TeamCard};

/// What to do, and what to know about it.
const MAKE: (&str, &str) = ("Make a key", "It is shown once, so have a place for it.");
const VERIFY: (&str, &str) = ("Verify it with curl", "As your API will, with each call.");
const READ: (&str, &str) = ("Read it in the record", "Who made it, when it was first used.");

/// Make a key, verify it, read both in the record: done, now, later, from what has happened.
pub(super) fn first_steps(team: &TeamCard, keys: &[KeyRow]) -> AnyView {
    let made = !keys.is_empty();
    let used = keys.iter().any(|key| key.last_used_at.is_some());
    let newest = keys.first().map(|key| team.path(&format!("/keys/{}#verify", key.id)));
    let at = |done: bool, before: bool| match (done, before) {
        (true, _) => "done",
        (false, true) => "now",
        (false, false) => "",
    };
    let make = (!made).then(|| {
        let href = team.path("/keys/new");
        let (team, permission) = (team.clone(), Permission::KeysManage);
        view! {
            <LinkIfMay team permission href class="btn btn-primary">
                "Create a key"
            </LinkIfMay>
        }
    });
    let verify = newest
        .filter(|_| !used)
        .map(|href| view! { <a class="btn btn-primary" href=href>"Show the command"</a> });
    let read =
        used.then(|| view! { <a class="btn" href=team.path("/audit")>"Open the audit log"</a> });
    let stops = [
        stop(at(made, true), MAKE, make.into_any()),
        stop(at(used, made), VERIFY, verify.into_any()),
        stop(at(false, used), READ, read.into_any()),
    ];
    view! {
        <section aria-labelledby="steps" class="border-t-[1.5px] border-ink pt-3">
            <h2 class="sect-title" id="steps">"First steps"</h2>
            <ol class="stops mt-4 max-w-form">{stops.collect_view()}</ol>
        </section>
    }
    .into_any()
}

fn stop(state: &'static str, (name, about): (&'static str, &'static str), act: AnyView) -> AnyView {
    let spoken = match state {
        "done" => "Done: ",
        "now" => "Now: ",
        _ => "Later: ",
    };
    view! {
        <li class=state>
            <span class="font-[620]">
                <span class="sr-only">{spoken}</span>
                {name}
            </span>
            <span class="text-sm text-ink-2">{about}</span>
            <div class="mt-2 empty:hidden">{act}</div>
        </li>
    }
    .into_any()
}
