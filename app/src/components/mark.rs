//! Marks: Probity's own seal, and the proof mark for what was verified.

use crate::{
    format::{As, Time},
    server,
};
use leptos::prelude::*;
use model::audit::{ChainProof, LedgerMark, MarkState};

/// The milled edge of the brand's seal: 24 teeth on a 20 x 20 ground.
const TEETH: &str = "M10 2V.1M12.07 2.27l.49-1.83M14 3.07l.95-1.64M15.66 4.34L17 3M16.93 6l1.64-.95\
M17.73 7.93l1.83-.49M18 10h1.9M17.73 12.07l1.83.49M16.93 14l1.64.95M15.66 15.66L17 17M14 16.93\
l.95 1.64M12.07 17.73l.49 1.83M10 18v1.9M7.93 17.73l-.49 1.83M6 16.93l-.95 1.64M4.34 15.66L3 17\
M3.07 14l-1.64.95M2.27 12.07l-1.83.49M2 10H.1M2.27 7.93L.44 7.44M3.07 6L1.43 5.05M4.34 4.34L3 3\
M6 3.07L5.05 1.43M7.93 2.27L7.44.44";

/// Twelve teeth: the ring of a proof mark.
const RING: &str = "M10 2.3v-2M13.85 3.33l1-1.73M16.67 6.15l1.73-1M17.7 10h2M16.67 13.85l1.73 1\
M13.85 16.67l1 1.73M10 17.7v2M6.15 16.67l-1 1.73M3.33 13.85l-1.73 1M2.3 10h-2M3.33 6.15l-1.73-1\
M6.15 3.33l-1-1.73";

/// Seven of twelve teeth: a ring that was cut, and the five that are missing.
const CUT: &str = "M17.44 8.01l1.93-.52M17.44 11.99l1.93.52M15.44 15.44l1.42 1.42M11.99 17.44\
l.52 1.93M8.01 17.44l-.52 1.93M4.56 15.44l-1.42 1.42M2.56 11.99l-1.93.52";
const MISSING: &str = "M2.56 8.01L.63 7.49M4.56 4.56L3.14 3.14M8.01 2.56L7.49.63\
M11.99 2.56l.52-1.93M15.44 4.56l1.42-1.42";

/// Four teeth that are left of twelve, and the eight that ran down.
const LEFT: &str = "M10 2.3v-2M13.85 3.33l1-1.73M16.67 6.15l1.73-1M17.7 10h2";
const SPENT: &str = "M16.67 13.85l1.73 1M13.85 16.67l1 1.73M10 17.7v2M6.15 16.67l-1 1.73\
M3.33 13.85l-1.73 1M2.3 10h-2M3.33 6.15l-1.73-1M6.15 3.33l-1-1.73";

/// Probity's seal.
#[component]
pub fn Seal(class: &'static str) -> impl IntoView {
    view! {
        <svg class=class viewBox="0 0 20 20" aria-hidden="true">
            <path d=TEETH stroke="currentColor" stroke-width="0.9"></path>
            <circle cx="10" cy="10" r="6.6" fill="currentColor"></circle>
            <path d="M6.9 8.7h6.2M6.9 11.5h6.2" stroke="var(--color-paper)" stroke-width="1.5">
            </path>
        </svg>
    }
    .into_any()
}

/// The mark for a chain of records that was checked in this request: proven, or broken and where.
#[component]
pub fn ChainMark(proof: ChainProof) -> impl IntoView {
    match proof.broken_at {
        None => {
            let words = if proof.from == proof.to {
                format!("Record {} fits its chain", proof.to)
            } else {
                format!("Chain unbroken from {} to {}", proof.from, proof.to)
            };
            view! {
                <span class="proof proof-proven">
                    <Proven/>
                    {words}
                </span>
            }
            .into_any()
        }
        Some(seq) => view! {
            <span class="proof proof-broken">
                <Broken/>
                {format!("Broken at record {seq}: it does not fit its chain. Tell your operator.")}
            </span>
        }
        .into_any(),
    }
}

