//! The newest keys: what they are called, how much they are used, when they end.

use crate::{format, pages::team::keys::ends, server};
use leptos::prelude::*;
use model::{key::KeyRow, team::TeamCard};
use time::OffsetDateTime;

/// How many keys the overview shows.
const NEWEST: usize = 6;

/// The newest keys.
pub(super) fn newest_keys(team: &TeamCard, keys: &[KeyRow]) -> AnyView {
    let now = server::now();
    let rows = keys.iter().take(NEWEST).map(|key| row(team, key, now)).collect_view();
    view! {
        <section aria-labelledby="newest" class="min-w-0 border-t-[1.5px] border-ink pt-3">
            <div class="flex items-baseline justify-between">
                <h2 class="sect-title" id="newest">"Newest keys"</h2>
                <a class="link text-sm" href=team.path("/keys")>"API keys"</a>
            </div>
            <table class="ledger ledger-flush mt-1">
                <caption class="sr-only">"Newest keys"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col" class="num !pe-10">"Calls, last 24 h"</th>
                        <th scope="col">"Ends"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(team: &TeamCard, key: &KeyRow, now: OffsetDateTime) -> impl IntoView + use<> {
    let href = team.path(&format!("/keys/{}", key.id));
    view! {
        <tr>
            <th scope="row" class="wrap-anywhere">
                <a class="hover:underline" href=href>{key.name.clone()}</a>
            </th>
            <td class="num !pe-10">{format::count(key.calls_24h)}</td>
            <td class="whitespace-nowrap">{ends(key, now)}</td>
        </tr>
    }
}
