//! One stream: how far it is, what went wrong, and what can be done with it.

use super::{
    new_stream::begin,
    streams::{health, moment},
};
use crate::{
    actions::stream::load_stream,
    components::{
        facts::{Fact, Facts, Section},
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        reveal_hook::RevealHook,
    },
    format::{self, As, Time},
    islands::submit::Submit,
    pages, server,
    viewer::{Revealed, Visit},
};
use leptos::prelude::*;
use model::{
    audit::{
        StreamBegin, StreamError, StreamHealth, StreamKind, StreamPage, StreamRow, StreamState,
    },
    team::TeamCard,
};

/// The stream's page; or, after a rotation, the new secret.
pub fn show(visit: Visit) -> AnyView {
    let stream = visit.param("stream").to_owned();
    pages::load(visit, |team| load_stream(team.slug, stream), page)
}

fn page(visit: Visit, team: TeamCard, found: StreamPage) -> AnyView {
    let StreamPage { row, errors } = found;
    let mut heading = Heading::named(&visit, row.name.clone());
    heading.above.push(("Streams".to_owned(), team.path("/audit/streams")));
    let content = match visit.page.revealed.clone() {
        Some(Revealed::Hook(hook)) => {
            let (title, team) = (format!("New secret of {}", hook.name), team.clone());
            view! { <PageHead title/> <RevealHook team hook/> }.into_any()
        }
        _ => whole(&visit, &team, row, errors),
    };
    view! { <Frame visit team=Some(team) heading>{content}</Frame> }.into_any()
}

fn whole(visit: &Visit, team: &TeamCard, row: StreamRow, errors: Vec<StreamError>) -> AnyView {
    let lead = sentence(&row);
    let (switch, test) = (switch(visit, team, &row), test(visit, team, &row));
    let (secret, restart) = (secret(visit, team, &row), restart(visit, team, &row));
    let remove = team.path(&format!("/audit/streams/{}/remove", row.id));
    view! {
        <PageHead title=row.name.clone() lead>
            {switch}
        </PageHead>
        <Section id="facts" title="How it is">{facts(row)}</Section>
        <Section id="errors" title="What went wrong" note="The last ten deliveries that failed.">
            {list(errors)}
        </Section>
        {test}
        {secret}
        {restart}
        <Section id="remove" title="Remove it" note="With its secrets. What was delivered stays there.">
            <a class="btn btn-danger-line" href=remove>"Remove the stream"</a>
        </Section>
    }
    .into_any()
}

/// The state in a sentence with its numbers.
fn sentence(row: &StreamRow) -> String {
    let behind = match row.behind() {
        0 => "Everything is delivered.".to_owned(),
        n => format!("{} not delivered yet.", format::counted(n, "record is", "records are")),
    };
    match row.health() {
        StreamHealth::Flowing | StreamHealth::Behind => behind,
        StreamHealth::Failing => format!("Deliveries fail and are tried again. {behind}"),
        StreamHealth::Paused => format!("It is paused: nothing leaves. {behind}"),
        StreamHealth::Suspended => {
            format!(
                "The team waits to be deleted, or whoever runs this Probity has suspended it: nothing \
                 leaves. {behind}"
            )
        }
    }
}

/// A form about this stream with a button and nothing to fill in.
fn button(
    (visit, team, row): (&Visit, &TeamCard, &StreamRow),
    action: &'static str,
    label: &'static str,
    class: &'static str,
) -> AnyView {
    let form = Form::of(visit, action);
    let (slug, id) = (team.slug.clone(), row.id.to_string());
    view! {
        <PostForm form>
            <Hidden name="team" value=slug/>
            <Hidden name="stream" value=id/>
            <Submit label class/>
        </PostForm>
    }
    .into_any()
}

fn switch(visit: &Visit, team: &TeamCard, row: &StreamRow) -> AnyView {
    let about = (visit, team, row);
    match row.state {
        StreamState::Active => button(about, "/do/stream/pause", "Pause", "btn"),
        StreamState::Paused => button(about, "/do/stream/resume", "Resume", "btn btn-primary"),
    }
}

