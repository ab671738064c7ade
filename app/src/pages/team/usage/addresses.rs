//! Which addresses call most.

use crate::{
    components::{facts::Section, notice::Empty},
    format::{self, As, Time},
    server,
};
use leptos::prelude::*;
use model::usage::{ADDRESS_DAYS, UsageOfAddress};
use time::OffsetDateTime;

pub(super) fn addresses(all: Vec<UsageOfAddress>) -> AnyView {
    let note = format!(
        "By whole days in UTC, kept for {ADDRESS_DAYS} days. Of IPv6, networks of 64 bits."
    );
    let content = match all.is_empty() {
        true => {
            let note = "Pass on where a call comes from, as ip, when you verify its key.";
            view! { <Empty title="No addresses in this time" note/> }.into_any()
        }
        false => table(all),
    };
    view! { <Section id="addresses" title="Addresses" note>{content}</Section> }.into_any()
}

fn table(all: Vec<UsageOfAddress>) -> AnyView {
    let now = server::now();
    let rows = all.into_iter().map(|address| row(address, now)).collect_view();
    view! {
        <table class="ledger ledger-cards">
            <caption class="sr-only">"Calls by address"</caption>
            <thead>
                <tr>
                    <th scope="col">"Address"</th>
                    <th scope="col" class="num">"Calls"</th>
                    <th scope="col" class="num">"Refused"</th>
                    <th scope="col" class="num">"Last seen"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(
    UsageOfAddress { address, calls, refused, last_at }: UsageOfAddress,
    now: OffsetDateTime,
) -> AnyView {
    let address = match address {
        Some(address) => view! { <code class="wrap-anywhere">{address}</code> }.into_any(),
        None => "All others".into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="full min-w-0">{address}</th>
            <td class="num" data-label="Calls">{format::count(calls)}</td>
            <td class="num" data-label="Refused">{format::share(refused, calls)}</td>
            <td class="num text-ink-2" data-label="Last seen">
                <Time at=last_at now worded=As::Ago/>
            </td>
        </tr>
    }
    .into_any()
}
