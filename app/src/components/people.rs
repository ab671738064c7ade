//! What the pages about a team's people share: their tabs.

use crate::components::may::needs;
use leptos::prelude::*;
use model::{CustomRole, HeldRole, Permission, Role, team::TeamCard};

/// Which of the tabs this page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeopleTab {
    Members,
    Invitations,
    Review,
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

/// Members, who is to become one, and who could do what when.
#[component]
pub fn PeopleTabs(team: TeamCard, here: PeopleTab) -> AnyView {
    let tabs = PeopleTab::ALL.map(|tab| one(&team, tab, tab == here));
    view! {
        <nav class="tabs mb-6" aria-label="People">
            {tabs}
        </nav>
    }
    .into_any()
}

impl PeopleTab {
    const ALL: [Self; 3] = [Self::Members, Self::Invitations, Self::Review];

    const fn row(self) -> (&'static str, &'static str, Permission) {
        match self {
            Self::Members => ("Members", "/members", Permission::MembersView),
            Self::Invitations => ("Invitations", "/members/invitations", Permission::MembersManage),
            Self::Review => ("Access review", "/members/review", Permission::AuditView),
        }
    }
}

fn one(team: &TeamCard, tab: PeopleTab, here: bool) -> AnyView {
    let (title, page, permission) = tab.row();
    if team.may(permission) {
        let current = here.then_some("page");
        return view! { <a href=team.path(page) aria-current=current>{title}</a> }.into_any();
    }
    let words = format!("{title} ({})", needs(permission).to_lowercase());
    view! { <span class="inline-flex min-h-9 items-center text-ink-3">{words}</span> }.into_any()
}
