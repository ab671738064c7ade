//! Where a team's pages are listed: the sidebar on wide screens, the dock below.

use crate::{
    components::{icon::Icon, may::needs},
    routes::{self, Nav, Screen},
    viewer::Visit,
};
use leptos::prelude::*;
use model::team::TeamCard;

/// The pages of a team, by group, and what runs this page.
#[component]
pub fn Sidebar(visit: Visit, team: TeamCard) -> AnyView {
    let mut groups: Vec<(&str, Vec<AnyView>)> = Vec::new();
    for (screen, nav) in routes::nav() {
        let item = item(&visit, &team, screen);
        match groups.last_mut() {
            Some((group, items)) if *group == nav.group => items.push(item),
            _ => groups.push((nav.group, vec![item])),
        }
    }
    let groups = groups
        .into_iter()
        .map(|(group, items)| {
            view! {
                {(!group.is_empty()).then(|| view! { <p class="nav-head">{group}</p> })}
                <ul>{items}</ul>
            }
        })
        .collect_view();
    view! {
        <nav class="side" aria-label="Team">
            {groups}
            <p class="mt-auto border-t border-line px-5 pt-3 text-xs text-ink-3">
                "Probity " {visit.page.version}
            </p>
        </nav>
    }
    .into_any()
}

fn item(visit: &Visit, team: &TeamCard, screen: &'static Screen) -> AnyView {
    if let Some(permission) = screen.permission.filter(|permission| !team.may(*permission)) {
        // Who stands before a bar has read so on the page itself.
        let reason = team.bar.is_none().then(|| needs(permission));
        return view! {
            <li class="nav-item cursor-not-allowed">
                <span class="text-ink-3">{screen.title}</span>
                <span class="count">{reason}</span>
            </li>
        }
        .into_any();
    }
    view! {
        <li>
            <a class="nav-item" href=screen.path_in(&team.slug) aria-current=current(visit, screen)>
                {screen.title}
            </a>
        </li>
    }
    .into_any()
}

/// The same pages at the bottom of small screens: the first of each group, and the others one
/// touch away.
#[component]
pub fn Dock(visit: Visit, team: TeamCard) -> AnyView {
    let mut groups = Vec::new();
    let may = |screen: &Screen| screen.permission.is_none_or(|permission| team.may(permission));
    let (first, more): (Vec<_>, Vec<_>) =
        routes::nav().filter(|(screen, _)| may(screen)).partition(|(_, nav)| {
            let is_first = !groups.contains(&nav.group);
            groups.push(nav.group);
            is_first
        });
    let link = |(screen, nav)| dock_link(&visit, &team, screen, nav);
    let here = more.iter().find(|(screen, _)| current(&visit, screen).is_some());
    let word = here.map_or("More", |(_, nav)| nav.short);
    let is_here = here.is_some().then_some("true");
    let first = first.into_iter().map(link).collect_view();
    let more = (!more.is_empty()).then(|| more.into_iter().map(link).collect_view());
    let more = more.map(|links| {
        view! {
            <details>
                <summary data-here=is_here>{Icon::Menu.draw_with("icon size-5")} {word}</summary>
                <div class="dock-more">{links}</div>
            </details>
        }
    });
    view! { <nav class="dock" aria-label="Main sections">{first} {more}</nav> }.into_any()
}

fn dock_link(visit: &Visit, team: &TeamCard, screen: &'static Screen, nav: Nav) -> AnyView {
    let icon: Icon = nav.icon;
    view! {
        <a href=screen.path_in(&team.slug) aria-current=current(visit, screen)>
            {icon.draw_with("icon size-5")}
            {nav.short}
        </a>
    }
    .into_any()
}

/// "page" on the page's own entry and on the entry that it stands below.
fn current(visit: &Visit, screen: &Screen) -> Option<&'static str> {
    let area = visit.screen.and_then(|here| here.area());
    area.is_some_and(|area| area.name == screen.name).then_some("page")
}
