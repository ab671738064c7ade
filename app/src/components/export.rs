//! What the pages about exports have in common: those of a day in a table, and of one how far it is, its files and
//! how they are checked.

use crate::{
    components::{
        facts::Section,
        field::Hidden,
        form::{Form, PostForm},
        icon::Icon,
        notice::Empty,
    },
    format::{As, Time},
    islands::{copy::Copy, progress::Progress, submit::Submit},
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    audit::{ExportLink, ExportState},
    team::TeamCard,
};

/// What exports are of.
pub struct Kind {
    /// Where the page of each is, behind the team's address.
    pub at: &'static str,
    /// The doors that tell how far one is, cancel it, and make a link to it.
    pub find: &'static str,
    pub cancel: &'static str,
    pub link: &'static str,
    /// What is counted while one is written.
    pub counted: &'static str,
    /// Whether it goes on when somebody leaves.
    pub going: &'static str,
    /// What its files are called, and for whom links to them work.
    pub files: &'static str,
    pub links: &'static str,
}

/// An export, as far as all kinds are alike.
pub struct Export<'a> {
    pub kind: &'static Kind,
    pub visit: &'a Visit,
    pub team: &'a TeamCard,
    pub id: String,
    pub state: ExportState,
}

impl Export<'_> {
    /// How far it is, and giving it up.
    pub fn under_way(self, done: i64, of: i64, stage: String) -> AnyView {
        let Self { kind, team, id, state, .. } = self;
        let form = Form::of(self.visit, kind.cancel);
        let (slug, page) = (team.slug.clone(), team.path(&format!("{}/{id}", kind.at)));
        let title = state.title();
        view! {
            <Section id="progress" title note=kind.going>
                <Progress
                    team=slug.clone()
                    export=id.clone()
                    done
                    of
                    door=kind.find
                    what=kind.counted
                    stage
                />
                <div class="mt-5 flex flex-wrap gap-2">
                    <a class="btn" href=page>"Look again"</a>
                    <PostForm form>
                        <Hidden name="team" value=slug/>
                        <Hidden name="export" value=id/>
                        <Submit label="Cancel the export" class="btn"/>
                    </PostForm>
                </div>
            </Section>
        }
        .into_any()
    }

    /// Why there is no file. `again`: where another one is started.
    pub fn ended(self, failed: &str, again: String) -> AnyView {
        let why = match failed {
            "" => "It was cancelled, and there is no file.".to_owned(),
            why => why.to_owned(),
        };
        let title = self.state.title();
        view! {
            <Section id="ended" title>
                <p class="max-w-[64ch]">{why}</p>
                <p class="mt-4"><a class="btn" href=again>"Start another one"</a></p>
            </Section>
        }
        .into_any()
    }

    /// Its files, by these names, and making a link to them.
    pub fn ready(self, names: Vec<String>, link: Option<ExportLink>) -> AnyView {
        let form = Form::of(self.visit, self.kind.link);
        let (label, class) = match link {
            Some(_) => ("Make a new link", "btn btn-sm"),
            None => ("Make a link", "btn btn-primary"),
        };
        let files = link.map(|link| self.files(names, &link));
        let Self { kind, team, id, .. } = self;
        let slug = team.slug.clone();
        view! {
            <Section id="files" title=kind.files note=kind.links>
                {files}
                <PostForm form>
                    <Hidden name="team" value=slug/>
                    <Hidden name="export" value=id/>
                    <Submit label class/>
                </PostForm>
            </Section>
        }
        .into_any()
    }

    fn files(&self, names: Vec<String>, link: &ExportLink) -> AnyView {
        let at = self.team.path(&format!("{}/{}/{}", self.kind.at, self.id, link.token));
        let until = match names.len() {
            1 => "The link works until ",
            _ => "The links work until ",
        };
        let file = |name: String| {
            let (href, download) = (format!("{at}/{name}"), name.clone());
            view! {
                <li>
                    <span class="flex items-baseline gap-2">
                        <span class="flex-none self-center">{Icon::Download.draw()}</span>
                        <a class="link wrap-anywhere" href=href download=download>
                            {name}
                        </a>
                    </span>
                </li>
            }
        };
        let files = names.into_iter().map(file).collect_view();
        view! {
            <ul class="grid gap-2">{files}</ul>
            <p class="mt-3 mb-5 text-ink-2">
                {until} <Time at=link.until.clone() now=server::now() worded=As::Clock/> "."
            </p>
        }
        .into_any()
    }
}

