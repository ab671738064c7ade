//! My activity: the viewer's own ledger.

use crate::{
    actions::account::load_activity,
    components::{
        account::AccountPage,
        events::{Events, Pages},
        search::address,
    },
    islands::times::TimesSwitch,
    pages::failure,
    viewer::Visit,
};
use leptos::prelude::*;

/// What the viewer did, and what was tried on their account.
pub fn show(visit: Visit) -> AnyView {
    let around = visit.around();
    Suspend::new(async move {
        match load_activity(around).await {
            Ok(log) => {
                let (times, teams) = (visit.page.times.name(), teams(&visit));
                view! {
                    <AccountPage
                        visit
                        title="My activity"
                        lead="What you did, and what was tried on your account, in a chain of its own."
                    >
                        <div class="mb-3 flex flex-wrap items-center justify-between gap-3">
                            {teams} <TimesSwitch chosen=times/>
                        </div>
                        <Events log path="/account/activity" pages=Pages::None/>
                    </AccountPage>
                }
                .into_any()
            }
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

/// Where what the viewer did in their teams is written.
fn teams(visit: &Visit) -> AnyView {
    let teams = visit.page.viewer.as_ref().map(|viewer| viewer.teams.clone()).unwrap_or_default();
    let links = teams
        .into_iter()
        .map(|team| {
            let href = address(team.path("/audit"), &[("q", "actor:me")]);
            view! { <li><a class="link" href=href>{team.name}</a></li> }
        })
        .collect_view();
    view! {
        <div class="flex flex-wrap gap-x-3 text-sm">
            <p class="text-ink-2" id="in-teams">"What you did in your teams:"</p>
            <ul class="flex flex-wrap gap-x-3" aria-labelledby="in-teams">{links}</ul>
        </div>
    }
    .into_any()
}
