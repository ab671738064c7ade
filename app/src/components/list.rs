//! The foot of a list: what was checked, and the way to newer and older rows.

use crate::components::icon::Icon;
use leptos::prelude::*;

/// The last row of a ledger table.
#[component]
pub fn ListFoot(
    columns: u32,
    /// The list's own path.
    #[prop(into)]
    path: String,
    newer: Option<String>,
    older: Option<String>,
    /// What leads to the rows above and below.
    #[prop(default = ("Newer", "Older"))]
    words: (&'static str, &'static str),
    children: Children,
) -> AnyView {
    let pages = newer.is_some() || older.is_some();
    let mark = if path.contains('?') { '&' } else { '?' };
    let newer = newer.map(|row| format!("{path}{mark}after={row}"));
    let older = older.map(|row| format!("{path}{mark}before={row}"));
    view! {
        <tfoot>
            <tr>
                <td colspan=columns>
                    <span class="flex flex-wrap items-center justify-between gap-2">
                        <span>{children()}</span>
                        {pages.then(|| view! {
                            <span class="flex gap-2">
                                {newer_link(newer, words.0)} {older_link(older, words.1)}
                            </span>
                        })}
                    </span>
                </td>
            </tr>
        </tfoot>
    }
    .into_any()
}

fn newer_link(href: Option<String>, word: &'static str) -> AnyView {
    let words = || view! { {Icon::ChevronLeft.draw()} {word} };
    match href {
        Some(href) => view! { <a class="btn btn-sm" rel="prev" href=href>{words()}</a> }.into_any(),
        None => view! { <button class="btn btn-sm" type="button" disabled=true>{words()}</button> }
            .into_any(),
    }
}

fn older_link(href: Option<String>, word: &'static str) -> AnyView {
    let words = || view! { {word} {Icon::ChevronRight.draw()} };
    match href {
        Some(href) => view! { <a class="btn btn-sm" rel="next" href=href>{words()}</a> }.into_any(),
        None => view! { <button class="btn btn-sm" type="button" disabled=true>{words()}</button> }
            .into_any(),
    }
}
