//! Rotate an API key: another secret, and how long the old one works on; then shows it once.

use crate::{
    actions::key::load_key,
    components::{
        field::{Hidden, Kind},
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        reveal::RevealKey,
    },
    islands::submit::Submit,
    pages,
    viewer::{Revealed, Visit},
};
use leptos::prelude::*;
use model::{
    key::{KeyRow, KeyState, bounds::OVERLAP_HOURS_MOST},
    reveal::RevealedKey,
    team::TeamCard,
};

const OVERLAPS: [(&str, &str); 5] = [
    ("24", "24 hours more"),
    ("1", "1 hour more"),
    ("168", "7 days more"),
    ("custom", "As many hours as I say"),
    ("0", "Not at all: it ends now"),
];

/// The form; or, when it was accepted, the new secret.
pub fn show(visit: Visit) -> AnyView {
    let key = visit.param("key").to_owned();
    pages::load(visit, |team| load_key(team.slug, key), page)
}

fn page(visit: Visit, team: TeamCard, key: KeyRow) -> AnyView {
    let mut heading = Heading::named(&visit, "Rotate");
    let path = team.path(&format!("/keys/{}", key.id));
    heading.above.push((key.name.clone(), path.clone()));
    let content = match visit.page.revealed.clone() {
        Some(Revealed::Key(new)) => revealed(&team, new),
        _ => match hindrance(&key) {
            Some(why) => view! {
                <PageHead title=format!("{} cannot be rotated", key.name) lead=why/>
                <p><a class="btn btn-primary" href=path>"Back to the key"</a></p>
            }
            .into_any(),
            None => form(&visit, &team, &key, path),
        },
    };
    view! { <Frame visit team=Some(team) heading>{content}</Frame> }.into_any()
}

/// Why there is nothing to choose.
fn hindrance(key: &KeyRow) -> Option<&'static str> {
    let overlaps = key.previous.as_ref().is_some_and(|previous| previous.works);
    match key.state {
        KeyState::Revoked => Some("It was revoked. Create another key."),
        KeyState::Ended => Some("It has ended, and a new secret would end with it."),
        _ if overlaps => Some("It has two secrets already. End the old one first."),
        _ => None,
    }
}

fn form(visit: &Visit, team: &TeamCard, key: &KeyRow, path: String) -> AnyView {
    let form = Form::of(visit, "/do/key/rotate");
    let overlap = form.field("overlap", "The old secret works").preset("24").first(&form);
    let overlap = overlap.choose(&OVERLAPS);
    let hours = form.field("hours", "Hours").kind(Kind::Number);
    let hours =
        hours.help(format!("Only for as many hours as you say: 0 to {OVERLAP_HOURS_MOST}.")).view();
    let (slug, id) = (team.slug.clone(), key.id.to_string());
    view! {
        <PageHead
            title=format!("Rotate {}?", key.name)
            lead="The key gets a new secret, shown once on the next page. Name, scopes, limits and \
                  end stay. Both secrets work until the overlap ends, so that whoever uses the key \
                  has time to change."
        />
        <PostForm form class="grid max-w-[38rem] gap-5">
            <Hidden name="team" value=slug/>
            <Hidden name="key" value=id/>
            <div class="grid items-start gap-5 sm:grid-cols-2">{overlap} {hours}</div>
            <div class="flex flex-wrap gap-2">
                <a class="btn" href=path>"Keep the secret"</a>
                <Submit label="Rotate key" class="btn btn-primary"/>
            </div>
        </PostForm>
    }
    .into_any()
}

fn revealed(team: &TeamCard, key: RevealedKey) -> AnyView {
    let team = team.clone();
    view! {
        <PageHead title=format!("New secret of {}", key.name)/>
        <RevealKey team key/>
    }
    .into_any()
}
