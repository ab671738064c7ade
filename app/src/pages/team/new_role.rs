//! Make a role of the team's own.

use crate::{
    components::{
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        permissions::Boxes,
    },
    islands::submit::Submit,
    pages::failure,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{Failure, Permission, Permissions};

/// A name, and what the role holds.
pub fn show(visit: Visit) -> AnyView {
    let Some(team) = visit.team() else { return failure::show(visit, Failure::NotFound) };
    let heading = Heading::of(&visit);
    let form = Form::of(&visit, "/do/role/create");
    let name = form.field("name", "Name").help("As people read it: Support, Billing.");
    let name = name.first(&form).view();
    // Without it, a role opens no page of the team.
    let start = Permissions::NONE.with(Permission::TeamView);
    let boxes = view! { <Boxes form=form.clone() team=team.clone() held=start/> };
    let (slug, list) = (team.slug.clone(), team.path("/roles"));
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="Nobody can put into a role what they lack themselves."
            />
            <PostForm form class="grid max-w-form gap-5">
                <Hidden name="team" value=slug/>
                {name}
                {boxes}
                <div class="flex flex-wrap gap-2">
                    <a class="btn" href=list>"Cancel"</a>
                    <Submit label="Make the role" class="btn btn-primary"/>
                </div>
            </PostForm>
        </Frame>
    }
    .into_any()
}
