//! Create a team.

use crate::{
    components::{
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    islands::submit::Submit,
    viewer::Visit,
};
use leptos::prelude::*;

/// A name is all a team needs.
pub fn show(visit: Visit) -> AnyView {
    let heading = Heading::of(&visit);
    let form = Form::of(&visit, "/do/team/create");
    let cancel = visit.page.viewer.as_ref().is_some_and(|viewer| !viewer.teams.is_empty());
    let name = form.field("name", "Team name").autocomplete("organization").first(&form);
    let name = name.help("The business that owns the keys.").view();
    view! {
        <Frame visit team=None heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="A team owns API keys and has its own audit log. You become its owner."
            />
            <PostForm form class="grid max-w-form gap-5">
                {name}
                <div class="flex flex-wrap gap-2">
                    {cancel.then(|| view! { <a class="btn" href="/">"Cancel"</a> })}
                    <Submit label="Create team" class="btn btn-primary"/>
                </div>
            </PostForm>
        </Frame>
    }
    .into_any()
}
