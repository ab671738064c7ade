//! The stops on the way, and which of them is reached.

use crate::{
    format::{As, Time, counted},
    server,
};
use leptos::prelude::*;
use model::deletion::{Asked, DeletionPage, Waits};

/// Four stops.
pub(super) fn view(page: &DeletionPage) -> AnyView {
    let asked = page.asked.as_ref();
    let waits = asked.map(|asked| &asked.waits);
    let runs = matches!(waits, Some(Waits::Days { .. }));
    let reached = [asked.is_some(), runs, false, false];
    let now = reached.iter().position(|reached| !reached).unwrap_or(0);
    let stops = [
        ("An owner asks", ask(asked), "They type the team’s name, and confirm that it is them."),
        ("A second owner confirms", second(page), second_note(page, waits)),
        (
            "It can be undone",
            days(page),
            "Keys answer TEAM_SUSPENDED. Any owner can keep the team.",
        ),
        (
            "The team’s key is destroyed",
            due(waits),
            "No way back from here. Rows and files are removed, and the owners get a signed certificate.",
        ),
    ];
    let stops = stops.into_iter().enumerate().map(|(at, (title, when, note))| {
        let class = match () {
            () if at == 3 => "final",
            () if reached[at] => "done",
            () if at == now => "now",
            () => "",
        };
        let current = (at == now).then_some("step");
        view! {
            <li class=class aria-current=current>
                <span class="flex flex-wrap justify-between gap-x-4">
                    <span class="font-[620]">{title}</span>
                    <span class="text-ink-2">{when}</span>
                </span>
                <span class="text-sm wrap-anywhere text-ink-2">{note}</span>
            </li>
        }
    });
    let stops = stops.collect_view();
    view! { <ol class="stops max-w-[38rem]">{stops}</ol> }.into_any()
}

fn ask(asked: Option<&Asked>) -> AnyView {
    let Some(Asked { by, at, .. }) = asked.cloned() else { return ().into_any() };
    view! { {by} ", " <Time at now=server::now() worded=As::Exact/> }.into_any()
}

fn second(page: &DeletionPage) -> AnyView {
    match page.asked.as_ref().map(|asked| asked.waits.clone()) {
        Some(Waits::Days { by, .. }) if page.owners > 1 => by.into_any(),
        _ if page.owners == 1 => "not needed".into_any(),
        _ => ().into_any(),
    }
}

fn second_note(page: &DeletionPage, waits: Option<&Waits>) -> &'static str {
    match (waits, page.owners) {
        (Some(Waits::Void), _) => {
            "Whoever asked is no longer an owner: nobody can confirm it. Keep the team, and ask anew."
        }
        (Some(Waits::You), 1) => "You are its only owner now: confirm it yourself.",
        (Some(Waits::You), _) => "That is you.",
        (Some(Waits::OtherOwner), _) => "Nothing happens until they do.",
        (_, 1) => "The team has one owner.",
        _ => "The days begin when they do.",
    }
}

fn days(page: &DeletionPage) -> AnyView {
    match page.days {
        0 => "not at all here".into_any(),
        days => counted(i64::from(days), "day", "days").into_any(),
    }
}

fn due(waits: Option<&Waits>) -> AnyView {
    match waits {
        Some(Waits::Days { due, .. }) => {
            let due = due.clone();
            view! { <Time at=due now=server::now() worded=As::Exact/> }.into_any()
        }
        _ => ().into_any(),
    }
}
