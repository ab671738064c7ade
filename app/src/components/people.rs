//! What the pages about a team's people share: their tabs.

use crate::components::may::needs;
use leptos::prelude::*;
use model::{CustomRole, HeldRole, Permission, Role, team::TeamCard};

/// Which of the tabs this page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeopleTab {
    Members,
    Invitations,
}

/// The four roles of every team, and those that this one made.
pub fn roles(own: &[CustomRole]) -> impl Iterator<Item = HeldRole> + '_ {
    Role::ALL.into_iter().map(HeldRole::from).chain(own.iter().cloned().map(HeldRole::Custom))
}

/// The roles that the viewer may give, as a form's choices: nobody gives more than they hold.
pub fn to_give(team: &TeamCard, own: &[CustomRole]) -> Vec<(String, String)> {
    roles(own)
        .filter(|role| team.role.lacks_for(role).is_none())
        .map(|role| (role.which().to_string(), role.title().to_owned()))
        .collect()
}

/// Members, and who is to become one.
#[component]
pub fn PeopleTabs(team: TeamCard, here: PeopleTab) -> AnyView {
    let current = |tab| (tab == here).then_some("page");
    let invitations = match team.may(Permission::MembersManage) {
        true => view! {
            <a
                href=team.path("/members/invitations")
                aria-current=current(PeopleTab::Invitations)
            >
                "Invitations"
            </a>
        }
        .into_any(),
        false => view! {
            <span class="inline-flex min-h-9 items-center text-ink-3">
                {format!("Invitations ({})", needs(Permission::MembersManage).to_lowercase())}
            </span>
        }
        .into_any(),
    };
    view! {
        <nav class="tabs mb-6" aria-label="People">
            <a href=team.path("/members") aria-current=current(PeopleTab::Members)>"Members"</a>
            {invitations}
        </nav>
    }
    .into_any()
}
