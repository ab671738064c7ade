//! What became of a team: each stage with its time, and the certificate. Whoever has the link from the
//! letter sees it. Sessions would be no proof: who was an owner stands nowhere any more. While the deletion
//! goes on, its owners see the same instead of their team's pages.

use super::link;
use crate::{
    actions::deletion::{load_deletion_card, load_deletion_stages},
    components::bare::Bare,
    format::{As, Time},
    islands::copy::Copy,
    pages::failure,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Failure,
    deletion::{DeletionCard, StageRow},
    security::Bar,
    team::TeamCard,
};

/// The stages.
pub fn show(visit: Visit) -> AnyView {
    link::open(visit, load_deletion_card, page, ("/", "Go to Probity"))
}

/// The stages of a team that nobody gets into any more, for one of its owners.
pub fn show_going(visit: Visit, team: TeamCard) -> AnyView {
    Suspend::new(async move {
        match load_deletion_stages(team.slug).await {
            Ok(card) => going(visit, &team.name, card),
            // It was done between two looks.
            Err(Failure::NotFound) => failure::show(visit, Failure::Barred(Bar::Closed)),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn going(visit: Visit, name: &str, card: DeletionCard) -> AnyView {
    let lead = format!(
        "Nobody gets into {name} any more, and there is no way back. When it is done, each owner gets a letter \
         with the signed certificate and a link to these stages. Keep it: who was an owner is then kept nowhere."
    );
    let again = visit.address.clone();
    view! {
        <Bare visit title="This team is being deleted" lead>
            {stages(&card)}
            <p class="mt-8 flex flex-wrap gap-2">
                <a class="btn btn-primary" href=again>"Look again"</a>
                <a class="btn" href="/account">"Go to your account"</a>
            </p>
        </Bare>
    }
    .into_any()
}

fn page(visit: Visit, token: String, card: DeletionCard) -> AnyView {
    let stages = stages(&card);
    let certificate = card.certificate.map(|line| certificate(&token, line));
    let lead = format!("The team {}.", card.team);
    view! {
        <Bare visit title="Deletion of a team" lead>
            {stages}
            {certificate}
        </Bare>
    }
    .into_any()
}

fn stages(card: &DeletionCard) -> AnyView {
    let stages = card.stages.iter().cloned().map(stage).collect_view();
    view! { <ol class="stops mt-8">{stages}</ol> }.into_any()
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

fn certificate(token: &str, line: String) -> AnyView {
    let href = format!("/deleted/{token}/{}", model::deletion::CERTIFICATE);
    view! {
        <h2 class="mt-8 text-lg font-[620]">"Certificate"</h2>
        <p class="mt-1 text-ink-2">
            "Signed by this Probity. Keep it: anybody can check it " 
            <a class="link" href="/verify">"here"</a> ", or with "
            <code class="wrap-anywhere">"probity certificate verify FILE"</code> "."
        </p>
        <pre class="mt-3 max-h-60 overflow-y-auto border border-line bg-sheet p-3 text-xs whitespace-pre-wrap wrap-anywhere" tabindex="0">
            {line.clone()}
        </pre>
        <div class="mt-3 flex flex-wrap gap-2">
            <a class="btn btn-sm" href=href download rel="external">"Download the certificate"</a>
            <Copy text=line label="Copy the certificate" class="btn btn-sm"/>
        </div>
    }
    .into_any()
}
