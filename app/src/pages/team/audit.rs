//! The audit log: every change in the team.

use crate::{
    actions::audit::load_events,
    components::{
        events::{Events, Pages},
        frame::{Frame, Heading, PageHead},
        may::needs,
    },
    pages,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{Permission, audit::AuditPage, team::TeamCard};

/// The log.
pub fn show(visit: Visit) -> AnyView {
    let around = visit.around();
    pages::load(visit, |team| load_events(team.slug, around), page)
}

fn page(visit: Visit, team: TeamCard, log: AuditPage) -> AnyView {
    let heading = Heading::of(&visit);
    let lead = if log.whole {
        "Every change in the team, in a chain that shows when it was tampered with.".to_owned()
    } else {
        format!("Your own acts. The whole log: {}.", needs(Permission::AuditView))
    };
    view! {
        <Frame visit team=Some(team.clone()) heading=heading.clone()>
            <PageHead title=heading.title lead/>
            <Events log path=team.path("/audit") pages=Pages::Each/>
        </Frame>
    }
    .into_any()
}
