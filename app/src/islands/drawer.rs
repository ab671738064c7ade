//! The record of a row, beside the list: taken out of its own page, which the server made.

use crate::components::icon::Icon;
use leptos::{ev, html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomParser, Element, HtmlAnchorElement, HtmlElement, Response, SupportedType};

/// The links of all rows to their records, the newest first.
const LINKS: &str = "a[data-record]";

const AWAY: &str = "There is no connection to the server. Try again when there is one.";
const SIGNED_OUT: &str = "You are signed out. Sign in, and open it again.";
const GONE: &str = "This record cannot be shown: it is not there, or not for you.";
const BROKEN: &str = "The server did not answer as it should. Try again in a moment.";

/// What the drawer is at.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Opening,
    Open,
    Failed(&'static str),
}

/// A click on a row opens its record in a dialog, whose address is the record's own. Without JavaScript the
/// row's link leads to that page.
#[island]
pub fn Drawer() -> impl IntoView {
    let drawer = Reader::new();
    Effect::new(move |_| {
        let clicked = window_event_listener(ev::click, move |event| {
            if let Some(link) = wanted(&event) {
                event.prevent_default();
                drawer.show(&link, true);
            }
        });
        let went = window_event_listener_untyped("popstate", move |_| drawer.follow());
        let typed = window_event_listener(ev::keydown, move |event| drawer.typed(&event));
        on_cleanup(move || {
            clicked.remove();
            went.remove();
            typed.remove();
        });
    });
    let beside = move |event: ev::MouseEvent| {
        let dialog = drawer.dialog.get_untracked().map(JsCast::unchecked_into);
        if event.target() == dialog {
            drawer.close();
        }
    };
    view! {
        <dialog
            class="drawer"
            node_ref=drawer.dialog
            aria-labelledby="drawer-title"
            on:click=beside
            on:close=move |_| drawer.closed()
        >
            <div class="drawer-head">
                <h2
                    class="dialog-title min-w-0 wrap-anywhere outline-none"
                    id="drawer-title"
                    tabindex="-1"
                    autofocus=true
                    aria-live="polite"
                >
                    {move || drawer.title.get()}
                </h2>
                <div class="flex flex-none gap-1">
                    {step(drawer, -1, "Newer record", Icon::ChevronLeft)}
                    {step(drawer, 1, "Older record", Icon::ChevronRight)}
                    <button class="btn btn-sm" type="button" on:click=move |_| drawer.close()>
                        "Close"
                    </button>
                </div>
            </div>
            <div class="drawer-body" aria-busy=move || drawer.is(Stage::Opening).then_some("true")>
                {move || told(drawer)}
                <div node_ref=drawer.place hidden=move || !drawer.is(Stage::Open)></div>
            </div>
            <div class="dialog-foot">
                <a class="btn" href=move || drawer.record.get()>"Open its page"</a>
                <button class="btn" type="button" on:click=move |_| drawer.copy()>
                    {Icon::Copy.draw()}
                    <span aria-live="polite">{move || drawer.copied.get()}</span>
                </button>
            </div>
        </dialog>
    }
}

fn step(drawer: Reader, by: isize, label: &'static str, icon: Icon) -> impl IntoView {
    let disabled = move || {
        let (newer, older) = drawer.around.get();
        if by < 0 { !newer } else { !older }
    };
    view! {
        <button
            class="btn btn-sm btn-icon"
            type="button"
            aria-label=label
            disabled=disabled
            on:click=move |_| drawer.step(by)
        >
            {icon.draw()}
        </button>
    }
}

/// What is said in place of a record.
fn told(drawer: Reader) -> AnyView {
    match drawer.stage.get() {
        Stage::Open => ().into_any(),
        Stage::Opening => {
            view! { <p class="late text-ink-2" role="status">"Opening the record"</p> }.into_any()
        }
        Stage::Failed(why) => view! {
            <div class="refused" role="alert">
                <div>
                    <p>{why}</p>
                    <button class="btn btn-sm mt-2" type="button" on:click=move |_| drawer.load()>
                        "Try again"
                    </button>
                </div>
            </div>
        }
        .into_any(),
    }
}

const COPY: &str = "Copy as JSON";

/// What is known of the drawer.
#[derive(Clone, Copy)]
struct Reader {
    dialog: NodeRef<html::Dialog>,
    place: NodeRef<html::Div>,
    stage: RwSignal<Stage>,
    title: RwSignal<String>,
    copied: RwSignal<&'static str>,
    /// The address of the record.
    record: RwSignal<String>,
    /// Whether there are rows above and below its own.
    around: RwSignal<(bool, bool)>,
}

impl Reader {
    fn new() -> Self {
        Self {
            dialog: NodeRef::new(),
            place: NodeRef::new(),
            stage: RwSignal::new(Stage::Opening),
            title: RwSignal::new(String::new()),
            copied: RwSignal::new(COPY),
            record: RwSignal::new(String::new()),
            around: RwSignal::new((false, false)),
        }
    }

    fn is(self, stage: Stage) -> bool {
        self.stage.get() == stage
    }

    fn is_shown(self) -> bool {
        self.dialog.get_untracked().is_some_and(|dialog| dialog.open())
    }

