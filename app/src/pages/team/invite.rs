//! Invite people into the team.

use crate::{
    actions::role::load_roles,
    components::{
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        people::to_give,
    },
    islands::submit::Submit,
    pages,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    invitation::bounds::{AT_ONCE, DAYS, MESSAGE},
    role::RoleRow,
    team::TeamCard,
};

/// Addresses, a role, a few words.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, |team| load_roles(team.slug), page)
}

fn page(visit: Visit, team: TeamCard, own: Vec<RoleRow>) -> AnyView {
    let own: Vec<_> = own.into_iter().map(|row| row.role).collect();
    let mut heading = Heading::of(&visit);
    heading.above.push(("Invitations".to_owned(), team.path("/members/invitations")));
    let form = Form::of(&visit, "/do/invitation/send");
    let emails = form.field("emails", "Email addresses").first(&form);
    let emails = emails.help(format!("One or up to {AT_ONCE}, pasted as they are.")).lines(4);
    let role = form.field("role", "Role").preset("member").choose_of(to_give(&team, &own));
    let message = form.field("message", "Your words to them (optional)");
    let message = message.help(format!("At most {MESSAGE} characters.")).lines(3);
    let lead = format!(
        "Each gets a mail with a link of their own. It is good for {DAYS} days, works once, and \
         for that address only."
    );
    view! {
        <Frame visit team=Some(team.clone()) heading=heading.clone()>
            <PageHead title=heading.title lead/>
            <PostForm form class="grid max-w-form gap-5">
                <Hidden name="team" value=team.slug.clone()/>
                {emails}
                {role}
                {message}
                <div class="flex flex-wrap gap-2">
                    <a class="btn" href=team.path("/members/invitations")>"Cancel"</a>
                    <Submit label="Send invitations" class="btn btn-primary"/>
                </div>
            </PostForm>
        </Frame>
    }
    .into_any()
}
