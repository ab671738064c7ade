//! The latest of what happened to something, out of the audit log.

use crate::{
    actions::audit::load_events,
    components::{facts::Section, search::address},
    format::{As, Time},
    server,
};
use leptos::prelude::*;
use model::{
    Failure,
    audit::{AuditPage, AuditQuery, AuditRow},
    page::PageSize,
    team::TeamCard,
};

/// Records that are shown.
const SHOWN: PageSize = PageSize::usual(5);

/// What is found, and what happened to it as far as the viewer may see it. A history that cannot be read
/// now takes nothing else from the page.
pub async fn with_history<T>(
    team: TeamCard,
    target: String,
    found: impl Future<Output = Result<T, Failure>>,
) -> Result<(T, Option<AuditPage>), Failure> {
    let found = found.await?;
    let query = AuditQuery { q: of(&target), size: Some(SHOWN), ..AuditQuery::default() };
    Ok((found, load_events(team.slug, query).await.ok()))
}

fn of(target: &str) -> String {
    format!("target:{target}")
}

/// The section of a page about it; nothing when there is nothing to tell.
#[component]
pub fn History(team: TeamCard, target: String, log: Option<AuditPage>) -> AnyView {
    let Some(log) = log else {
        return view! {
            <Section id="history" title="History">
                <p class="note">"It cannot be read just now."</p>
            </Section>
        }
        .into_any();
    };
    if log.page.rows.is_empty() {
        return ().into_any();
    }
    let note = if log.whole { "From the audit log." } else { "Your own acts, from the audit log." };
    let all = address(team.path("/audit"), &[("q", &of(&target))]);
    let more = log.page.older.is_some().then(|| {
        view! { <p class="mt-3"><a class="btn btn-sm" href=all>"All of it"</a></p> }
    });
    let rows = log.page.rows.into_iter().map(|row| line(&team, row)).collect_view();
    view! {
        <Section id="history" title="History" note>
            <ul class="grid gap-1.5">{rows}</ul>
            {more}
        </Section>
    }
    .into_any()
}

fn line(team: &TeamCard, row: AuditRow) -> impl IntoView + use<> {
    let href = team.path(&format!("/audit/{}", row.seq));
    view! {
        <li class="wrap-anywhere">
            <a class="link" href=href>{row.title}</a>
            <span class="text-ink-2">
                " by " {row.actor} ", " <Time at=row.at now=server::now() worded=As::Ago/>
            </span>
        </li>
    }
}
