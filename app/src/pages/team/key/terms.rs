//! What a key may and how often, as forms ask for it.

use crate::components::{field::Kind, form::Form, permissions::Boxes};
use leptos::prelude::*;
use model::{
    Permission, Permissions,
    key::{KeyRow, Per},
    team::TeamCard,
};

const TERMS: [&str; 5] = ["scopes", "networks", "rate", "quota", "metadata"];

/// What most keys do without, filled in with what `key` has. A part is open when something in it is
/// set, was typed, or is wrong.
pub(in crate::pages::team) fn fields(
    form: &Form,
    team: &TeamCard,
    key: Option<&KeyRow>,
) -> AnyView {
    let is_told = |name: &&str| {
        form.error(name).is_some() || form.value(name).is_some_and(|typed| !typed.is_empty())
    };
    let open = key.is_some() || TERMS.iter().any(is_told);
    let terms = terms(form, key);
    let offered = Permissions::for_keys().without(Permissions::NONE.with(Permission::TeamView));
    let held = key.map(KeyRow::permissions).unwrap_or_default();
    let ticks = offered.iter().any(|permission| form.value(&permission.field()).is_some());
    let boxes = view! { <Boxes form=form.clone() team=team.clone() held offered/> };
    view! {
        <details open=open>
            <summary class="cursor-pointer font-[620]">"Scopes, networks and limits"</summary>
            <div class="mt-4 grid gap-5">{terms}</div>
        </details>
        <details open=ticks || !held.is_empty()>
            <summary class="cursor-pointer font-[620]">"What it may do in Probity"</summary>
            <p class="mt-2 mb-4 text-ink-2">
                "For programs of yours that call Probity’s own API. Keys of your customers need "
                "none of it."
            </p>
            {boxes}
        </details>
    }
    .into_any()
}

fn terms(form: &Form, key: Option<&KeyRow>) -> AnyView {
    let field = |name: &'static str, label: &'static str, is: fn(&KeyRow) -> String| {
        let field = form.field(name, label);
        match (key, form.value(name)) {
            (Some(key), None) => field.filled(is(key)),
            _ => field,
        }
    };
    let scopes = field("scopes", "Scopes", |key| key.own_scopes().collect::<Vec<_>>().join("\n"));
    let scopes = scopes
        .help(
            "Words of your own API, like orders:read, orders:* or read@invoices. Verify asks for \
               them.",
        )
        .lines(2);
    let networks =
        field("networks", "Used from these networks only", |key| key.networks.join("\n"));
    let networks = networks
        .help("Like 203.0.113.0/24 or 2001:db8::/32, one on each line. Empty: from anywhere.")
        .lines(2);
    let rate = field("rate", "Calls at most", |key| {
        key.rate.map(|rate| rate.limit.to_string()).unwrap_or_default()
    });
    let rate = rate.kind(Kind::Number).help("Empty: no limit.").view();
    let per = form.field("rate_per", "In each");
    let per =
        per.preset(key.and_then(|key| key.rate).map(|rate| rate.per).unwrap_or_default().name());
    let per = per.choose(&Per::ALL.map(|per| (per.name(), per.name())));
    let quota = field("quota", "Calls in a month", |key| {
        key.quota.map(|quota| quota.to_string()).unwrap_or_default()
    });
    let quota = quota.kind(Kind::Number).help("Calendar month, UTC. Empty: no quota.").view();
    let metadata = field("metadata", "Metadata", |key| key.metadata.clone());
    let metadata = metadata
        .help("A JSON object that verify gives back, like {\"customer\": \"c_17\"}. Up to 4 kB.")
        .lines(2);
    view! {
        {scopes}
        {networks}
        <div class="grid items-start gap-5 sm:grid-cols-3">{rate} {per} {quota}</div>
        {metadata}
    }
    .into_any()
}
