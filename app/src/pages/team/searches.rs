//! Saved searches of the log: the viewer's own, and the team's.

use crate::{
    actions::audit::load_searches,
    components::{
        facts::Section,
        frame::{Frame, Heading, PageHead},
        may::needs,
        notice::Empty,
        saved::keeps,
        search::address,
    },
    pages,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Permission,
    audit::{SavedSearch, Whose},
    team::TeamCard,
};

/// The two lists.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, |team| load_searches(team.slug), page)
}

fn page(visit: Visit, team: TeamCard, saved: Vec<SavedSearch>) -> AnyView {
    let heading = Heading::of(&visit);
    let (own, of_team): (Vec<_>, Vec<_>) =
        saved.into_iter().partition(|saved| saved.whose == Whose::Me);
    let own = list(&team, own);
    let of_team = team.may(Permission::AuditView).then(|| {
        let note = match keeps(&team) {
            true => "Found by everybody who sees the whole log. Changes are recorded.".to_owned(),
            false => format!("{} to change them.", needs(Permission::TeamUpdate)),
        };
        let list = list(&team, of_team);
        view! { <Section id="team" title="The team’s" note>{list}</Section> }
    });
    let log = team.path("/audit");
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="Searches of the audit log that are kept under a name. To keep another one, search \
                      the log and choose “Save this search”."
            >
                <a class="btn" href=log>"Audit log"</a>
            </PageHead>
            <Section id="own" title="Yours" note="Nobody else finds them.">{own}</Section>
            {of_team}
        </Frame>
    }
    .into_any()
}

fn list(team: &TeamCard, saved: Vec<SavedSearch>) -> AnyView {
    if saved.is_empty() {
        let note = "Search the log and choose “Save this search”.";
        return view! { <Empty title="None saved" note/> }.into_any();
    }
    let rows = saved.into_iter().map(|saved| row(team, saved)).collect_view();
    view! { <ul class="grid border-t border-line">{rows}</ul> }.into_any()
}

fn row(team: &TeamCard, saved: SavedSearch) -> AnyView {
    let href = address(team.path("/audit"), &[("q", &saved.line)]);
    let may = saved.whose == Whose::Me || keeps(team);
    let change = may.then(|| {
        let href = team.path(&format!("/audit/searches/{}", saved.id));
        let label = format!("Change {}", saved.name);
        view! { <a class="btn btn-sm" href=href aria-label=label>"Change"</a> }
    });
    view! {
        <li class="flex flex-wrap items-center justify-between gap-3 border-b border-line py-2">
            <p class="min-w-0 wrap-anywhere">
                <a class="link font-[560]" href=href>{saved.name}</a>
                " "
                <code class="ms-1 text-ink-2">{saved.line}</code>
            </p>
            {change}
        </li>
    }
    .into_any()
}
