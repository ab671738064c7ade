//! Set up two-step sign-in: scan, confirm one code, store the recovery codes.

use crate::{
    actions::security::load_totp,
    components::{
        account::AccountPage,
        codes::RevealCodes,
        field::Kind,
        form::{Form, PostForm},
    },
    islands::{copy::Copy, submit::Submit},
    pages::failure,
    viewer::{Revealed, Visit},
};
use leptos::prelude::*;
use model::reveal::TotpOffer;

/// Where on the line the viewer stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    App,
    Codes,
}

/// The square to scan; afterwards the codes to keep.
pub fn show(visit: Visit) -> AnyView {
    if let Some(Revealed::Codes(codes)) = visit.page.revealed.clone() {
        let email = visit.page.viewer.as_ref().map(|viewer| viewer.email.clone());
        let content = view! { <RevealCodes codes email=email.unwrap_or_default()/> }.into_any();
        return page(visit, "Save your recovery codes", Stop::Codes, content);
    }
    Suspend::new(async move {
        match load_totp().await {
            Ok(Some(offer)) => {
                let content = scan(&visit, offer);
                page(visit, "Set up two-step sign-in", Stop::App, content)
            }
            Ok(None) => {
                let content = begin(&visit);
                page(visit, "Set up two-step sign-in", Stop::App, content)
            }
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn page(visit: Visit, title: &'static str, stop: Stop, content: AnyView) -> AnyView {
    let lead = match stop {
        Stop::App => {
            "A code from your phone is asked on every way in: password, reset link and \
             invitation. Nothing changes until the first code is accepted."
        }
        Stop::Codes => "The last step.",
    };
    view! {
        <AccountPage visit title lead>
            <div class="grid gap-x-20 gap-y-8 lg:grid-cols-[15rem_minmax(0,1fr)]">
                <Line stop/>
                <div class="min-w-0">{content}</div>
            </div>
        </AccountPage>
    }
    .into_any()
}

#[component]
fn Line(stop: Stop) -> AnyView {
    let (app, codes) = match stop {
        Stop::App => ("now", ""),
        Stop::Codes => ("done", "now"),
    };
    let current = |state: &str| (state == "now").then_some("step");
    view! {
        <nav aria-label="Progress">
            <ol class="stops">
                <li class="done">
                    <span class="font-[620]">"Confirmed that it is you"</span>
                </li>
                <li class=app aria-current=current(app)>
                    <span class="font-[620]">"Authenticator app"</span>
                    <span class="text-sm text-ink-2">"Scan, then confirm one code"</span>
                </li>
                <li class=codes aria-current=current(codes)>
                    <span class="font-[620]">"Recovery codes"</span>
                    <span class="text-sm text-ink-2">"10 codes, shown once"</span>
                </li>
            </ol>
        </nav>
    }
    .into_any()
}

/// No secret is on offer: it was confirmed, or is too old.
fn begin(visit: &Visit) -> AnyView {
    let form = Form::of(visit, "/do/totp/begin");
    view! {
        <p class="mb-4">"A square is good for an hour. There is none now."</p>
        <PostForm form class="flex flex-wrap gap-2">
            <a class="btn" href="/account/security">"Back to security"</a>
            <Submit label="Show a new square" class="btn btn-primary"/>
        </PostForm>
    }
    .into_any()
}

fn scan(visit: &Visit, offer: TotpOffer) -> AnyView {
    let form = Form::of(visit, "/do/totp/confirm");
    let code = form.field("code", "2. Enter the code it shows").kind(Kind::Code).otp();
    let code = code.autocomplete("one-time-code").help("Six digits. A code works once.");
    // The focus stays above: on a phone it would scroll past the square.
    let code = code.view();
    let bare: String = offer.secret.split(' ').collect();
    view! {
        <div class="grid gap-8 border-t-[1.5px] border-ink pt-6 sm:grid-cols-[auto_minmax(0,1fr)]">
            <Square size=offer.size path=offer.path/>
            <div class="grid content-start gap-5">
                <div>
                    <h2 class="sect-title">"1. Scan the square"</h2>
                    <p class="mt-1 text-ink-2">
                        "Open any authenticator app, choose “add account”, point the camera here."
                    </p>
                </div>
                <div>
                    <p class="text-ink-2">"No camera? Type this secret instead."</p>
                    <div class="mt-1.5 flex flex-wrap items-center gap-2">
                        <code class="rounded-xs border border-line bg-sheet px-2 py-1 text-base">
                            {offer.secret}
                        </code>
                        <Copy text=bare label="Copy secret" class="btn btn-sm"/>
                    </div>
                    <p class="mt-1.5 text-sm text-ink-3">"Time based, 6 digits, 30 seconds"</p>
                </div>
            </div>
        </div>
        <PostForm form class="mt-8 grid max-w-form gap-4 border-t border-line pt-6">
            {code}
            <div><Submit label="Confirm code" class="btn btn-primary btn-lg"/></div>
        </PostForm>
    }
    .into_any()
}

/// Always black on white, with three modules of quiet around it: cameras want that.
#[component]
fn Square(size: usize, path: String) -> AnyView {
    let side = size + 6;
    let label = "QR code for your authenticator app. The same secret is written as text beside it.";
    view! {
        <svg
            class="size-[12.5rem] border border-line"
            viewBox=format!("-3 -3 {side} {side}")
            shape-rendering="crispEdges"
            role="img"
            aria-label=label
        >
            <rect x="-3" y="-3" width=side height=side fill="white"></rect>
            <path d=path fill="black"></path>
        </svg>
    }
    .into_any()
}
