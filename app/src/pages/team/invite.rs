//! Invite people into the team.

use crate::{
    components::{
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    islands::submit::Submit,
    pages::failure,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Failure, Permission, Role,
    invitation::bounds::{AT_ONCE, DAYS, MESSAGE},
    team::TeamCard,
};

/// Addresses, a role, a few words.
pub fn show(visit: Visit) -> AnyView {
    let Some(team) = visit.team() else { return failure::show(visit, Failure::NotFound) };
    let mut heading = Heading::of(&visit);
    heading.above.push(("Invitations".to_owned(), team.path("/members/invitations")));
    let form = Form::of(&visit, "/do/invitation/send");
    let emails = form.field("emails", "Email addresses").first(&form);
    let emails = emails.help(format!("One or up to {AT_ONCE}, pasted as they are.")).lines(4);
    let role = form.field("role", "Role").preset("member").choose_of(roles(&team));
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

/// Nobody invites above their own role.
fn roles(team: &TeamCard) -> Vec<(&'static str, &'static str)> {
    let may_own = team.may(Permission::SecurityManage);
    let roles = Role::ALL.into_iter().filter(|role| may_own || *role != Role::Owner);
    roles.map(|role| (role.name(), role.title())).collect()
}
