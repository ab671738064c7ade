//! What the team is called, where it is found, and how it looks.

use crate::{
    actions::team::load_settings,
    components::{
        facts::{Fact, Facts},
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        may::needs,
    },
    islands::submit::Submit,
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Crest, Permission,
    team::{Settings, TeamCard},
};

/// The settings; a form for whoever may change them.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, |team| load_settings(team.slug), page)
}

fn page(visit: Visit, team: TeamCard, settings: Settings) -> AnyView {
    let heading = Heading::of(&visit);
    let content = match team.may(Permission::TeamUpdate) {
        true => form(&visit, &team, settings),
        false => facts(settings),
    };
    let delete = team.may(Permission::TeamDelete).then(|| {
        view! {
            <p class="mt-8">
                <a class="link" href=team.path("/data/delete")>"Delete this team"</a>
            </p>
        }
    });
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead title=heading.title lead="Everybody in the team sees them."/>
            {content}
            {delete}
        </Frame>
    }
    .into_any()
}

fn facts(settings: Settings) -> AnyView {
    view! {
        <Facts>
            <Fact name="Name">{settings.name}</Fact>
            <Fact name="Address"><code>{format!("/t/{}", settings.slug)}</code></Fact>
            <Fact name="Colour">{settings.crest.title()}</Fact>
            <Fact name="Time zone">{settings.zone}</Fact>
        </Facts>
        <p class="mt-5 text-ink-2">{needs(Permission::TeamUpdate)} " to change them."</p>
    }
    .into_any()
}

fn form(visit: &Visit, team: &TeamCard, settings: Settings) -> AnyView {
    let form = Form::of(visit, "/do/team/update");
    let typed = |field: &str, now: &str| form.value(field).unwrap_or(now).to_owned();
    let name = form.field("name", "Name").filled(typed("name", &settings.name)).view();
    let slug = form.field("slug", "Address").filled(typed("slug", &settings.slug));
    let slug = slug.help("The part after /t/. Links with the old one lead nowhere.").view();
    let crests = Crest::ALL.iter().map(|crest| (crest.name(), crest.title())).collect();
    let crest = form.field("crest", "Colour").filled(typed("crest", settings.crest.name()));
    let crest = crest.choose_of(crests);
    let zones = server::zones().iter().map(|zone| (zone.as_str(), zone.as_str())).collect();
    let zone = form.field("time_zone", "Time zone").filled(typed("time_zone", &settings.zone));
    let zone = zone.help("Days that the team’s rules name begin at its midnight.").choose_of(zones);
    let team = team.slug.clone();
    view! {
        <PostForm form class="grid max-w-form gap-5">
            <Hidden name="team" value=team/>
            {name}
            {slug}
            {crest}
            {zone}
            <div><Submit label="Save" class="btn btn-primary"/></div>
        </PostForm>
    }
    .into_any()
}
