//! New records, as they are written.

use super::{awake, post};
use js_sys::{Function, Promise};
use leptos::{prelude::*, serde_json, task::spawn_local};
use model::audit::NewRecords;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

/// Milliseconds between two questions, and at most while there is no answer.
const EACH: i32 = 2_000;
const AT_MOST: i32 = 60_000;

/// Records that wait to be shown, and that are added to one page.
const HELD_MOST: usize = 200;
const ADDED_MOST: usize = 500;

/// What begins it again after the page was loaded anew.
const AT_ONCE: &str = "#live";

const SIGNED_OUT: &str = "You are signed out. Sign in to follow on.";
const REFUSED: &str = "You may not see this any more.";
const SLOW: &str = "This search takes too long to be followed. Look for less.";
const FULL: &str = "500 new records are shown. Load the page again to follow on.";

/// Whether new records are asked for, and shown.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Off,
    Live,
    Paused,
    Ended(&'static str),
}

/// A button that has new records appear on top of the list. `after`: the number of the newest record that the
/// page shows. Without JavaScript it is not there.
#[island]
pub fn Tail(#[prop(into)] team: String, #[prop(into)] search: String, after: i64) -> impl IntoView {
    let awake = awake();
    let tail = Follower {
        stage: RwSignal::new(Stage::Off),
        held: RwSignal::new(0),
        said: RwSignal::new(String::new()),
        trouble: RwSignal::new(String::new()),
        waiting: StoredValue::new(Vec::new()),
        added: StoredValue::new(0),
        after: StoredValue::new(after),
    };
    let asked = StoredValue::new((team, search));
    let begin = move || {
        tail.stage.set(Stage::Live);
        spawn_local(async move { tail.follow(&asked.get_value()).await });
    };
    Effect::new(move |_| {
        if window().location().hash().is_ok_and(|hash| hash == AT_ONCE) {
            begin();
        }
    });
    let press = move |_| match tail.stage.get_untracked() {
        Stage::Off => begin(),
        Stage::Live => tail.stage.set(Stage::Paused),
        Stage::Paused => tail.resume(),
        Stage::Ended(_) => {
            let _ = window().location().reload();
        }
    };
    let words = move || match tail.stage.get() {
        Stage::Off => "Live",
        Stage::Live => "Pause",
        Stage::Paused => "Resume",
        Stage::Ended(_) => "Load again",
    };
    let state = move || match tail.stage.get() {
        Stage::Off => String::new(),
        Stage::Ended(why) => why.to_owned(),
        _ if !tail.trouble.get().is_empty() => tail.trouble.get(),
        Stage::Live => "Live: new records appear by themselves.".to_owned(),
        Stage::Paused => "Paused.".to_owned(),
    };
    let new = move || match tail.held.get() {
        0 => String::new(),
        HELD_MOST.. => format!("{HELD_MOST} or more new"),
        held => format!("{held} new"),
    };
    view! {
        <div class="flex flex-wrap items-center gap-3" hidden=move || !awake.get()>
            <button class="btn" type="button" on:click=press>
                <span class="live-dot" data-live=move || (tail.stage.get() == Stage::Live).then_some("")>
                </span>
                {words}
            </button>
            <span class="text-sm text-ink-2" role="status">{state}</span>
            <span class="sr-only" role="status">{move || tail.said.get()}</span>
            <button
                class="btn pill"
                type="button"
                hidden=move || tail.held.get() == 0
                on:click=move |_| tail.show_held()
            >
                {new}
            </button>
        </div>
    }
}

/// What is known of the list and of what is new.
#[derive(Clone, Copy)]
struct Follower {
    stage: RwSignal<Stage>,
    /// How many wait to be shown.
    held: RwSignal<usize>,
    /// What a screen reader is told.
    said: RwSignal<String>,
    /// Why there is no answer just now; empty when there is.
    trouble: RwSignal<String>,
    waiting: StoredValue<Vec<NewRecords>>,
    added: StoredValue<usize>,
    after: StoredValue<i64>,
}

