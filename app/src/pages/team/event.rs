//! One record of the audit log: what happened, what changed, and whether the record is intact.

use crate::{
    actions::audit::load_event,
    components::{
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        record::{Record, as_json},
    },
    islands::copy::Copy,
    pages,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{audit::AuditEntry, team::TeamCard};

/// The record's page.
pub fn show(visit: Visit) -> AnyView {
    let seq = visit.param("seq").to_owned();
    pages::load(visit, |team| load_event(team.slug, seq), page)
}

fn page(visit: Visit, team: TeamCard, entry: AuditEntry) -> AnyView {
    let seq = entry.row.seq;
    let heading = Heading::named(&visit, format!("Record {seq}"));
    let json = as_json(&entry.row);
    let (title, lead) = (entry.row.title.clone(), format!("Record {seq} of {}", team.name));
    let log = team.path("/audit");
    view! {
        <Frame visit team=Some(team.clone()) heading>
            <PageHead title lead>
                <Copy text=json label="Copy as JSON" class="btn"/>
            </PageHead>
            <Record team entry/>
            <p>
                <a class="btn" href=log>
                    {Icon::ChevronLeft.draw()}
                    "Audit log"
                </a>
            </p>
        </Frame>
    }
    .into_any()
}
