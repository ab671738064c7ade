//! The frame of a signed-in page: bar, sidebar, content, dock, and what the last form had to say.

use crate::{
    components::{
        bar::Bar,
        icon::Icon,
        notice::Toast,
        sidebar::{Dock, Sidebar},
    },
    format::{As, Time},
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use leptos_meta::Title;
use model::{Permission, team::TeamCard};

/// What a page calls itself: in the tab, and in the path of names in the bar.
#[derive(Debug, Clone)]
pub struct Heading {
    /// The page's own name; an object's name where the page is about one.
    pub title: String,
    /// The pages above it below the team, nearest last: words and path.
    pub above: Vec<(String, String)>,
}

impl Heading {
    /// The screen's own title below its area.
    pub fn of(visit: &Visit) -> Self {
        let title = visit.screen.map_or("Not found", |screen| screen.title);
        Self::named(visit, title)
    }

    /// A page about something that has a name.
    pub fn named(visit: &Visit, title: impl Into<String>) -> Self {
        let area = visit.screen.and_then(|screen| screen.area());
        let above = area
            .filter(|area| visit.screen.is_some_and(|screen| screen.name != area.name))
            .map(|area| (area.title.to_owned(), area.path_in(visit.param("team"))))
            .into_iter()
            .collect();
        Self { title: title.into(), above }
    }
}

/// The words in the browser's tab.
#[component]
pub fn TabTitle(#[prop(into)] title: String, team: Option<TeamCard>) -> impl IntoView {
    let text = match team {
        Some(team) => format!("{title} · {} · Probity", team.name),
        None => format!("{title} · Probity"),
    };
    // leptos_meta writes the text into the document as it is; names are not to be trusted.
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    view! { <Title text=text/> }.into_any()
}

/// A page of a team, or one about the viewer when there is no team.
#[component]
pub fn Frame(
    visit: Visit,
    team: Option<TeamCard>,
    heading: Heading,
    children: Children,
) -> AnyView {
    let shell = if team.is_some() { "shell" } else { "" };
    let closing = team.as_ref().and_then(closing);
    let main = "min-w-0 px-4 pt-5 pb-28 md:px-8 md:pt-7 lg:pb-16 2xl:px-12";
    view! {
        <TabTitle title=heading.title.clone() team=team.clone()/>
        <a class="skip" href="#main">"Skip to content"</a>
        <Bar visit=visit.clone() team=team.clone() heading/>
        <div class=shell>
            {team.clone().map(|team| view! { <Sidebar visit=visit.clone() team/> })}
            <main id="main" class=main tabindex="-1">
                <div class="mx-auto max-w-page">{closing} {children()}</div>
            </main>
        </div>
        <Toast flash=visit.page.flash.clone()/>
        {team.map(|team| view! { <Dock visit team/> })}
    }
    .into_any()
}

/// What everybody in a team reads on each of its pages while it waits to be deleted.
fn closing(team: &TeamCard) -> Option<AnyView> {
    let due = team.closing.clone()?;
    let undo = match team.may(Permission::TeamDelete) {
        true => view! {
            <a class="link" href=team.path("/data/delete")>"Look at it, or undo it"</a>
            "."
        }
        .into_any(),
        false => "Its owners can undo it until then.".into_any(),
    };
    Some(
        view! {
            <section class="banner banner-broken mb-8" aria-label="To be deleted">
                <p class="banner-flag">{Icon::Alert.draw()}</p>
                <div class="min-w-0 py-3">
                    <p class="font-[620]">
                        "This team will be deleted on "
                        <Time at=due now=server::now() worded=As::Exact/>
                    </p>
                    <p>
                        "Its keys are refused, its streams stand still, and nothing in it can be \
                         changed. " {undo}
                    </p>
                </div>
            </section>
        }
        .into_any(),
    )
}

/// The head of a page: its name, what is to be known, and at most one thing to do.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: String,
    #[prop(optional)] children: Option<Children>,
) -> AnyView {
    let lead = (!lead.is_empty())
        .then(|| view! { <p class="mt-1 max-w-[64ch] wrap-anywhere text-ink-2">{lead}</p> });
    view! {
        <div class="mb-6 flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
            <div class="min-w-0">
                <h1 class="title wrap-anywhere">{title}</h1>
                {lead}
            </div>
            {children
                .map(|children| view! { <div class="flex flex-wrap gap-2">{children()}</div> })}
        </div>
    }
    .into_any()
}
