//! Change an API key: what it is called, what it may, and how often.

use super::key::terms;
use crate::{
    actions::key::load_key,
    components::{
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    islands::submit::Submit,
    pages,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    key::{KeyRow, KeyState},
    team::TeamCard,
};

/// The form, filled in.
pub fn show(visit: Visit) -> AnyView {
    let key = visit.param("key").to_owned();
    pages::load(visit, |team| load_key(team.slug, key), page)
}

fn page(visit: Visit, team: TeamCard, key: KeyRow) -> AnyView {
    let mut heading = Heading::named(&visit, "Change");
    let path = team.path(&format!("/keys/{}", key.id));
    heading.above.push((key.name.clone(), path.clone()));
    let content = match key.state {
        KeyState::Revoked => view! {
            <PageHead title="It cannot be changed" lead="It was revoked. Create another key."/>
            <p><a class="btn btn-primary" href=path>"Back to the key"</a></p>
        }
        .into_any(),
        _ => form(&visit, &team, key, path),
    };
    view! { <Frame visit team=Some(team) heading>{content}</Frame> }.into_any()
}

fn form(visit: &Visit, team: &TeamCard, key: KeyRow, path: String) -> AnyView {
    let form = Form::of(visit, "/do/key/update");
    let name = form.field("name", "Name").first(&form);
    let name = match form.value("name") {
        Some(_) => name,
        None => name.filled(key.name.clone()),
    };
    let name = name.view();
    let terms = terms::fields(&form, team, Some(&key));
    let (slug, id) = (team.slug.clone(), key.id.to_string());
    view! {
        <PageHead
            title=format!("Change {}", key.name)
            lead="It holds for the next call. Its secret and its end stay."
        />
        <PostForm form class="grid max-w-[38rem] gap-5">
            <Hidden name="team" value=slug/>
            <Hidden name="key" value=id/>
            {name}
            {terms}
            <div class="flex flex-wrap gap-2">
                <a class="btn" href=path>"Cancel"</a>
                <Submit label="Change the key" class="btn btn-primary"/>
            </div>
        </PostForm>
    }
    .into_any()
}
