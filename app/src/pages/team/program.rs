//! One affiliate program: its name, another key, and its end.

use crate::{
    actions::program::load_programs,
    components::{
        facts::Section,
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    format::{self, As, Time},
    islands::submit::Submit,
    pages::{self, failure},
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{Failure, rule::ProgramRow, team::TeamCard};

/// The program's page.
pub fn show(visit: Visit) -> AnyView {
    let id = visit.param("program").to_owned();
    pages::load(
        visit,
        |team| load_programs(team.slug),
        move |visit, team, programs| match programs
            .into_iter()
            .find(|program| program.id.to_string() == id)
        {
            Some(program) => page(visit, team, program),
            None => failure::show(visit, Failure::NotFound),
        },
    )
}

fn page(visit: Visit, team: TeamCard, program: ProgramRow) -> AnyView {
    let heading = Heading::named(&visit, program.name.clone());
    let sections = [
        rename(&visit, &team, &program),
        replace(&visit, &team, &program),
        delete(&visit, &team, &program),
    ];
    let title = program.name;
    let rules = format::counted(program.rules, "rule names it.", "rules name it.");
    view! {
        <Frame visit team=Some(team) heading>
            <PageHead title lead=rules/>
            {sections}
        </Frame>
    }
    .into_any()
}

fn rename(visit: &Visit, team: &TeamCard, program: &ProgramRow) -> AnyView {
    let form = Form::of(visit, "/do/program/rename");
    let name = form.value("name").unwrap_or(&program.name).to_owned();
    let name = form.field("name", "Name").filled(name).view();
    let (slug, id) = (team.slug.clone(), program.id.to_string());
    view! {
        <Section id="name" title="Name">
            <PostForm form class="grid max-w-form gap-5">
                <Hidden name="team" value=slug/>
                <Hidden name="program" value=id/>
                {name}
                <div><Submit label="Save" class="btn"/></div>
            </PostForm>
        </Section>
    }
    .into_any()
}

fn replace(visit: &Visit, team: &TeamCard, program: &ProgramRow) -> AnyView {
    let form = Form::of(visit, "/do/program/replace-key");
    let tag = form.field("tag", "New affiliate key").view();
    let (slug, id) = (team.slug.clone(), program.id.to_string());
    let set_at = match program.key_set_at.clone() {
        Some(at) => view! { "Set " <Time at now=server::now() worded=As::Ago/> "." }.into_any(),
        None => {
            "Its key is missing: the team came from an export, which holds none. Until you set it, \
                 addresses of its rules get nothing for {tag}."
                .into_any()
        }
    };
    view! {
        <Section id="key" title="Affiliate key" note="Sealed, and never shown again.">
            <p class="mb-4 max-w-[38rem] text-ink-2">{set_at}</p>
            <PostForm form class="grid max-w-form gap-5">
                <Hidden name="team" value=slug/>
                <Hidden name="program" value=id/>
                {tag}
                <div><Submit label="Replace the key" class="btn"/></div>
            </PostForm>
        </Section>
    }
    .into_any()
}

fn delete(visit: &Visit, team: &TeamCard, program: &ProgramRow) -> AnyView {
    let form = Form::of(visit, "/do/program/delete");
    let (slug, id) = (team.slug.clone(), program.id.to_string());
    let content = match program.rules {
        0 => view! {
            <PostForm form>
                <Hidden name="team" value=slug/>
                <Hidden name="program" value=id/>
                <Submit label="Delete the program" class="btn btn-danger-line"/>
            </PostForm>
        }
        .into_any(),
        _ => view! {
            <p class="text-ink-2">"Rules name it. Change or delete them first."</p>
        }
        .into_any(),
    };
    view! {
        <Section id="delete" title="Delete it" note="With its key, for good.">
            {content}
        </Section>
    }
    .into_any()
}
