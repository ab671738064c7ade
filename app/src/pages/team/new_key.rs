//! Create an API key; shows it once.

use super::key::terms;
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
use model::{Failure, Permission, key::bounds::DAYS_MOST, reveal::RevealedKey, team::TeamCard};

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
    let days = form.field("days", "Ends after, days").preset("90");
    let days = match team.may(Permission::SecurityManage) {
        true => days.help(format!("1 to {DAYS_MOST}, or never.")),
        false => days.kind(Kind::Number).help(format!("1 to {DAYS_MOST}. It stops by itself.")),
    };
    let limits = terms::fields(&form, &team, None);
    view! {
        <Frame visit team=Some(team.clone()) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="It is shown once, on the next page. Have a safe place for it ready."
            />
            <PostForm form class="grid max-w-[38rem] gap-5">
                <Hidden name="team" value=team.slug.clone()/>
                {name}
                <div class="grid items-start gap-5 sm:grid-cols-2">{environment} {days.view()}</div>
                {limits}
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
