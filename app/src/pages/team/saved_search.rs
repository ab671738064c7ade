//! One saved search: another name, another line, and its end.

use crate::{
    actions::audit::load_searches,
    components::{
        facts::Section,
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        saved::keeps,
    },
    islands::submit::Submit,
    pages::{self, failure},
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Failure, Permission,
    audit::{SavedSearch, Whose},
    team::TeamCard,
};

/// The search's page.
pub fn show(visit: Visit) -> AnyView {
    let id = visit.param("search").to_owned();
    pages::load(
        visit,
        |team| load_searches(team.slug),
        move |visit, team, searches| {
            let found = searches.into_iter().find(|saved| saved.id.to_string() == id);
            match found {
                None => failure::show(visit, Failure::NotFound),
                Some(saved) if saved.whose == Whose::Team && !keeps(&team) => {
                    failure::show(visit, Failure::Forbidden(Permission::TeamUpdate))
                }
                Some(saved) => page(visit, team, saved),
            }
        },
    )
}

fn page(visit: Visit, team: TeamCard, saved: SavedSearch) -> AnyView {
    let heading = Heading::named(&visit, saved.name.clone());
    let lead = match saved.whose {
        Whose::Me => "A search of the audit log that nobody else finds.",
        Whose::Team => {
            "A search that everybody finds who sees the whole log. Changes are recorded."
        }
    };
    let sections = [change(&visit, &team, &saved), remove(&visit, &team, &saved)];
    let title = saved.name;
    view! {
        <Frame visit team=Some(team) heading>
            <PageHead title lead/>
            {sections}
        </Frame>
    }
    .into_any()
}

fn change(visit: &Visit, team: &TeamCard, saved: &SavedSearch) -> AnyView {
    let form = Form::of(visit, "/do/audit/edit-search");
    let typed = |field: &str, now: &str| form.value(field).unwrap_or(now).to_owned();
    let (name, line) = (typed("name", &saved.name), typed("search", &saved.line));
    let name = form.field("name", "Name").filled(name).view();
    let line =
        form.field("search", "Search").filled(line).help("As in the search of the log.").view();
    let which = which(team, saved);
    view! {
        <Section id="change" title="Name and search">
            <PostForm form class="grid max-w-form gap-5">
                {which} {name} {line}
                <div><Submit label="Save" class="btn"/></div>
            </PostForm>
        </Section>
    }
    .into_any()
}

fn remove(visit: &Visit, team: &TeamCard, saved: &SavedSearch) -> AnyView {
    let form = Form::of(visit, "/do/audit/remove-search");
    let which = which(team, saved);
    view! {
        <Section id="remove" title="Remove it" note="Nothing that it finds is touched.">
            <PostForm form>
                {which}
                <Submit label="Remove the search" class="btn btn-danger-line"/>
            </PostForm>
        </Section>
    }
    .into_any()
}

/// Which search the form is about.
fn which(team: &TeamCard, saved: &SavedSearch) -> AnyView {
    let (slug, id, whose) = (team.slug.clone(), saved.id.to_string(), saved.whose.name());
    view! {
        <Hidden name="team" value=slug/>
        <Hidden name="saved" value=id/>
        <Hidden name="whose" value=whose/>
    }
    .into_any()
}
