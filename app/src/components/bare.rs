//! The frame of pages for nobody in particular: the form left, the engraving right.

use crate::{
    components::{frame::TabTitle, guilloche::Guilloche, mark::Seal, notice::Toast},
    viewer::Visit,
};
use leptos::prelude::*;

/// A public page: seal, title, content; beside it the engraved panel on wide screens.
#[component]
pub fn Bare(
    visit: Visit,
    title: &'static str,
    #[prop(into)] lead: String,
    children: Children,
) -> AnyView {
    let frame = "flex min-h-dvh min-w-0 flex-col border-signal px-6 py-8 max-lg:border-t-8 \
                 sm:px-12 lg:ps-20";
    view! {
        <TabTitle title team=None/>
        <div class="bare">
            <a class="skip" href="#main">"Skip to content"</a>
            <div class="grid min-h-dvh lg:grid-cols-2">
                <div class=frame>
                    <header>
                        <a
                            href="/"
                            class="flex w-fit items-center gap-2 text-lg font-[640] tracking-tight"
                        >
                            <Seal class="size-7 flex-none"/>
                            "Probity"
                        </a>
                    </header>
                    <main id="main" class="my-auto w-full max-w-form py-12" tabindex="-1">
                        <h1 class="text-2xl font-[620]">{title}</h1>
                        <p class="mt-2 text-md wrap-anywhere text-ink-2">{lead}</p>
                        {children()}
                    </main>
                    <footer class="text-sm text-ink-3">"Probity " {visit.page.version}</footer>
                </div>
                <Engraving/>
            </div>
            <Toast flash=visit.page.flash.clone()/>
        </div>
    }
    .into_any()
}

/// What is true of this program, on timetable yellow; ink with yellow lines in the dark.
#[component]
fn Engraving() -> AnyView {
    let panel = "hidden bg-signal text-on-signal lg:sticky lg:top-0 lg:grid lg:h-dvh \
                 lg:grid-rows-[auto_minmax(0,1fr)_auto] dark:bg-well dark:text-signal";
    view! {
        <aside class=panel aria-label="About Probity">
            <div class="p-12 pb-10">
                <p class="max-w-[24ch] text-2xl font-[620]">
                    "Every change is written down, and the record can be checked."
                </p>
                <p class="mt-3 max-w-[46ch] text-md">
                    "Each entry of the audit log carries the hash of the one before it. \
                    Whoever opens the log sees it checked anew."
                </p>
            </div>
            <div class="relative overflow-hidden border-y-[1.5px] border-current">
                <Guilloche/>
            </div>
            <dl class="grid grid-cols-3 gap-x-6 p-12 pt-6 text-base">
                <div>
                    <dt>"API keys"</dt>
                    <dd class="mt-0.5 text-lg font-[620]">"Shown once"</dd>
                </div>
                <div>
                    <dt>"Stored as"</dt>
                    <dd class="mt-0.5 text-lg font-[620]">"SHA-256"</dd>
                </div>
                <div>
                    <dt>"Teams kept apart by"</dt>
                    <dd class="mt-0.5 text-lg font-[620]">"the database"</dd>
                </div>
            </dl>
        </aside>
    }
    .into_any()
}