fn test(visit: &Visit, team: &TeamCard, row: &StreamRow) -> AnyView {
    let send = button((visit, team, row), "/do/stream/test", "Send a test", "btn");
    view! {
        <Section
            id="test"
            title="Try it"
            note="Sends an event without a record in it, on the way that records go. It is recorded."
        >
            {send}
        </Section>
    }
    .into_any()
}

fn facts(row: StreamRow) -> AnyView {
    let now = server::now();
    let by = if row.by.is_empty() { "somebody who left".to_owned() } else { row.by.clone() };
    let (state, kind, to) = (health(&row), row.kind.title(), row.to);
    let reached = format!("record {} of {}", row.seq, row.head);
    let failing = row.failing_since.clone().map(|since| {
        let next = row.next_try.clone().map(|at| {
            view! { ", tried again " <Time at now worded=As::Until/> }
        });
        let failures = format!("{} in a row", format::count(row.failures.into()));
        view! {
            <Fact name="Failing since">
                <Time at=since now worded=As::Exact/> ", " {failures} {next}
            </Fact>
        }
    });
    view! {
        <Facts>
            <Fact name="State">{state}</Fact>
            <Fact name="To">{kind} ", " <code class="wrap-anywhere">{to}</code></Fact>
            <Fact name="Reached">{reached}</Fact>
            <Fact name="Records delivered">{format::count(row.delivered)}</Fact>
            <Fact name="Last delivery">{moment(row.last_success)}</Fact>
            {failing}
            <Fact name="Made"><Time at=row.made_at now worded=As::Ago/> " by " {by}</Fact>
        </Facts>
    }
    .into_any()
}

fn list(errors: Vec<StreamError>) -> AnyView {
    if errors.is_empty() {
        return view! { <p class="text-ink-2">"Nothing."</p> }.into_any();
    }
    let now = server::now();
    let row = |error: StreamError| {
        view! {
            <li class="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-b border-line py-2">
                <span class="w-36 flex-none text-ink-2"><Time at=error.at now worded=As::Exact/></span>
                <span class="min-w-0 wrap-anywhere">{error.said}</span>
            </li>
        }
    };
    view! { <ol>{errors.into_iter().map(row).collect_view()}</ol> }.into_any()
}

fn secret(visit: &Visit, team: &TeamCard, row: &StreamRow) -> Option<AnyView> {
    if row.kind != StreamKind::Https {
        return None;
    }
    let rotate = button((visit, team, row), "/do/stream/rotate", "Make a new secret", "btn");
    let overlap = row.overlaps_until.clone().map(|at| {
        view! {
            <p class="mb-4 flex items-center gap-2">
                {Icon::Clock.draw()}
                <span>
                    "The old secret signs as well until "
                    <Time at now=server::now() worded=As::Exact/>
                    "."
                </span>
            </p>
        }
    });
    let view = view! {
        <Section
            id="secret"
            title="Signing secret"
            note="Sealed, and never shown again. After a new one is made, the old one signs as well for a day."
        >
            {overlap}
            {rotate}
        </Section>
    };
    Some(view.into_any())
}

fn restart(visit: &Visit, team: &TeamCard, row: &StreamRow) -> AnyView {
    let form = Form::of(visit, "/do/stream/restart");
    let (slug, id) = (team.slug.clone(), row.id.to_string());
    // Nothing is passed over by accident.
    let begin = begin(&form, StreamBegin::Record);
    view! {
        <Section
            id="restart"
            title="Begin elsewhere"
            note="Records that were delivered come again; those that are passed over do not come."
        >
            <PostForm form class="grid max-w-form gap-5">
                <Hidden name="team" value=slug/>
                <Hidden name="stream" value=id/>
                {begin}
                <div><Submit label="Begin there" class="btn"/></div>
            </PostForm>
        </Section>
    }
    .into_any()
}
