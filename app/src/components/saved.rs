//! Searches that are kept: links above the search, and the form to keep one.

use crate::{
    components::{
        field::Hidden,
        form::{Form, PostForm},
        search::address,
    },
    islands::submit::Submit,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Permission,
    audit::{SavedSearch, Whose},
    team::TeamCard,
};

/// Whether a viewer keeps the team's searches.
pub fn keeps(team: &TeamCard) -> bool {
    team.may(Permission::TeamUpdate) && team.may(Permission::AuditView)
}

/// Links to the searches that are kept, and the way to change them. Nothing where none is.
pub fn links(team: &TeamCard, line: &str, saved: Vec<SavedSearch>) -> AnyView {
    if saved.is_empty() {
        return ().into_any();
    }
    let log = || team.path("/audit");
    let links = saved
        .into_iter()
        .map(|saved| {
            let current = (saved.line == line).then_some("page");
            let href = address(log(), &[("q", &saved.line)]);
            let of_team =
                (saved.whose == Whose::Team).then(|| view! { " " <span class="tag">"team"</span> });
            view! {
                <li class="min-w-0">
                    <a class="chip" href=href title=saved.line aria-current=current>
                        <span class="min-w-0 truncate">{saved.name}</span>
                        {of_team}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="mb-3" aria-label="Saved searches">
            <ul class="flex max-h-32 flex-wrap items-center gap-2 overflow-y-auto p-0.5">
                {links}
                <li>
                    <a class="link ms-1 text-sm" href=team.path("/audit/searches")>
                        "Change saved searches"
                    </a>
                </li>
            </ul>
        </nav>
    }
    .into_any()
}

/// The form that keeps the search that is shown. Nothing where nothing is looked for.
pub fn form(visit: &Visit, team: &TeamCard, line: &str) -> AnyView {
    let form = Form::of(visit, "/do/audit/save-search");
    let line = form.value("search").unwrap_or(line).to_owned();
    if line.is_empty() {
        return ().into_any();
    }
    let is_open = form.is_refused();
    let name = form.field("name", "Name").view();
    let search = form.error("search").map(|error| view! { <p class="error">{error}</p> });
    let whose = whose(&form, team);
    let slug = team.slug.clone();
    view! {
        <details class="-mt-1 mb-4 text-sm" open=is_open>
            <summary class="w-fit cursor-pointer text-ink-2">"Save this search"</summary>
            <PostForm form class="mt-3 grid max-w-form gap-4">
                <Hidden name="team" value=slug/>
                <Hidden name="search" value=line/>
                {name} {whose} {search}
                <div><Submit label="Save the search" class="btn"/></div>
            </PostForm>
        </details>
    }
    .into_any()
}

/// Who finds it; only who may choose is asked.
fn whose(form: &Form, team: &TeamCard) -> AnyView {
    if !keeps(team) {
        return view! { <Hidden name="whose" value=Whose::Me.name()/> }.into_any();
    }
    let choices = Whose::ALL.map(|whose| (whose.name(), whose.title()));
    form.field("whose", "Who finds it").choose(&choices)
}
