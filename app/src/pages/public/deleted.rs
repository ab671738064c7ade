//! What became of a team: each stage with its time, and the certificate. Whoever has the link from the
//! letter sees it. Sessions would be no proof: who was an owner stands nowhere any more.

use super::link;
use crate::{
    actions::deletion::load_deletion_card,
    components::bare::Bare,
    format::{As, Time},
    islands::copy::Copy,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::deletion::{DeletionCard, StageRow};

/// The stages.
pub fn show(visit: Visit) -> AnyView {
    link::open(visit, load_deletion_card, page, ("/", "Go to Probity"))
}

fn page(visit: Visit, _: String, card: DeletionCard) -> AnyView {
    let stages = card.stages.iter().cloned().map(stage).collect_view();
    let certificate = card.certificate.map(certificate);
    let lead = format!("The team {}.", card.team);
    view! {
        <Bare visit title="Deletion of a team" lead>
            <ol class="stops mt-8">{stages}</ol>
            {certificate}
        </Bare>
    }
    .into_any()
}

fn stage(StageRow { stage, at }: StageRow) -> AnyView {
    let class = if at.is_some() { "done" } else { "" };
    let at = match at {
        Some(at) => view! { <Time at now=server::now() worded=As::Exact/> }.into_any(),
        None => "not yet".into_any(),
    };
    view! {
        <li class=class>
            <span class="font-[560]">{stage.title()}</span>
            <span class="text-sm text-ink-2">{at}</span>
        </li>
    }
    .into_any()
}

fn certificate(line: String) -> AnyView {
    view! {
        <h2 class="mt-8 text-lg font-[620]">"Certificate"</h2>
        <p class="mt-1 text-ink-2">
            "Signed by this Probity. Save it as a file: anybody can check it " 
            <a class="link" href="/verify">"here"</a> ", or with "
            <code class="wrap-anywhere">"probity certificate verify FILE"</code> "."
        </p>
        <pre class="mt-3 max-h-60 overflow-y-auto border border-line bg-sheet p-3 text-xs whitespace-pre-wrap wrap-anywhere" tabindex="0">
            {line.clone()}
        </pre>
        <div class="mt-3">
            <Copy text=line label="Copy the certificate" class="btn btn-sm"/>
        </div>
    }
    .into_any()
}