/// Why there are no new records.
enum NoAnswer {
    /// For good.
    Ended(&'static str),
    /// For now.
    Later(&'static str),
}

impl Follower {
    /// Asks until it ends. A page that nobody looks at does not ask.
    async fn follow(self, (team, search): &(String, String)) {
        let mut wait = EACH;
        loop {
            let is_full = self.held.get_untracked() >= HELD_MOST;
            if document().hidden() || is_full {
                sleep(EACH).await;
            } else {
                match ask(team, search, self.after.get_value()).await {
                    Ok(new) => {
                        wait = if new.more { 0 } else { EACH };
                        self.trouble.set(String::new());
                        self.receive(new);
                    }
                    Err(NoAnswer::Ended(why)) => self.stage.set(Stage::Ended(why)),
                    Err(NoAnswer::Later(why)) => {
                        wait = (wait * 2).clamp(EACH, AT_MOST);
                        self.trouble.set(format!("{why} Asking again in {} s.", wait / 1_000));
                    }
                }
                if let Stage::Ended(_) = self.stage.get_untracked() {
                    return;
                }
                sleep(wait).await;
            }
        }
    }

    fn receive(self, new: NewRecords) {
        self.after.set_value(new.after);
        if new.count == 0 {
            return;
        }
        let is_read = table().is_some_and(|table| table.get_bounding_client_rect().top() < 0.0);
        if self.stage.get_untracked() == Stage::Paused || is_read {
            self.held.update(|held| *held += new.count);
            self.waiting.update_value(|waiting| waiting.push(new));
        } else {
            self.show(&new);
        }
    }

    fn resume(self) {
        self.stage.set(Stage::Live);
        self.show_held();
    }

    /// Shows what waited, and the top of the list.
    fn show_held(self) {
        let waiting = self.waiting.try_update_value(std::mem::take).unwrap_or_default();
        if waiting.is_empty() {
            return;
        }
        self.held.set(0);
        for new in &waiting {
            self.show(new);
        }
        if let Some(table) = table() {
            table.scroll_into_view();
        }
    }

    fn show(self, new: &NewRecords) {
        let Some(table) = table() else {
            // The list was empty: the page with its first records is another one.
            let location = window().location();
            let _ = location.set_hash(AT_ONCE);
            let _ = location.reload();
            return;
        };
        put(&table, &new.rows);
        if let Ok(Some(mark)) = table.query_selector("[data-mark]") {
            mark.set_inner_html(&new.mark);
        }
        let words = if new.count == 1 { "new record" } else { "new records" };
        self.said.set(format!("{} {words}", new.count));
        self.added.update_value(|added| *added += new.count);
        if self.added.get_value() >= ADDED_MOST {
            self.stage.set(Stage::Ended(FULL));
        }
    }
}

fn table() -> Option<HtmlElement> {
    document().query_selector("table.events").ok()??.dyn_into().ok()
}

/// Puts bodies of the server's own making on top of the table; those of a day that it shows already, into that.
fn put(table: &Element, rows: &str) -> Option<()> {
    let head = table.query_selector("thead").ok()??;
    let was = head.next_element_sibling();
    head.insert_adjacent_html("afterend", rows).ok()?;
    let was = was?;
    let last = was.previous_element_sibling()?;
    if last.get_attribute("data-day") == was.get_attribute("data-day") {
        // Rows that are there stay where they are, and so does the focus.
        let place = was.first_element_child()?.next_element_sibling();
        last.first_element_child()?.remove();
        while let Some(row) = last.first_element_child() {
            let place = place.as_ref().map(AsRef::as_ref);
            was.insert_before(&row, place).ok()?;
        }
        last.remove();
    }
    Some(())
}

async fn ask(team: &str, search: &str, after: i64) -> Result<NewRecords, NoAnswer> {
    let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
    let (team, search) = (encode(team), encode(search));
    let form = format!("team={team}&query%5Bq%5D={search}&query%5Bafter%5D={after}");
    let Ok((is_well, text)) = post("/do/audit/tail", &form).await else {
        return Err(NoAnswer::Later("There is no connection to the server."));
    };
    let new = if is_well { serde_json::from_str(&text).ok() } else { None };
    let begins =
        |words: &[&str]| words.iter().any(|word| text.trim_start_matches("{\"").starts_with(word));
    match new {
        Some(new) => Ok(new),
        // The names of what a caller is told, as they stand in the answer.
        None if begins(&["\"Unauthenticated"]) => Err(NoAnswer::Ended(SIGNED_OUT)),
        None if begins(&["Forbidden", "Barred", "\"NotFound"]) => Err(NoAnswer::Ended(REFUSED)),
        None if begins(&["Invalid"]) => Err(NoAnswer::Ended(SLOW)),
        None => Err(NoAnswer::Later("The server cannot say just now.")),
    }
}

async fn sleep(milliseconds: i32) {
    let mut begin = |done: Function, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
    };
    // A promise that is only ever kept.
    let _ = JsFuture::from(Promise::new(&mut begin)).await;
}
