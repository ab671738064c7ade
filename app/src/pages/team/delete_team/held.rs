//! What goes, counted now, and what stays.

use crate::{components::facts::Section, format};
use leptos::prelude::*;
use model::deletion::DeletionPage;

/// What stays, and why.
const STAYS: &[(&str, &str)] = &[
    ("People", "Their accounts and sessions are theirs. They are in this team no more."),
    (
        "Records in people’s own logs",
        "What somebody did about themself stands there, and can name the team.",
    ),
    (
        "Records of this Probity",
        "That a team was deleted, by its id; and what its operator did to it before, with the name \
         that it had then.",
    ),
    (
        "Backups",
        "Copies that were made before are not reached from here. What was sealed opens in none of them \
         any more; what was not sealed can be read until they go.",
    ),
    (
        "Places in the files of PostgreSQL",
        "It writes over the places of rows, and over its journal, when it needs the room. Until then, what \
         was not sealed can be read there by whoever has the disk. An operator can have it done at once.",
    ),
    (
        "What left before",
        "Downloaded exports, letters, and records that streams have delivered are where they were sent.",
    ),
    (
        "Signed checkpoints",
        "They hold hashes and the team’s id, and tell that nobody has cut the log: it was deleted.",
    ),
    ("The certificate", "Stages, counts, and the id of the destroyed key. No name."),
];

/// Two sections: tables and files, and the rest.
pub(super) fn view(page: &DeletionPage) -> AnyView {
    let (some, none): (Vec<_>, Vec<_>) = page.tables.iter().partition(|held| held.rows > 0);
    let row = |title: String, table: String, count: String| {
        view! {
            <tr>
                <th scope="row" class="!font-normal">{title}</th>
                <td data-label="Table"><code class="wrap-anywhere">{table}</code></td>
                <td class="num" data-label="Rows">{count}</td>
            </tr>
        }
    };
    let rows = some
        .iter()
        .map(|held| row(held.title.clone(), held.table.clone(), format::count(held.rows)));
    let rows = rows.collect_view();
    let files = row(
        "Sealed files of exports".to_owned(),
        format::bytes(page.bytes),
        format::count(page.files),
    );
    let none = none.iter().map(|held| held.title.as_str()).collect::<Vec<_>>().join("; ");
    let stays = STAYS.iter().map(|(what, why)| {
        view! {
            <li>
                <p class="font-[560]">{*what}</p>
                <p class="text-ink-2">{*why}</p>
            </li>
        }
    });
    let stays = stays.collect_view();
    view! {
        <Section id="goes" title="What goes" note="Counted now. Every table with rows of teams is \
            in this list: a test holds it against the database.">
            <table class="ledger ledger-cards">
                <caption class="sr-only">"What goes"</caption>
                <thead>
                    <tr>
                        <th scope="col">"What"</th>
                        <th scope="col">"Table"</th>
                        <th scope="col" class="num">"Rows"</th>
                    </tr>
                </thead>
                <tbody>{rows} {files}</tbody>
            </table>
            <p class="note mt-4">"Nothing of: " {none} "."</p>
        </Section>
        <Section id="stays" title="What stays, and why">
            <ul class="grid max-w-[64ch] gap-3">{stays}</ul>
        </Section>
    }
    .into_any()
}
