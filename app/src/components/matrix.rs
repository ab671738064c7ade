//! The matrix: roles × permissions, as the table says and as the last probe found.

use crate::{
    components::mark::Proof,
    doors,
    format::{self, moment},
    routes::SCREENS,
};
use leptos::prelude::*;
use model::{
    HeldRole, Permission,
    proof::{CellProof, Matrix, Verdict},
    team::TeamCard,
};
use time::{Duration, OffsetDateTime};

/// Every cell is tried once a day; after two days without, what was proven is stale.
const STALE: Duration = Duration::days(2);

/// What is shown of the matrix, and to whom.
#[derive(Clone)]
pub struct Shown {
    pub team: TeamCard,
    /// The columns.
    pub roles: Vec<HeldRole>,
    pub matrix: Matrix,
    pub now: OffsetDateTime,
}

impl Shown {
    /// The state of one cell.
    pub fn proof(&self, role: &HeldRole, permission: Permission) -> Proof {
        let found = self.matrix.cell(role.which(), permission);
        let held = role.holds(permission);
        let Some((cell, at)) = found.filter(|(cell, _)| cell.held == held) else {
            return Proof::Unknown;
        };
        let old = moment(at).is_none_or(|at| self.now - at > STALE);
        match (cell.is_proven(), old) {
            (false, _) => Proof::Broken,
            (true, true) => Proof::Stale,
            (true, false) => Proof::Proven,
        }
    }

    /// Every cell that is shown.
    pub fn cells(&self) -> impl Iterator<Item = (&HeldRole, Permission)> {
        let row = |role| Permission::ALL.iter().map(move |permission| (role, *permission));
        self.roles.iter().flat_map(row)
    }

    fn is_own(&self, role: &HeldRole) -> bool {
        self.team.role.which() == role.which()
    }
}

/// The table.
#[component]
pub fn MatrixTable(shown: Shown) -> AnyView {
    let heads = shown
        .roles
        .iter()
        .map(|role| {
            let you = shown.is_own(role);
            let title = role.title().to_owned();
            view! {
                <th scope="col" class=if you { "you" } else { "" }>
                    <span class="inline-block max-w-32 font-[620] whitespace-normal text-ink \
                                 max-md:text-xs md:text-base">
                        {title}
                    </span>
                    {you.then(|| view! { " " <span class="font-normal">"you"</span> })}
                </th>
            }
        })
        .collect_view();
    let columns = shown.roles.len() + 1;
    // A wide table scrolls in itself; then its head cannot stay under the bar.
    let frame = match shown.roles.len() {
        0..=6 => "matrix-frame",
        _ => "matrix-frame matrix-frame-wide",
    };
    let areas = areas().into_iter().map(|area| group(&shown, area, columns)).collect_view();
    view! {
        <div class=frame>
            <table class="ledger matrix">
                <caption class="sr-only">
                    "Roles and permissions, with what the last probe found"
                </caption>
                <thead>
                    <tr>
                        <th scope="col" class="md:w-[34%]">"Permission"</th>
                        {heads}
                    </tr>
                </thead>
                {areas}
                <tfoot>
                    <tr>
                        <td colspan=columns class="!text-start">
                            "Nobody can give a permission that they do not hold. A team always has \
                             an owner."
                        </td>
                    </tr>
                </tfoot>
            </table>
        </div>
    }
    .into_any()
}

