//! What is done to a key on its own page: ending its old secret, switching it off and on.

use crate::{
    components::{
        facts::{Fact, Facts, Section},
        field::Hidden,
        form::{Form, PostForm},
    },
    format::{As, Time},
    islands::submit::Submit,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Permission,
    key::{KeyRow, KeyState},
    team::TeamCard,
};

/// While it has two of them: which is which, and the way to end the old one.
pub(super) fn secrets(visit: &Visit, team: &TeamCard, key: &KeyRow) -> Option<AnyView> {
    let old = key.previous.clone().filter(|old| old.works)?;
    let now = server::now();
    let form = Form::of(visit, "/do/key/end-overlap");
    let (slug, id, start) = (team.slug.clone(), key.id.to_string(), key.start.clone());
    let end = team.may(Permission::KeysManage).then(|| {
        view! {
            <PostForm form class="mt-4">
                <Hidden name="team" value=slug/>
                <Hidden name="key" value=id/>
                <Submit label="End the old secret now" class="btn btn-danger-line"/>
            </PostForm>
        }
    });
    Some(
        view! {
            <Section id="secrets" title="Two secrets" note="It was rotated; both work.">
                <Facts>
                    <Fact name="New"><code>{start} "…"</code></Fact>
                    <Fact name="Old">
                        <code>{old.start} "…"</code>
                        ", until "
                        <Time at=old.ends_at.clone() now worded=As::Exact/>
                        ", "
                        <Time at=old.ends_at now worded=As::Until/>
                    </Fact>
                </Facts>
                {end}
            </Section>
        }
        .into_any(),
    )
}

/// Off for a while, and on again.
pub(super) fn switch(visit: &Visit, team: &TeamCard, key: &KeyRow) -> Option<AnyView> {
    let (action, label, note) = match key.state {
        KeyState::Working => (
            "/do/key/disable",
            "Switch it off",
            "Every call with it is refused until somebody switches it on.",
        ),
        KeyState::Disabled => {
            ("/do/key/enable", "Switch it on", "It is off. Switched on, it works as before.")
        }
        KeyState::Suspended | KeyState::Ended | KeyState::Revoked => return None,
    };
    if !team.may(Permission::KeysManage) {
        return None;
    }
    let form = Form::of(visit, action);
    let (slug, id) = (team.slug.clone(), key.id.to_string());
    Some(
        view! {
            <Section id="switch" title="Off for a while" note=note>
                <PostForm form>
                    <Hidden name="team" value=slug/>
                    <Hidden name="key" value=id/>
                    <Submit label=label class="btn"/>
                </PostForm>
            </Section>
        }
        .into_any(),
    )
}
