//! Choosing permissions, for a role or for a key.

use crate::components::{form::Form, matrix::areas, may::needs};
use leptos::prelude::*;
use model::{Permission, Permissions, Role, team::TeamCard};

/// A box for each permission that is offered, by area. What the viewer lacks is shown and cannot be
/// ticked.
#[component]
pub fn Boxes(
    form: Form,
    team: TeamCard,
    held: Permissions,
    #[prop(default = Permissions::of(Role::Owner))] offered: Permissions,
) -> AnyView {
    // What was typed counts, once anything was.
    let typed = form.value("name").is_some();
    let ticked = move |permission: Permission| match typed {
        true => form.value(&permission.field()).is_some(),
        false => held.holds(permission),
    };
    let areas = areas()
        .into_iter()
        .map(|(area, permissions)| {
            let boxes: Vec<_> = permissions
                .into_iter()
                .filter(|permission| offered.holds(*permission))
                .map(|permission| one(&team, permission, ticked(permission)))
                .collect();
            if boxes.is_empty() {
                return ().into_any();
            }
            view! {
                <fieldset class="grid gap-1.5 border-t border-line pt-3">
                    <legend class="float-start w-full font-[560]">{area}</legend>
                    {boxes}
                </fieldset>
            }
            .into_any()
        })
        .collect_view();
    view! { <div class="grid gap-4">{areas}</div> }.into_any()
}

fn one(team: &TeamCard, permission: Permission, ticked: bool) -> AnyView {
    // Whoever is in a team sees it.
    let always = permission == Permission::TeamView;
    let may = team.role.holds(permission) && !always;
    let reason = match (may, always) {
        (true, _) => None,
        (false, true) => Some("always".to_owned()),
        (false, false) => Some(needs(permission)),
    };
    let reason = reason.map(|words| view! { <span class="text-sm text-ink-3">{words}</span> });
    view! {
        <label class="flex items-baseline gap-x-2">
            <input
                type="checkbox"
                name=permission.field()
                value="yes"
                checked=ticked || always
                disabled=!may
            />
            <span class="flex min-w-0 flex-wrap items-baseline gap-x-2">
                <span>{permission.means()}</span>
                <code class="text-xs text-ink-3">{permission.name()}</code>
                {reason}
            </span>
        </label>
    }
    .into_any()
}
