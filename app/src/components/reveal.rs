//! A secret, shown this one time.

use crate::{
    components::{
        facts::{Fact, Facts},
        icon::Icon,
    },
    format::{As, Time},
    islands::{copy::Copy, download::Download, stored::Stored},
    server,
};
use leptos::prelude::*;
use model::{reveal::RevealedKey, team::TeamCard};

/// The new key, with what is known about it and the way on.
#[component]
pub fn RevealKey(team: TeamCard, key: RevealedKey) -> AnyView {
    let now = server::now();
    let env = format!("PROBITY_KEY={}\n", key.secret);
    let file = format!("{}.env", file_name(&key.name));
    let record = team.path(&format!("/audit/{}", key.record));
    let ends = match key.expires_at {
        Some(at) => view! {
            <Time at=at.clone() now worded=As::Date/>
            ", "
            <Time at now worded=As::Until/>
        }
        .into_any(),
        None => "never".into_any(),
    };
    let action = if key.replaces.is_some() { " key.rotate" } else { " key.create" };
    let replaced = key.replaces.map(|old| {
        view! {
            <p class="text-ink-2">
                "The old secret "
                <code>{old.start} "…"</code>
                " works until "
                <Time at=old.ends_at now worded=As::Exact/>
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
                <code class="mt-2 block select-all">{key.secret.clone()}</code>
                <div class="mt-3 flex flex-wrap gap-2">
                    <Copy text=key.secret label="Copy key" class="btn btn-on-signal"/>
                    <Download text=env file label="Download .env" class="btn btn-line-signal"/>
                </div>
            </div>
            {replaced}
            <Facts>
                <Fact name="Name">{key.name}</Fact>
                <Fact name="Environment">{key.environment.name()}</Fact>
                <Fact name="Ends">{ends}</Fact>
                <Fact name="In the record as">
                    <a class="link" href=record>
                        <code>{key.record}</code>
                        {action}
                    </a>
                </Fact>
            </Facts>
            <Stored path=team.path("/keys") label="I have stored this key"/>
            <div class="flex flex-wrap gap-2">
                <a class="btn btn-primary" href=team.path(&format!("/keys/{}", key.id))>
                    "Verify it with curl"
                </a>
                <a class="btn btn-quiet" href=team.path("/keys")>"All keys"</a>
            </div>
        </section>
    }
    .into_any()
}

/// A name that every file system takes.
fn file_name(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' };
    name.chars().map(safe).collect()
}