/// The mark for a whole ledger: what the walk of its chain found, and when.
#[component]
pub fn LedgerSeal(mark: LedgerMark) -> AnyView {
    let proof = match mark.state {
        MarkState::Proven => Proof::Proven,
        MarkState::Stale => Proof::Stale,
        MarkState::Broken => Proof::Broken,
        MarkState::Unknown => Proof::Unknown,
    };
    let at = mark.proven_at.clone();
    let when =
        (!at.is_empty()).then(|| view! { ", " <Time at=at now=server::now() worded=As::Ago/> });
    let to = match mark.proven_to == mark.head {
        true => format!("Proven up to record {}, the last one", mark.proven_to),
        false => format!("Proven up to record {} of {}", mark.proven_to, mark.head),
    };
    let words = match (mark.state, mark.flaw) {
        (MarkState::Broken, Some((seq, flaw))) => view! {
            {format!("Broken at record {seq}: {}. Tell your operator.", flaw.title())}
        }
        .into_any(),
        (MarkState::Proven, _) => view! { {to} {when} }.into_any(),
        (MarkState::Stale, _) => view! {
            {to} {when} {". Checking has stopped since: tell your operator."}
        }
        .into_any(),
        _ => "Not proven yet: new records are checked within a minute.".into_any(),
    };
    let removed = (mark.removed_to > 0)
        .then(|| format!(". Records up to {} were removed: they were too old", mark.removed_to));
    view! { <span class=proof.class()>{proof.draw()} <span>{words} {removed}</span></span> }
        .into_any()
}

/// The four states of what can be proven. The words beside it are the page's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    Proven,
    /// It was proven, too long ago.
    Stale,
    Broken,
    Unknown,
}

impl Proof {
    /// The class of the words beside the mark.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Proven => "proof proof-proven",
            Self::Stale => "proof proof-stale",
            Self::Broken => "proof proof-broken",
            Self::Unknown => "proof proof-unknown",
        }
    }

    /// The mark alone.
    pub fn draw(self) -> AnyView {
        match self {
            Self::Proven => view! { <Proven/> }.into_any(),
            Self::Stale => view! { <Stale/> }.into_any(),
            Self::Broken => view! { <Broken/> }.into_any(),
            Self::Unknown => view! { <Unknown/> }.into_any(),
        }
    }
}

#[component]
fn Stale() -> impl IntoView {
    view! {
        <svg class="mark mark-stale" viewBox="0 0 20 20" aria-hidden="true">
            <path d=LEFT stroke="currentColor" stroke-width="1.5"></path>
            <path d=SPENT stroke="currentColor" stroke-width="1.5" opacity=".3"></path>
            <circle cx="10" cy="10" r="5.3" fill="none" stroke="currentColor" stroke-width="1.6">
            </circle>
            <path d="M10 6.9V10l2 1.5" fill="none" stroke="currentColor" stroke-width="1.5"></path>
        </svg>
    }
    .into_any()
}

#[component]
fn Unknown() -> impl IntoView {
    view! {
        <svg class="mark mark-unknown" viewBox="0 0 20 20" aria-hidden="true">
            <circle
                cx="10"
                cy="10"
                r="8.2"
                fill="none"
                stroke="currentColor"
                stroke-width="1.5"
                stroke-dasharray="1.6 2.69"
            ></circle>
            <path d="M7.4 10h5.2" stroke="currentColor" stroke-width="1.6"></path>
        </svg>
    }
    .into_any()
}

#[component]
fn Proven() -> impl IntoView {
    view! {
        <svg class="mark mark-proven" viewBox="0 0 20 20" aria-hidden="true">
            <path d=RING stroke="currentColor" stroke-width="1.5"></path>
            <circle cx="10" cy="10" r="6.1" fill="currentColor"></circle>
            <path
                d="m7.3 10.1 1.9 1.9 3.6-3.9"
                fill="none"
                stroke="var(--color-paper)"
                stroke-width="1.6"
            ></path>
        </svg>
    }
    .into_any()
}

#[component]
fn Broken() -> impl IntoView {
    view! {
        <svg class="mark mark-broken" viewBox="0 0 20 20" aria-hidden="true">
            <path d=CUT stroke="currentColor" stroke-width="1.5"></path>
            <path d=MISSING stroke="currentColor" stroke-width="1.5" opacity=".3"></path>
            <path d="M10 3.4 16.6 10 10 16.6 3.4 10Z" fill="currentColor"></path>
            <path
                d="m8.2 8.2 3.6 3.6m0-3.6-3.6 3.6"
                stroke="var(--color-paper)"
                stroke-width="1.6"
            ></path>
        </svg>
    }
    .into_any()
}
