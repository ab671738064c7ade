//! Deleting the team: how far that is, everything that goes, what stays and why; and the choice, the safe one
//! first.

mod held;
mod state;

use crate::{
    actions::deletion::load_team_deletion,
    components::{
        facts::Section,
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    islands::submit::Submit,
    pages,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    deletion::{DeletionPage, Waits},
    team::TeamCard,
};

/// The page for whoever may delete the team.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, |team| load_team_deletion(team.slug), page)
}

fn page(visit: Visit, team: TeamCard, page: DeletionPage) -> AnyView {
    let heading = Heading::of(&visit);
    let state = state::view(&page);
    let acts = acts(&visit, &team, &page);
    let held = held::view(&page);
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="Destroying the team’s key makes what was sealed unreadable at once, in copies made \
                      before, too. The rest is removed within minutes."
            />
            <Section id="state" title="How it goes">
                {state}
                {acts}
            </Section>
            {held}
        </Frame>
    }
    .into_any()
}

/// What the viewer can do now.
fn acts(visit: &Visit, team: &TeamCard, page: &DeletionPage) -> AnyView {
    if !page.is_owner {
        return view! { <p class="mt-6 text-ink-2">"Needs Owner."</p> }.into_any();
    }
    let (question, undo) = match page.asked.as_ref().map(|asked| &asked.waits) {
        None => {
            let form = Form::of(visit, "/do/deletion/ask");
            let label = match page.owners {
                1 => "Start the deletion",
                _ => "Ask for the deletion",
            };
            (Some(question(form, team, label)), false)
        }
        Some(Waits::You) => {
            let form = Form::of(visit, "/do/deletion/confirm");
            (Some(question(form, team, "Confirm the deletion")), true)
        }
        Some(Waits::OtherOwner | Waits::Void | Waits::Days { .. }) => (None, true),
    };
    let undo = undo.then(|| {
        let slug = team.slug.clone();
        view! {
            <PostForm form=Form::of(visit, "/do/deletion/undo") class="mt-6">
                <Hidden name="team" value=slug/>
                <Submit label="Keep the team" class="btn btn-primary"/>
            </PostForm>
        }
    });
    view! { {undo} {question} }.into_any()
}

fn question(form: Form, team: &TeamCard, label: &'static str) -> AnyView {
    let name = form.field("name", "The team’s name");
    let name = name.help(format!("Type {} to go on.", team.name)).view();
    let (slug, back) = (team.slug.clone(), team.path("/settings"));
    view! {
        <PostForm form class="mt-6 grid max-w-form gap-5 border-t-[5px] border-danger pt-4">
            <Hidden name="team" value=slug/>
            {name}
            <div class="flex flex-wrap gap-2">
                <a class="btn" href=back>"Back"</a>
                <Submit label class="btn btn-danger"/>
            </div>
        </PostForm>
    }
    .into_any()
}
