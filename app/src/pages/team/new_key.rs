//! Create an API key; shows it once.

use crate::{
    components::{
        field::{Hidden, Kind},
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        reveal::RevealKey,
    },
    islands::submit::Submit,
    pages::failure,
    viewer::{Revealed, Visit},
};
use leptos::prelude::*;
use model::{Failure, key::bounds::DAYS_MOST, reveal::RevealedKey, team::TeamCard};

/// The form; or, when it was accepted, the key.
pub fn show(visit: Visit) -> AnyView {
    let Some(team) = visit.team() else { return failure::show(visit, Failure::NotFound) };
    match visit.page.revealed.clone() {
        Some(Revealed::Key(key)) => revealed(visit, team, key).into_any(),
        _ => form(visit, team).into_any(),
    }
}

fn form(visit: Visit, team: TeamCard) -> AnyView {
    let heading = Heading::of(&visit);
    let form = Form::of(&visit, "/do/key/create");
    let name = form.field("name", "Name").first(&form);
    let name = name.help("What will use it, for example dispatch-board.").view();
    let environment = form.field("environment", "Environment").preset("live");
    let environment = environment.choose(&[("live", "Live"), ("test", "Test")]);
    let days = form.field("days", "Ends after, days").kind(Kind::Number).preset("90");
    let days = days.help(format!("1 to {DAYS_MOST}. It stops by itself.")).view();
    let networks = form.field("networks", "Used from these networks only (optional)");
    let networks = networks
        .help("Like 203.0.113.0/24 or 2001:db8::/32, one on each line. Empty: from anywhere.")
        .lines(2);
    view! {
        <Frame visit team=Some(team.clone()) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="It is shown once, on the next page. Have a safe place for it ready."
            />
            <PostForm form class="grid max-w-[38rem] gap-5">
                <Hidden name="team" value=team.slug.clone()/>
                {name}
                <div class="grid items-start gap-5 sm:grid-cols-2">{environment} {days}</div>
                {networks}
                <div class="flex flex-wrap gap-2">
                    <a class="btn" href=team.path("/keys")>"Cancel"</a>
                    <Submit label="Create key" class="btn btn-primary"/>
                </div>
            </PostForm>
        </Frame>
    }
    .into_any()
}

fn revealed(visit: Visit, team: TeamCard, key: RevealedKey) -> AnyView {
    let heading = Heading::named(&visit, key.name.clone());
    view! {
        <Frame visit team=Some(team.clone()) heading>
            <PageHead title=format!("New key {}", key.name)/>
            <RevealKey team key/>
        </Frame>
    }
    .into_any()
}
