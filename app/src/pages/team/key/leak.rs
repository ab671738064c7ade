//! The warning of a key that was found in public.

use crate::{
    components::{
        field::Hidden,
        form::{Form, PostForm},
        icon::Icon,
    },
    format::{As, Time},
    islands::submit::Submit,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{Permission, key::KeyRow, team::TeamCard};

/// Until something was done about it. Where it was found is text, never a link: strangers say it.
pub(super) fn warning(visit: &Visit, team: &TeamCard, key: &KeyRow) -> Option<AnyView> {
    let leak = key.leak.clone()?;
    let now = server::now();
    let place = (!leak.source.is_empty()).then(|| {
        view! {
            " at "
            <code>{leak.source.clone()}</code>
        }
    });
    let form = Form::of(visit, "/do/key/dismiss-leak");
    let (slug, id) = (team.slug.clone(), key.id.to_string());
    let dismiss = team.may(Permission::KeysManage).then(|| {
        view! {
            <PostForm form class="max-lg:col-span-full max-lg:pb-3">
                <Hidden name="team" value=slug/>
                <Hidden name="key" value=id/>
                <Submit label="Dismiss" class="btn"/>
            </PostForm>
        }
    });
    Some(
        view! {
            <section class="banner banner-broken mb-8" aria-label="Found in public">
                <p class="banner-flag">{Icon::Alert.draw()}</p>
                <div class="min-w-0 py-3">
                    <p class="font-[620]">"Found where others can read it"</p>
                    <p class="wrap-anywhere">
                        {leak.by.title()} " found this key" {place} " on "
                        <Time at=leak.at now worded=As::Date/>
                        ". Rotate it and end its old secret at once. To remove it from there is \
                         not enough: copies remain."
                    </p>
                </div>
                {dismiss}
            </section>
        }
        .into_any(),
    )
}