/// How anybody checks it: in words, and as a command.
#[component]
pub fn Check(note: &'static str, command: String, children: Children) -> AnyView {
    view! {
        <Section id="check" title="Check it" note>
            <p class="max-w-[64ch]">{children()}</p>
            <p class="mt-2 flex flex-wrap items-center gap-2">
                <code class="wrap-anywhere">{command.clone()}</code>
                <Copy text=command label="Copy" class="btn btn-sm"/>
            </p>
        </Section>
    }
    .into_any()
}

/// One of the table.
pub struct Line {
    pub href: String,
    pub name: String,
    pub state: ExportState,
    /// In the order of the table's numbers; told of those that are ready.
    pub numbers: Vec<String>,
    pub made_at: String,
    pub by: String,
    /// When its file is destroyed, where the table has a column for it.
    pub until: Option<String>,
}

/// Exports of the last day. `numbers`: what its columns of numbers are called.
pub fn list(numbers: &'static [&'static str], lines: Vec<Line>) -> AnyView {
    if lines.is_empty() {
        return view! { <Empty title="No exports" note="What you start stands here for a day."/> }
            .into_any();
    }
    let heads = numbers.iter().map(|name| view! { <th scope="col" class="num">{*name}</th> });
    let heads = heads.collect_view();
    let end = lines.iter().any(|line| line.until.is_some());
    let end = end.then(|| view! { <th scope="col">"Destroyed"</th> });
    let lines = lines.into_iter().map(|line| row(numbers, line)).collect_view();
    view! {
        <table class="ledger ledger-cards">
            <caption class="sr-only">"Exports of the last day, the newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"File"</th>
                    <th scope="col">"State"</th>
                    {heads}
                    <th scope="col">"Started"</th>
                    {end}
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn row(numbers: &'static [&'static str], line: Line) -> AnyView {
    let Line { href, name, state: at, numbers: cells, made_at, by, until } = line;
    let (now, is_ready) = (server::now(), at == ExportState::Ready);
    let none = || "–".into_any();
    let cells = numbers.iter().zip(cells).map(|(name, cell)| {
        let cell = if is_ready { cell.into_any() } else { none() };
        view! { <td class="num" data-label=*name>{cell}</td> }
    });
    let cells = cells.collect_view();
    let until = until.map(|until| {
        let until = match is_ready {
            true => view! { <Time at=until now worded=As::Until/> }.into_any(),
            false => none(),
        };
        view! { <td class="text-ink-2" data-label="Destroyed">{until}</td> }
    });
    view! {
        <tr>
            <th scope="row" class="min-w-0 wrap-anywhere">
                <a class="hover:underline" href=href>{name}</a>
            </th>
            <td data-label="State">{state(at)}</td>
            {cells}
            <td class="text-ink-2" data-label="Started">
                <span>{started(made_at, by)}</span>
            </td>
            {until}
        </tr>
    }
    .into_any()
}

/// When, and by whom.
pub fn started(made_at: String, by: String) -> AnyView {
    let by = if by.is_empty() { "somebody who left".to_owned() } else { by };
    view! { <Time at=made_at now=server::now() worded=As::Ago/> " by " {by} }.into_any()
}

/// The state as a word, tagged where it is not the usual one.
pub fn state(state: ExportState) -> AnyView {
    let class = match state {
        ExportState::Ready => "text-ink-2",
        ExportState::Failed => "tag tag-stale",
        _ => "tag",
    };
    view! { <span class=class>{state.title()}</span> }.into_any()
}
