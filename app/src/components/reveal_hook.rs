//! What a stream is signed with, shown this one time.

use crate::{
    components::icon::Icon,
    format::{As, Time},
    islands::{copy::Copy, stored::Stored},
    server,
};
use leptos::prelude::*;
use model::{reveal::RevealedHook, team::TeamCard};

/// The new secret, and the way on.
#[component]
pub fn RevealHook(team: TeamCard, hook: RevealedHook) -> AnyView {
    let page = team.path(&format!("/audit/streams/{}", hook.id));
    let overlap = hook.overlaps_until.map(|at| {
        view! {
            <p class="text-ink-2">
                "Deliveries carry the old signature as well until "
                <Time at=at now=server::now() worded=As::Exact/>
                "."
            </p>
        }
    });
    view! {
        <section class="grid max-w-[38rem] gap-5" aria-labelledby="revealed">
            <div class="reveal">
                <h2 class="flex items-center gap-2 text-base font-[620]" id="revealed">
                    {Icon::Eye.draw()}
                    "Shown once. Copy it before you go on."
                </h2>
                <code class="mt-2 block select-all">{hook.secret.clone()}</code>
                <div class="mt-3 flex flex-wrap gap-2">
                    <Copy text=hook.secret label="Copy secret" class="btn btn-on-signal"/>
                </div>
            </div>
            {overlap}
            <p class="max-w-[64ch] text-ink-2">
                "Each delivery is signed with it, as Standard Webhooks says: whoever takes it in can be sure \
                 that it came from here."
            </p>
            <Stored path=page.clone() label="I have stored this secret"/>
            <div class="flex flex-wrap gap-2">
                <a class="btn btn-primary" href=page>"To the stream"</a>
            </div>
        </section>
    }
    .into_any()
}
