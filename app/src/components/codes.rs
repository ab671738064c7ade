//! New recovery codes, shown this one time.

use crate::{
    components::icon::Icon,
    islands::{copy::Copy, download::Download, print::Print, stored::Stored},
};
use leptos::prelude::*;
use model::reveal::RevealedCodes;

/// Ten codes with the ways to keep them. `email` names the account in the file.
#[component]
pub fn RevealCodes(codes: RevealedCodes, email: String) -> AnyView {
    let all = codes.codes.join("\n");
    let file = format!("Recovery codes of {email} at Probity. Each signs in once.\n\n{all}\n");
    let rows = codes
        .codes
        .into_iter()
        .enumerate()
        .map(|(at, code)| {
            view! {
                <li class="flex gap-3">
                    <span class="w-5 text-right text-sm">{at + 1}</span>
                    <code class="select-all">{code}</code>
                </li>
            }
        })
        .collect_view();
    let after = (!codes.after.is_empty()).then(|| view! { <p>{codes.after}</p> });
    view! {
        <section class="grid max-w-[38rem] gap-5" aria-labelledby="codes">
            {after}
            <p class="max-w-[64ch] text-ink-2">
                "Each code signs you in once if you lose your phone. They are stored as hashes, so \
                this is the only time they can be shown."
            </p>
            <div class="reveal print-only-this">
                <h2 class="flex items-center gap-2 text-base font-[620]" id="codes">
                    {Icon::Eye.draw()}
                    "Your recovery codes, shown once"
                </h2>
                <ol class="mt-3 grid gap-x-8 gap-y-1 sm:grid-cols-2">{rows}</ol>
            </div>
            <div class="flex flex-wrap gap-2">
                <Copy text=all label="Copy all" class="btn"/>
                <Download
                    text=file
                    file="probity-recovery-codes.txt"
                    label="Download .txt"
                    class="btn"
                />
                <Print label="Print" class="btn"/>
            </div>
            <Stored
                path="/account/security"
                label="I have stored these codes somewhere other than this device"
            />
            <p><a class="btn btn-primary" href="/account/security">"Go on"</a></p>
        </section>
    }
    .into_any()
}
