//! Checks an export in the browser. Nothing is sent.

use super::awake;
use crate::components::{icon::Icon, mark::Proof};
use js_sys::Uint8Array;
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{
    deletion::{self, Checked},
    ledger::{Evidence, Paper, PublicKey, Report, Verdict, Verifier},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FileList};

/// Bytes that are read at once: between two pieces the page can be used.
const PIECE: f64 = 1_048_576.0;

/// Bytes of a letter with a certificate at most.
const CERTIFICATE: f64 = 1_048_576.0;

const NO_RECORDS: &str =
    "None of these is a file of records. Choose the exported file, and its manifest with it.";
const MANY_RECORDS: &str =
    "These are several files of records. Check one at a time, with its manifest.";
const UNREADABLE: &str = "A file could not be read. Choose the files again.";
const NO_KEY: &str = "A key has 64 hexadecimal digits. Leave it out to see who signed.";

/// What the check is at.
#[derive(Clone, PartialEq)]
enum Stage {
    Waiting,
    /// How much of the file is read, in hundredths.
    Reading(f64),
    Done(Box<Report>),
    /// It was a certificate of a deleted team.
    Certified(Checked),
    Refused(&'static str),
}

/// The place for files, and what they are. `key` is the one that is trusted unless another is typed. A third
/// of the browser's program, and of this page only: released builds load it here and nowhere else.
#[cfg_attr(feature = "split", island(lazy))]
#[cfg_attr(not(feature = "split"), island)]
pub fn Verify(#[prop(into)] key: String) -> impl IntoView {
    let awake = awake();
    let trusted = RwSignal::new(key.clone());
    let stage = RwSignal::new(Stage::Waiting);
    // Each choice of files has a number; one that is not the latest is given up.
    let round = RwSignal::new(0_u32);
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let begin = move |files: Option<FileList>| {
        let files = files.map(|files| (0..files.length()).filter_map(|at| files.get(at)).collect());
        let files: Vec<File> = files.unwrap_or_default();
        if files.is_empty() {
            return;
        }
        round.update(|round| *round += 1);
        let (mine, typed) = (round.get_untracked(), trusted.get_untracked());
        let told = move |at: Stage| {
            let is_latest = round.get_untracked() == mine;
            if is_latest {
                stage.set(at);
            }
            is_latest
        };
        spawn_local(async move {
            let end = check(files, &typed, told).await;
            told(end.unwrap_or_else(Stage::Refused));
        });
    };
    let chosen = move |_| begin(input.get().and_then(|input| input.files()));
    let dropped = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        begin(event.data_transfer().and_then(|dropped| dropped.files()));
    };
    let hover = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let cancel = move |_| {
        round.update(|round| *round += 1);
        stage.set(Stage::Waiting);
    };
    let place = move || match over.get() {
        true => "drop drop-over",
        false => "drop",
    };
    view! {
        <p class="mt-8 text-ink-2" hidden=move || awake.get()>
            "This page needs JavaScript to check files here."
        </p>
        <div class="mt-8 grid gap-5" hidden=move || !awake.get()>
            <label
                class=place
                on:dragover=hover
                on:dragleave=move |_| over.set(false)
                on:drop=dropped
            >
                <span class="font-[560]">"Drop the exported file and its manifest here"</span>
                <span class="text-sm text-ink-2">"and files of checkpoints, if you kept any; or the certificate of a deleted team"</span>
                <span class="btn mt-2">"Choose files"</span>
                <input class="sr-only" type="file" multiple=true node_ref=input on:change=chosen/>
            </label>
            {key_field(trusted)}
            <div aria-live="polite">{move || shown(stage.get(), cancel)}</div>
        </div>
    }
}

fn key_field(trusted: RwSignal<String>) -> impl IntoView {
    view! {
        <div class="field">
            <label class="label" for="trusted">"The key you trust"</label>
            <input
                class="input font-mono"
                id="trusted"
                autocomplete="off"
                spellcheck="false"
                prop:value=move || trusted.get()
                on:input=move |event| trusted.set(event_target_value(&event))
            />
            <p class="help">
                "This Probity’s, unless you put in another. Left empty, you are told who signed."
            </p>
        </div>
    }
}

