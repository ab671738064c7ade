//! Revoke an API key: what it means, then the choice, the safe one first.

use super::keys::used;
use crate::{
    actions::key::load_key,
    components::{
        facts::{Fact, Facts},
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    format,
    islands::submit::Submit,
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    key::{KeyRow, KeyState, bounds::IN_USE_DAYS},
    team::TeamCard,
};
use time::{Duration, OffsetDateTime};

/// The question.
pub fn show(visit: Visit) -> AnyView {
    let key = visit.param("key").to_owned();
    pages::load(visit, |team| load_key(team.slug, key), page)
}

fn page(visit: Visit, team: TeamCard, key: KeyRow) -> AnyView {
    let mut heading = Heading::named(&visit, "Revoke");
    let path = team.path(&format!("/keys/{}", key.id));
    heading.above.push((key.name.clone(), path.clone()));
    let code = KeyState::Revoked.code().name();
    if key.state == KeyState::Revoked {
        return view! {
            <Frame visit team=Some(team) heading>
                <PageHead
                    title=format!("{} is revoked already", key.name)
                    lead=format!("It is refused with {code}. There is nothing left to do.")
                />
                <p><a class="btn btn-primary" href=path>"Back to the key"</a></p>
            </Frame>
        }
        .into_any();
    }
    let form = Form::of(&visit, "/do/key/revoke");
    let title = format!("Revoke {}?", key.name);
    let name = in_use(&key, server::now()).then(|| {
        let help = format!("It was used within a week. Type {} to go on.", key.name);
        form.field("name", "Its name").help(help).view()
    });
    let id = key.id.to_string();
    let slug = team.slug.clone();
    view! {
        <Frame visit team=Some(team) heading>
            <div class="max-w-[38rem] border-t-[5px] border-danger pt-4">
                <PageHead
                    title
                    lead=format!(
                        "From that moment every call with it is refused with {code}. Nobody can \
                         bring it back, including us."
                    )
                />
                {consequences(&key)}
                <PostForm form class="mt-6 grid gap-5">
                    <Hidden name="team" value=slug/>
                    <Hidden name="key" value=id/>
                    {name}
                    <div class="flex flex-wrap gap-2">
                        <a class="btn" href=path>"Keep the key"</a>
                        <Submit label="Revoke for good" class="btn btn-danger"/>
                    </div>
                </PostForm>
            </div>
        </Frame>
    }
    .into_any()
}

/// Whether somebody would notice today.
fn in_use(key: &KeyRow, now: OffsetDateTime) -> bool {
    let used = key.last_used_at.as_deref().and_then(format::moment);
    used.is_some_and(|at| now - at < Duration::days(IN_USE_DAYS))
}

/// Who would notice.
fn consequences(key: &KeyRow) -> AnyView {
    let now = server::now();
    let used = used(key, now, "never; nobody will notice");
    let start = key.start.clone();
    let calls = format::count(key.calls_24h);
    view! {
        <Facts>
            <Fact name="Key"><code>{start} "…"</code></Fact>
            <Fact name="Last used">{used}</Fact>
            <Fact name="Calls, last 24 h">{calls}</Fact>
        </Facts>
    }
    .into_any()
}
