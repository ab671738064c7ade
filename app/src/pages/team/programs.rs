//! The team's affiliate programs: adding one, and what there is.

use crate::{
    actions::program::load_programs,
    components::{
        facts::Section,
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        may::needs,
        notice::Empty,
    },
    format::{self, As, Time},
    islands::submit::Submit,
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{Permission, rule::ProgramRow, team::TeamCard};

/// The list, and a form to add one.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, |team| load_programs(team.slug), page)
}

fn page(visit: Visit, team: TeamCard, programs: Vec<ProgramRow>) -> AnyView {
    let heading = Heading::of(&visit);
    let list = list(&team, programs);
    let add = match team.may(Permission::RulesEdit) {
        true => add(&visit, &team),
        false => {
            view! { <p class="mt-5 text-ink-2">{needs(Permission::RulesEdit)} " to add one."</p> }
                .into_any()
        }
    };
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="An affiliate key is sealed and never shown again, to anybody. It is filled in \
                      where the address of a rule says {tag}."
            />
            <div class="mb-10">{list}</div>
            {add}
        </Frame>
    }
    .into_any()
}

fn add(visit: &Visit, team: &TeamCard) -> AnyView {
    let form = Form::of(visit, "/do/program/create");
    let name = form.field("name", "Name").help("As your rules call it.").view();
    let tag = form.field("tag", "Affiliate key").help("What the program knows you by.").view();
    let slug = team.slug.clone();
    view! {
        <Section id="add" title="Add a program" note="Asks whether it is you: whoever sets a key \
            is paid.">
            <PostForm form class="grid max-w-form gap-5">
                <Hidden name="team" value=slug/>
                {name} {tag}
                <div><Submit label="Add the program" class="btn btn-primary"/></div>
            </PostForm>
        </Section>
    }
    .into_any()
}

fn list(team: &TeamCard, programs: Vec<ProgramRow>) -> AnyView {
    if programs.is_empty() {
        let note = "Rules lead to addresses without one, too. Add a program for its affiliate key.";
        return view! { <Empty title="No programs yet" note/> }.into_any();
    }
    let caption = format!("Affiliate programs of {}", team.name);
    let rows = programs.into_iter().map(|program| row(team, program)).collect_view();
    view! {
        <table class="ledger ledger-cards">
            <caption class="sr-only">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Key set"</th>
                    <th scope="col" class="num">"Rules"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(team: &TeamCard, program: ProgramRow) -> AnyView {
    let id = program.id.to_string();
    let name = match team.may(Permission::RulesEdit) {
        true => {
            let href = team.path(&format!("/rules/programs/{id}"));
            view! { <a class="hover:underline" href=href>{program.name}</a> }.into_any()
        }
        false => program.name.into_any(),
    };
    let rules = team.path(&format!("/rules?program={id}"));
    let set_at = match program.key_set_at {
        Some(at) => view! {
            <span class="md:hidden">"key set "</span>
            <Time at now=server::now() worded=As::Ago/>
        }
        .into_any(),
        None => {
            view! { <strong class="font-[620] text-ink">"Its key is missing"</strong> }.into_any()
        }
    };
    view! {
        <tr>
            <th scope="row" class="min-w-0 wrap-anywhere">{name}</th>
            <td class="text-ink-2 max-md:order-last max-md:text-sm">
                {set_at}
            </td>
            <td class="num">
                <a class="hover:underline" href=rules>{format::count(program.rules)}</a>
            </td>
        </tr>
    }
    .into_any()
}
