//! Who may do what: the matrix, what was proven of it, and the roles that the team made.

use crate::{
    actions::role::load_matrix,
    components::{
        facts::Section,
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        mark::Proof,
        matrix::{Legend, MatrixTable, Shown, cells, verdicts},
        may::{LinkIfMay, needs},
        people::roles,
    },
    format::{self, As, Time},
    islands::submit::Submit,
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    HeldRole, Permission,
    proof::{CellProof, Matrix},
    role::{RoleRow, bounds},
    team::TeamCard,
};
use serde::Deserialize;

mod compare;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// A role to compare one's own with.
    with: String,
}

/// The page about roles.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, |team| load_matrix(team.slug), page)
}

fn page(visit: Visit, team: TeamCard, matrix: Matrix) -> AnyView {
    let asked: Asked = server::query();
    let heading = Heading::of(&visit);
    let own: Vec<_> = matrix.own.iter().map(|row| row.role.clone()).collect();
    let every: Vec<HeldRole> = roles(&own).collect();
    let other = every.iter().find(|role| role.which().to_string() == asked.with).cloned();
    let roles = match &other {
        Some(other) => vec![team.role.clone(), other.clone()],
        None => every.clone(),
    };
    let rows = matrix.own.clone();
    let shown = Shown { team: team.clone(), roles, matrix, now: server::now() };
    let compared = other.map(|other| compare::difference(&team, &other));
    let (maker, new) = (team.clone(), team.path("/roles/new"));
    view! {
        <Frame visit=visit.clone() team=Some(team.clone()) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="One table makes the program’s checks, the database’s policies and this page. \
                      Synthetic people try every cell: what the program says, and what the \
                      database says without it."
            >
                <LinkIfMay
                    team=maker
                    permission=Permission::MembersManage
                    href=new
                    class="btn btn-primary"
                >
                    "Make a role"
                </LinkIfMay>
            </PageHead>
            {proven(&visit, &shown)}
            {broken(&shown)}
            {compare::compare(&team, &every, &asked.with)}
            {compared}
            <MatrixTable shown/>
            {made(&team, rows)}
        </Frame>
    }
    .into_any()
}

/// How much is proven, when it was tried, and the way to try it now.
fn proven(visit: &Visit, shown: &Shown) -> AnyView {
    let states: Vec<Proof> =
        shown.cells().map(|(role, permission)| shown.proof(role, permission)).collect();
    let count = |state| states.iter().filter(|found| **found == state).count();
    let all = states.len();
    let (state, words) = if count(Proof::Broken) > 0 {
        let wrong = cells(count(Proof::Broken));
        (Proof::Broken, format!("{wrong} of {all} broken"))
    } else if count(Proof::Proven) == all {
        (Proof::Proven, format!("{all} of {all} cells proven"))
    } else if count(Proof::Unknown) > 0 {
        let proven = count(Proof::Proven);
        (Proof::Unknown, format!("{proven} of {all} cells proven, the others not tried yet"))
    } else {
        (Proof::Stale, "Proven, but not lately".to_owned())
    };
    let latest = shown.matrix.proofs.iter().map(|proof| proof.at.clone()).max();
    let now = shown.now;
    let when = latest.map(|at| {
        view! {
            <span class="text-sm text-ink-2">
                "tried " <Time at now worded=As::Ago/> ", and once a day"
            </span>
        }
    });
    view! {
        <div class="mb-5 flex flex-wrap items-center justify-between gap-x-8 gap-y-2 border-y \
                    border-line py-2.5">
            <div class="flex flex-wrap items-center gap-x-6 gap-y-1">
                <span class=state.class()>{state.draw()} {words}</span>
                {when}
            </div>
            <div class="flex flex-wrap items-center gap-x-6 gap-y-2">
                <Legend/>
                {try_now(visit, &shown.team)}
            </div>
        </div>
    }
    .into_any()
}

fn try_now(visit: &Visit, team: &TeamCard) -> AnyView {
    if !team.may(Permission::SecurityManage) {
        let reason = needs(Permission::SecurityManage);
        return view! {
            <span class="inline-flex items-center gap-2">
                <button class="btn btn-sm" type="button" disabled=true>"Try every cell now"</button>
                <span class="text-sm text-ink-3">{reason}</span>
            </span>
        }
        .into_any();
    }
    let form = Form::of(visit, "/do/role/try");
    let slug = team.slug.clone();
    view! {
        <PostForm form>
            <Hidden name="team" value=slug/>
            <Submit label="Try every cell now" class="btn btn-sm"/>
        </PostForm>
    }
    .into_any()
}

/// What is not as it should be, before everything else.
fn broken(shown: &Shown) -> AnyView {
    let wrong: Vec<AnyView> = shown
        .cells()
        .filter(|(role, permission)| shown.proof(role, *permission) == Proof::Broken)
        .filter_map(|(role, permission)| {
            let (cell, _) = shown.matrix.cell(role.which(), permission)?;
            Some(sentence(role, cell))
        })
        .collect();
    if wrong.is_empty() {
        return ().into_any();
    }
    view! {
        <div class="refused mb-5" role="alert">
            {Icon::Alert.draw()}
            <div class="min-w-0">
                <p class="font-[620]">
                    "The database and the table of permissions do not agree. Tell your operator."
                </p>
                <ul class="mt-1 grid gap-1">{wrong}</ul>
            </div>
        </div>
    }
    .into_any()
}

fn sentence(role: &HeldRole, cell: &CellProof) -> AnyView {
    let should = if cell.held { "yes" } else { "no" };
    let words = format!(
        "{}, {}: {}; both should say {should}. {}",
        role.title(),
        cell.permission.name(),
        verdicts(cell),
        cell.said
    );
    view! { <li class="wrap-anywhere">{words}</li> }.into_any()
}

/// The roles that the team made.
fn made(team: &TeamCard, rows: Vec<RoleRow>) -> AnyView {
    let note = format!("Beside the four that every team has; at most {}.", bounds::ROLES);
    if rows.is_empty() {
        return view! {
            <Section id="own" title="Roles of your own" note=note>
                <p class="text-ink-2">"None yet."</p>
            </Section>
        }
        .into_any();
    }
    let rows = rows.into_iter().map(|row| own(team, row)).collect_view();
    view! {
        <Section id="own" title="Roles of your own" note=note>
            <ul class="grid gap-2">{rows}</ul>
        </Section>
    }
    .into_any()
}

fn own(team: &TeamCard, row: RoleRow) -> AnyView {
    let name = row.role.name.clone();
    let link = match team.may(Permission::MembersManage) {
        true => {
            let href = team.path(&format!("/roles/{}", row.role.id));
            view! { <a class="font-[560] underline wrap-anywhere" href=href>{name}</a> }.into_any()
        }
        false => view! { <span class="font-[560] wrap-anywhere">{name}</span> }.into_any(),
    };
    let held = match row.holders {
        Some(0) => "nobody holds it".to_owned(),
        Some(many) => format!("{} it", format::counted(many, "person holds", "people hold")),
        None => String::new(),
    };
    let size = format::counted(i64::from(row.role.permissions.len()), "permission", "permissions");
    view! {
        <li class="flex flex-wrap items-baseline gap-x-4">
            {link}
            <span class="text-sm text-ink-2">{format!("{size}, {}", held.to_lowercase())}</span>
        </li>
    }
    .into_any()
}
