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
use model::{
    Failure, Permission,
    key::{Per, bounds::DAYS_MOST},
    reveal::RevealedKey,
    team::TeamCard,
};

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
    let limits = limits(&form);
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

/// What most keys do without; open when something in it was typed, or is wrong.
fn limits(form: &Form) -> AnyView {
    const NAMES: [&str; 5] = ["scopes", "networks", "rate", "quota", "metadata"];
    let typed = |name: &&str| form.value(name).is_some_and(|typed| !typed.is_empty());
    let open = NAMES.iter().any(|name| typed(name) || form.error(name).is_some());
    let scopes = form.field("scopes", "Scopes");
    let scopes = scopes
        .help(
            "Words of your own API, like orders:read, orders:* or read@invoices. Verify asks for \
               them.",
        )
        .lines(2);
    let networks = form.field("networks", "Used from these networks only");
    let networks = networks
        .help("Like 203.0.113.0/24 or 2001:db8::/32, one on each line. Empty: from anywhere.")
        .lines(2);
    let rate = form.field("rate", "Calls at most").kind(Kind::Number).help("Empty: no limit.");
    let per = form.field("rate_per", "In each").preset(Per::default().name());
    let per = per.choose(&Per::ALL.map(|per| (per.name(), per.name())));
    let quota = form.field("quota", "Calls in a month").kind(Kind::Number);
    let quota = quota.help("Calendar month, UTC. Empty: no quota.").view();
    let metadata = form.field("metadata", "Metadata");
    let metadata = metadata
        .help("A JSON object that verify gives back, like {\"customer\": \"c_17\"}. Up to 4 kB.")
        .lines(2);
    view! {
        <details open=open>
            <summary class="cursor-pointer font-[620]">"Scopes, networks and limits"</summary>
            <div class="mt-4 grid gap-5">
                {scopes} {networks}
                <div class="grid items-start gap-5 sm:grid-cols-3">
                    {rate.view()} {per} {quota}
                </div>
                {metadata}
            </div>
        </details>
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