fn shown(stage: Stage, cancel: impl Fn(ev::MouseEvent) + 'static) -> AnyView {
    match stage {
        Stage::Waiting => ().into_any(),
        Stage::Reading(part) => view! {
            <progress class="meter" max="100" value=part.to_string() aria-label="Read"></progress>
            <button class="btn btn-sm mt-3" type="button" on:click=cancel>"Cancel"</button>
        }
        .into_any(),
        Stage::Refused(why) => view! { <p class="refused">{why}</p> }.into_any(),
        Stage::Done(report) => told(&report),
        Stage::Certified(checked) => certified(checked),
    }
}

/// What a certificate is worth, and what it says.
fn certified(Checked { is_signed, verdict, said }: Checked) -> AnyView {
    let proof = if is_signed { Proof::Proven } else { Proof::Broken };
    let name = if is_signed { "Proven" } else { "Broken" };
    let said = said.into_iter().map(|line| view! { <li class="wrap-anywhere">{line}</li> });
    let said = said.collect_view();
    view! {
        <div class="border-t-[1.5px] border-ink pt-4" data-verdict=name>
            <p class=format!("{} !whitespace-normal text-md", proof.class())>
                {proof.draw()} <span>{verdict}</span>
            </p>
            <ul class="mt-3 grid gap-2">{said}</ul>
        </div>
    }
    .into_any()
}

/// The verdict, and what it stands on.
fn told(report: &Report) -> AnyView {
    let verdict = report.verdict();
    let proof = match verdict {
        Verdict::Proven => Proof::Proven,
        Verdict::Unsigned => Proof::Unknown,
        Verdict::Broken => Proof::Broken,
    };
    let faults = report.faults().into_iter().map(|fault| {
        view! { <li class="flex gap-2"><span>{Icon::Alert.draw_with("icon mt-1")}</span> {fault}</li> }
    });
    let faults = faults.collect_view();
    let notes = report.notes.clone().into_iter();
    let notes = notes.map(|note| view! { <p class="mt-3">{note}</p> }).collect_view();
    let signer = report.signer().map(|signer| {
        view! { <p class="mt-3 text-sm wrap-anywhere text-ink-2">{signer}</p> }
    });
    view! {
        <div class="border-t-[1.5px] border-ink pt-4" data-verdict=format!("{verdict:?}")>
            <p class=format!("{} !whitespace-normal text-md", proof.class())>
                {proof.draw()} <span>{verdict.sentence()}</span>
            </p>
            <ul class="mt-3 grid gap-2">{faults}</ul>
            <p class="mt-3 wrap-anywhere">{report.about()} "."</p>
            {notes}
            {signer}
        </div>
    }
    .into_any()
}

/// Reads the files; `told` is asked whether anybody still wants to know.
async fn check(
    files: Vec<File>,
    typed: &str,
    told: impl Fn(Stage) -> bool,
) -> Result<Stage, &'static str> {
    let key: Option<PublicKey> = match typed.trim() {
        "" => None,
        typed => Some(typed.to_lowercase().parse().map_err(|_| NO_KEY)?),
    };
    told(Stage::Reading(0.0));
    let (mut evidence, mut records) = (Evidence::new(key), Vec::new());
    for file in files {
        if file.size() <= CERTIFICATE {
            let text = bytes(&file, 0.0, file.size()).await?;
            if let Some(checked) = deletion::check(&String::from_utf8_lossy(&text), key) {
                return Ok(Stage::Certified(checked));
            }
        }
        match Paper::of(&bytes(&file, 0.0, 64.0).await?) {
            Paper::Records => records.push(file),
            Paper::Evidence => {
                let text = bytes(&file, 0.0, file.size()).await?;
                evidence.read(&String::from_utf8_lossy(&text));
            }
        }
    }
    let file = match &records[..] {
        [] => return Err(NO_RECORDS),
        [file] => file,
        _ => return Err(MANY_RECORDS),
    };
    let (mut verifier, mut at, size) = (Verifier::new(evidence), 0.0, file.size());
    while at < size {
        verifier.read(&bytes(file, at, at + PIECE).await?);
        at += PIECE;
        if !told(Stage::Reading((100.0 * at / size).min(100.0).round())) {
            return Ok(Stage::Waiting);
        }
    }
    Ok(Stage::Done(Box::new(verifier.finish())))
}

/// A piece of a file.
async fn bytes(file: &Blob, from: f64, to: f64) -> Result<Vec<u8>, &'static str> {
    let piece = file.slice_with_f64_and_f64(from, to.min(file.size())).map_err(|_| UNREADABLE)?;
    let buffer = JsFuture::from(piece.array_buffer()).await.map_err(|_| UNREADABLE)?;
    Ok(Uint8Array::new(&buffer.unchecked_into()).to_vec())
}
