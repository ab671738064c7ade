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
) -> impl IntoView {
    let far = RwSignal::new((done, of));
    Effect::new(move |_| {
        let form = format!("team={team}&export={export}&query%5Blink%5D=");
        let ask = move || {
            let form = form.clone();
            spawn_local(async move {
                // Asked again in a second, whatever it was.
                let Ok((true, text)) = post("/do/audit/export", &form).await else { return };
                let Ok(Page { row }) = serde_json::from_str(&text) else { return };
                far.set((row.done_to, row.up_to));
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
            format!("{} of {} records looked at", format::count(done), format::count(of))
        }
    };
    view! {
        <div class="grid max-w-form gap-2">
            <progress class="meter" max=max value=value aria-label="Records looked at"></progress>
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
    done_to: i64,
    up_to: i64,
}