/// The headings, each with its permissions, in the order of the table.
pub fn areas() -> Vec<(&'static str, Vec<Permission>)> {
    let mut areas: Vec<(&'static str, Vec<Permission>)> = Vec::new();
    for permission in Permission::ALL {
        match areas.iter_mut().find(|(area, _)| *area == permission.area()) {
            Some((_, inside)) => inside.push(*permission),
            None => areas.push((permission.area(), vec![*permission])),
        }
    }
    areas
}

fn group(
    shown: &Shown,
    (area, permissions): (&'static str, Vec<Permission>),
    columns: usize,
) -> AnyView {
    let rows = permissions.into_iter().map(|permission| row(shown, permission)).collect_view();
    view! {
        <tbody>
            <tr class="day">
                <td colspan=columns class="!text-start">{area}</td>
            </tr>
            {rows}
        </tbody>
    }
    .into_any()
}

fn row(shown: &Shown, permission: Permission) -> AnyView {
    let cells = shown.roles.iter().map(|role| cell(shown, role, permission)).collect_view();
    view! {
        <tr id=permission.name()>
            <th scope="row" class="!font-normal max-md:min-w-44">
                <details>
                    <summary class="cursor-pointer py-1.5">{permission.means()}</summary>
                    {about(permission)}
                </details>
            </th>
            {cells}
        </tr>
    }
    .into_any()
}

/// Its name, and what it opens.
fn about(permission: Permission) -> AnyView {
    let screens = SCREENS
        .iter()
        .filter(|screen| screen.permission == Some(permission))
        .map(|screen| screen.title)
        .collect::<Vec<_>>();
    let doors: Vec<_> = doors::opened_by(permission).map(|door| door.path).collect();
    let opens = match (screens.is_empty(), doors.is_empty()) {
        (true, true) => view! { <p>"Nothing asks for it yet."</p> }.into_any(),
        _ => view! {
            <p>"Pages: " {words(&screens)}</p>
            <p class="wrap-anywhere">
                "Requests: "
                {doors
                    .into_iter()
                    .map(|path| view! { <code class="me-2 text-xs">{path}</code> })
                    .collect_view()}
            </p>
        }
        .into_any(),
    };
    view! {
        <div class="grid gap-1 pb-3 text-sm text-ink-2">
            <p><code>{permission.name()}</code></p>
            {opens}
        </div>
    }
    .into_any()
}

fn words(titles: &[&'static str]) -> String {
    if titles.is_empty() { "none".to_owned() } else { titles.join(", ") }
}

fn cell(shown: &Shown, role: &HeldRole, permission: Permission) -> AnyView {
    let held = role.holds(permission);
    let proof = shown.proof(role, permission);
    let found = shown.matrix.cell(role.which(), permission).map(|(cell, _)| cell.clone());
    let verdicts = found.as_ref().map(verdicts);
    let broken = (proof == Proof::Broken).then(|| {
        let words = verdicts.clone();
        view! { <span class="block text-xs text-broken">{words}</span> }
    });
    let title = verdicts.unwrap_or_else(|| "not tried yet".to_owned());
    let spoken = title.clone();
    let class = if shown.is_own(role) { "you" } else { "" };
    view! {
        <td class=class>
            <span class="cell" title=title>
                {if held { disc() } else { dash() }}
                <span class="sr-only">
                    {if held { "allowed" } else { "denied" }} ", " {spoken}
                </span>
                {proof.draw()}
            </span>
            {broken}
        </td>
    }
    .into_any()
}

/// "guard yes, database no".
pub fn verdicts(cell: &CellProof) -> String {
    let word = Verdict::name;
    format!("guard {}, database {}", word(cell.guard), word(cell.database))
}

fn disc() -> AnyView {
    view! {
        <svg class="size-3" viewBox="0 0 12 12" aria-hidden="true">
            <circle cx="6" cy="6" r="5" fill="currentColor"></circle>
        </svg>
    }
    .into_any()
}

fn dash() -> AnyView {
    view! {
        <svg class="size-3 text-ink-3" viewBox="0 0 12 12" aria-hidden="true">
            <path d="M2 6h8" stroke="currentColor" stroke-width="1.25"></path>
        </svg>
    }
    .into_any()
}

/// What each sign means.
#[component]
pub fn Legend() -> AnyView {
    let signs = [(disc(), "allowed"), (dash(), "denied")];
    let signs = signs
        .into_iter()
        .map(|(sign, words)| view! { <li class="flex items-center gap-1.5">{sign} {words}</li> })
        .collect_view();
    view! {
        <ul class="flex gap-5 text-sm text-ink-2" aria-label="Legend">
            {signs}
        </ul>
    }
    .into_any()
}

/// "68 cells".
pub fn cells(number: usize) -> String {
    format::counted(i64::try_from(number).unwrap_or(i64::MAX), "cell", "cells")
}
