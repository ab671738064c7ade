//! How far an export is, asked for again and again.

use super::post;
use crate::format;
use leptos::{prelude::*, serde_json, task::spawn_local};
use model::audit::ExportState;
use serde::Deserialize;
use std::time::Duration;

/// How often it is asked.
const EACH: Duration = Duration::from_secs(1);

/// A bar that fills; when the export has ended, the page is loaded again and says how. Without JavaScript
/// it is as far as it was when the page was made.
#[island]
pub fn Progress(
    #[prop(into)] team: String,
    #[prop(into)] export: String,
    done: i64,
    of: i64,
    /// Where it is asked.
    #[prop(into)]
    door: String,
    /// What is counted, such as "records looked at".
    #[prop(into)]
    what: String,
    /// What is written now; empty where that is one thing only.
    #[prop(into)]
    stage: String,
) -> impl IntoView {
    let (far, part) = (RwSignal::new((done, of)), RwSignal::new(stage));
    let label = what.clone();
    Effect::new(move |_| {
        let form = format!("team={team}&export={export}&query%5Blink%5D=");
        let door = door.clone();
        let ask = move || {
            let (form, door) = (form.clone(), door.clone());
            spawn_local(async move {
                // Asked again in a second, whatever it was.
                let Ok((true, text)) = post(&door, &form).await else { return };
                let Ok(Page { row }) = serde_json::from_str(&text) else { return };
                far.set((row.done_to, row.up_to));
                part.set(row.stage);
                if !row.state.is_open() {
                    let _ = window().location().reload();
                }
            });
        };
        if let Ok(asking) = set_interval(ask, EACH) {
            on_cleanup(move || asking.clear());
        }
    });
    let max = move || far.get().1.max(1).to_string();
    let value = move || far.get().0.to_string();
    let said = move || match far.get() {
        (_, 0) => "Not begun yet".to_owned(),
        (done, of) => {
            let part = part.get();
            let part = if part.is_empty() { part } else { format!("{part}: ") };
            format!("{part}{} of {} {what}", format::count(done), format::count(of))
        }
    };
    view! {
        <div class="grid max-w-form gap-2">
            <progress class="meter" max=max value=value aria-label=label></progress>
            <p class="text-ink-2" role="status">{said}</p>
        </div>
    }
}

/// What is needed of the answer.
#[derive(Deserialize)]
struct Page {
    row: Row,
}

#[derive(Deserialize)]
struct Row {
    state: ExportState,
    #[serde(alias = "done")]
    done_to: i64,
    #[serde(alias = "total")]
    up_to: i64,
    #[serde(default)]
    stage: String,
}