    /// Shows the record of a row; `visits`: the address becomes the record's.
    fn show(self, link: &HtmlAnchorElement, visits: bool) {
        let (Some(dialog), href) = (self.dialog.get_untracked(), link.href()) else { return };
        let was_shown = dialog.open();
        if !was_shown && dialog.show_modal().is_err() {
            let _ = window().location().set_href(&href);
            return;
        }
        if visits && let Ok(history) = window().history() {
            let to = Some(href.as_str());
            let _ = match was_shown {
                true => history.replace_state_with_url(&JsValue::NULL, "", to),
                false => history.push_state_with_url(&JsValue::NULL, "", to),
            };
        }
        self.title.set(format!("Record {}", link.text_content().unwrap_or_default()));
        self.record.set(href);
        self.load();
    }

    /// Fetches the record's page and takes the record out of it.
    fn load(self) {
        self.stage.set(Stage::Opening);
        self.copied.set(COPY);
        let href = self.record.get_untracked();
        let (links, at) = self.rows();
        self.around.set((at.is_some_and(|at| at > 0), at.is_some_and(|at| at + 1 < links.len())));
        spawn_local(async move {
            let found = record(&href).await;
            // Somebody may have gone on meanwhile.
            if self.record.get_untracked() != href {
                return;
            }
            match (found, self.place.get_untracked()) {
                (Ok((title, record)), Some(place)) => {
                    self.title.set(title);
                    place.replace_children_with_node_1(&record);
                    self.stage.set(Stage::Open);
                }
                (Err(why), _) => self.stage.set(Stage::Failed(why)),
                (Ok(_), None) => {}
            }
        });
    }

    /// All rows' links, and which is that of the record.
    fn rows(self) -> (Vec<HtmlAnchorElement>, Option<usize>) {
        let record = self.record.get_untracked();
        let links = links();
        let at = links.iter().position(|link| link.href() == record);
        (links, at)
    }

    fn step(self, by: isize) {
        let (links, Some(at)) = self.rows() else { return };
        let to = at.checked_add_signed(by).and_then(|to| links.get(to));
        if let Some(link) = to {
            self.show(link, true);
        }
    }

    /// The browser went back or forth: the address says what is shown.
    fn follow(self) {
        let here = here();
        match links().into_iter().find(|link| link.href() == here) {
            Some(link) => self.show(&link, false),
            None => self.close(),
        }
    }

    fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    /// The address is the list's again, and the focus is on the row.
    fn closed(self) {
        if here() == self.record.get_untracked()
            && let Ok(history) = window().history()
        {
            let _ = history.back();
        }
        let (links, at) = self.rows();
        if let Some(link) = at.and_then(|at| links.get(at)) {
            let _ = link.focus();
        }
    }

    /// Where the focus is on a row or in the drawer, keys lead on.
    fn typed(self, event: &ev::KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let by = match event.key().as_str() {
            "j" | "ArrowRight" => 1,
            "k" | "ArrowLeft" => -1,
            _ => return,
        };
        if self.is_shown() {
            event.prevent_default();
            return self.step(by);
        }
        let focused = document().active_element();
        let links = links();
        let at = links.iter().position(|link| focused.as_ref() == Some(link.as_ref()));
        let to = at.and_then(|at| at.checked_add_signed(by));
        if let Some(link) = to.and_then(|to| links.get(to)) {
            event.prevent_default();
            let _ = link.focus();
        }
    }

    fn copy(self) {
        let place = self.place.get_untracked();
        let json = place.and_then(|place| place.query_selector("[data-json]").ok().flatten());
        let Some(text) = json.and_then(|json| json.text_content()) else { return };
        let writing = window().navigator().clipboard().write_text(&text);
        spawn_local(async move {
            let done = JsFuture::from(writing).await.is_ok();
            self.copied.set(if done { "Copied" } else { "Open its page and copy it there" });
        });
    }
}

/// The row's link, if the click was on a row and meant nothing else.
fn wanted(event: &ev::MouseEvent) -> Option<HtmlAnchorElement> {
    let altered = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || altered {
        return None;
    }
    let on = event.target()?.dyn_into::<Element>().ok()?;
    let row = on.closest("tr").ok()??;
    let link = row.query_selector(LINKS).ok()??;
    let control = on.closest("a, button, input, summary").ok()?;
    let selects = window().get_selection().ok()?.is_some_and(|it| !it.is_collapsed());
    let is_other = control.is_some_and(|control| control != link);
    (!is_other && !selects).then(|| link.unchecked_into())
}

fn links() -> Vec<HtmlAnchorElement> {
    let found = document().query_selector_all(LINKS).ok();
    let many = found.as_ref().map_or(0, web_sys::NodeList::length);
    let at = |at| found.as_ref()?.get(at)?.dyn_into().ok();
    (0..many).filter_map(at).collect()
}

fn here() -> String {
    window().location().href().unwrap_or_default()
}

/// Heading and record of a record's page.
async fn record(href: &str) -> Result<(String, HtmlElement), &'static str> {
    let sent = JsFuture::from(window().fetch_with_str(href)).await.map_err(|_| AWAY)?;
    let response: Response = sent.unchecked_into();
    if response.redirected() {
        return Err(SIGNED_OUT);
    }
    if matches!(response.status(), 403 | 404) {
        return Err(GONE);
    }
    let text = JsFuture::from(response.text().map_err(|_| BROKEN)?).await.map_err(|_| AWAY)?;
    let text = text.as_string().unwrap_or_default();
    let page = DomParser::new().and_then(|it| it.parse_from_string(&text, SupportedType::TextHtml));
    let page = page.map_err(|_| BROKEN)?;
    let title = page.query_selector("h1").ok().flatten().and_then(|title| title.text_content());
    let record = page.get_element_by_id("record").ok_or(BROKEN)?;
    Ok((title.unwrap_or_default(), record.unchecked_into()))
}
