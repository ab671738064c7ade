//! The start: invitations that wait; otherwise on to the viewer's first team, or to making one.

use crate::{
    actions::invitation::load_my_invitations,
    components::{
        answer::{Answers, SenderWords},
        frame::{Frame, Heading, PageHead},
    },
    pages::failure,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::invitation::InvitationCard;

/// What waits, or where the viewer works.
pub fn show(visit: Visit) -> AnyView {
    Suspend::new(async move {
        match load_my_invitations().await {
            Ok(waiting) if waiting.is_empty() => go_on(&visit),
            Ok(waiting) => invited(visit, waiting),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn go_on(visit: &Visit) -> AnyView {
    let (path, _) = way_on(visit);
    server::redirect(&path);
    view! { <p><a href=path>"Go on"</a></p> }.into_any()
}

/// Where the viewer goes without an answer.
fn way_on(visit: &Visit) -> (String, String) {
    let team = visit.page.viewer.as_ref().and_then(|viewer| viewer.teams.first());
    team.map_or_else(
        || ("/teams/new".to_owned(), "Create a team of your own".to_owned()),
        |team| (team.path(""), format!("Go on to {}", team.name)),
    )
}

fn invited(visit: Visit, waiting: Vec<InvitationCard>) -> AnyView {
    let heading = Heading::named(&visit, "You are invited");
    let (path, words) = way_on(&visit);
    let cards = waiting.into_iter().map(|card| invitation(&visit, card)).collect_view();
    view! {
        <Frame visit team=None heading=heading.clone()>
            <PageHead title=heading.title lead="Answer now or later: they wait here.">
                <a class="btn" href=path>{words}</a>
            </PageHead>
            <div class="grid max-w-form gap-8">{cards}</div>
        </Frame>
    }
    .into_any()
}

fn invitation(visit: &Visit, card: InvitationCard) -> AnyView {
    let title = card.team.clone();
    let about = format!("{} invites you as {}.", card.sent_by, card.role);
    let message = card.message.clone();
    view! {
        <section class="border-t-[1.5px] border-t-ink pt-4">
            <h2 class="text-lg font-[620] wrap-anywhere">{title}</h2>
            <p class="mt-1 wrap-anywhere text-ink-2">{about}</p>
            <SenderWords message/>
            <div class="mt-4"><Answers visit=visit.clone() card/></div>
        </section>
    }
    .into_any()
}
