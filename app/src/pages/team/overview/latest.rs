//! The last records, with the check of their chain.

use crate::{
    components::mark::ChainMark,
    format::{self, As, Time},
    server,
};
use leptos::prelude::*;
use model::{
    audit::{AuditPage, AuditRow},
    team::TeamCard,
};

/// How many records the overview shows.
const LATEST: usize = 6;

/// The last records.
pub(super) fn latest(team: &TeamCard, log: AuditPage) -> AnyView {
    let now = server::now();
    let rows = log.page.rows.into_iter().take(LATEST);
    let rows = rows.map(|event| row(team, event, now)).collect_view();
    let proof = log.proof.map(|proof| {
        view! {
            <tfoot>
                <tr>
                    <td colspan="3">
                        <span class="flex flex-wrap items-center justify-between gap-2">
                            <ChainMark proof/>
                            <span>"checked just now"</span>
                        </span>
                    </td>
                </tr>
            </tfoot>
        }
    });
    view! {
        <section aria-labelledby="latest" class="min-w-0 border-t-[1.5px] border-ink pt-3">
            <div class="flex items-baseline justify-between">
                <h2 class="sect-title" id="latest">"Latest in the record"</h2>
                <a class="link text-sm" href=team.path("/audit")>"Audit log"</a>
            </div>
            <table class="ledger ledger-flush mt-1">
                <caption class="sr-only">"Latest audit events"</caption>
                <thead class="sr-only">
                    <tr>
                        <th scope="col">"Number"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"Event"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                {proof}
            </table>
        </section>
    }
    .into_any()
}

fn row(team: &TeamCard, event: AuditRow, now: time::OffsetDateTime) -> AnyView {
    view! {
        <tr>
            <td class="folio !w-14 !ps-0">
                <a href=team.path(&format!("/audit/{}", event.seq)) class="hover:underline">
                    {event.seq}
                </a>
            </td>
            <td class="w-24 whitespace-nowrap text-ink-2">
                <Time at=event.at now worded=As::Ago/>
            </td>
            <td class="wrap-anywhere">
                <span class="font-[560]">{event.actor}</span>
                " "
                <code class="text-ink-2">{event.action}</code>
                " "
                <span class="text-ink-2">{format::target(&event.target)}</span>
            </td>
        </tr>
    }
    .into_any()
}
