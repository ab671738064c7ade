//! The bar on top: brand, team switcher, where this page is, theme, account.

use crate::{
    components::{account::tab_screens, frame::Heading, icon::Icon, mark::Seal},
    format::{As, Time},
    islands::{submit::Submit, theme::ThemeSwitch},
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{Crest, account::Viewer, team::TeamCard};

/// The bar of a signed-in page.
#[component]
pub fn Bar(visit: Visit, team: Option<TeamCard>, heading: Heading) -> AnyView {
    let home = team.as_ref().map_or_else(|| "/".to_owned(), |team| team.path(""));
    let account = visit.page.viewer.clone().map(|viewer| account_menu(&visit, viewer));
    let until = visit.page.viewer.as_ref().and_then(|viewer| viewer.confirmed_until.clone());
    let confirmed = until.map(confirmed);
    view! {
        <header class="bar ps-4 pe-4 lg:ps-5 lg:pe-8">
            <a
                href=home
                class="flex flex-none items-center gap-2 lg:w-[13.25rem]"
                aria-label="Probity"
            >
                <Seal class="size-6 flex-none"/>
                <span class="hidden text-[1.0625rem] font-[640] tracking-[-0.012em] sm:inline">
                    "Probity"
                </span>
            </a>
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol class="flex min-w-0 items-center gap-1.5">
                    {switcher(&visit, team)}
                    {crumbs(heading)}
                </ol>
            </nav>
            <div class="ms-auto flex flex-none items-center gap-1.5">{confirmed} {account}</div>
        </header>
    }
    .into_any()
}

/// How long the viewer counts as confirmed.
fn confirmed(until: String) -> AnyView {
    view! {
        <span class="hidden text-sm text-ink-2 lg:inline">
            "confirmed, ends " <Time at=until now=server::now() worded=As::Until/>
        </span>
    }
    .into_any()
}

/// The team, and the way to another one.
fn switcher(visit: &Visit, team: Option<TeamCard>) -> AnyView {
    let Some(viewer) = visit.page.viewer.as_ref() else { return ().into_any() };
    let name = team.as_ref().map_or("Teams", |team| &team.name).to_owned();
    let own = team.as_ref().map(|team| crest(team.crest));
    let here = team.map(|team| team.id);
    let teams = viewer
        .teams
        .iter()
        .map(|card| {
            let current = (here == Some(card.id)).then_some("true");
            view! {
                <li>
                    <a class="menu-item" href=card.path("") aria-current=current>
                        <span class="flex min-w-0 items-center gap-2">
                            {crest(card.crest)}
                            <span class="min-w-0 truncate">{card.name.clone()}</span>
                        </span>
                        <span class="flex-none text-sm text-ink-3">{card.role.title().to_owned()}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <li class="min-w-0">
            <button
                class="btn btn-quiet btn-sm max-w-44 font-[620] text-ink"
                type="button"
                popovertarget="teams"
            >
                {own}
                <span class="truncate">{name}</span>
                {Icon::Select.draw_with("icon text-ink-3")}
                <span class="sr-only">"Switch team"</span>
            </button>
            <div popover="auto" id="teams" class="menu menu-start max-w-80">
                <ul class="max-h-80 overflow-y-auto">{teams}</ul>
                <hr class="my-1 border-line"/>
                <a class="menu-item" href="/teams/new">"Create a team" {Icon::Plus.draw()}</a>
            </div>
        </li>
    }
    .into_any()
}

/// The team's colour, beside its name.
fn crest(crest: Crest) -> AnyView {
    view! { <span class="crest" data-crest=crest.name()></span> }.into_any()
}

/// The pages above this one and this one.
fn crumbs(heading: Heading) -> AnyView {
    let above = heading
        .above
        .into_iter()
        .map(|(words, path)| {
            view! {
                <li class="hidden text-ink-3 md:block" aria-hidden="true">"/"</li>
                <li class="hidden min-w-0 md:block">
                    <a
                        class="block max-w-52 truncate rounded-xs px-1.5 py-1 hover:bg-hover"
                        href=path
                    >
                        {words}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        {above}
        <li class="hidden text-ink-3 md:block" aria-hidden="true">"/"</li>
        <li class="hidden max-w-52 min-w-0 truncate px-1.5 md:block" aria-current="page">
            {heading.title}
        </li>
    }
    .into_any()
}

/// Who is signed in, light or dark, and the way out.
fn account_menu(visit: &Visit, viewer: Viewer) -> AnyView {
    let label = format!("Account: {}", viewer.name);
    view! {
        <button class="ms-1" type="button" popovertarget="account" aria-label=label>
            <span class="avatar">{initials(&viewer.name)}</span>
        </button>
        <div popover="auto" id="account" class="menu w-64">
            <p class="px-2.5 pt-1.5 font-[560] wrap-anywhere">{viewer.name.clone()}</p>
            <p class="px-2.5 pb-2 text-sm wrap-anywhere text-ink-2">{viewer.email}</p>
            <hr class="my-1 border-line"/>
            {tab_screens()
                .map(|screen| {
                    view! { <a class="menu-item" href=screen.path>{screen.title}</a> }
                })
                .collect_view()}
            <hr class="my-1 border-line"/>
            <form method="post" action="/do/theme/set" class="px-2.5 py-2.5">
                <input type="hidden" name="from" value=visit.address.clone()/>
                <input type="hidden" name="to" value=visit.address.clone()/>
                <ThemeSwitch chosen=visit.page.theme.name().to_owned()/>
            </form>
            <hr class="my-1 border-line"/>
            <form method="post" action="/do/account/sign-out">
                <input type="hidden" name="from" value=visit.address.clone()/>
                <Submit label="Sign out" class="menu-item cursor-pointer"/>
            </form>
        </div>
    }
    .into_any()
}

/// "AL" for Ada Lindqvist.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Ada Lindqvist"), "AL");
        assert_eq!(initials("ada maria von lindqvist"), "AL");
        assert_eq!(initials("Plato"), "P");
        assert_eq!(initials("  "), "");
    }
}
