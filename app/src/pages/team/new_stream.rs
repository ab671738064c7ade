//! Make a stream of the audit log; shows its signing secret once, if it has one.

use crate::{
    actions::stream::load_streams,
    components::{
        field::{Hidden, Kind},
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        reveal_hook::RevealHook,
    },
    islands::submit::Submit,
    pages, server,
    viewer::{Revealed, Visit},
};
use leptos::prelude::*;
use model::{
    audit::{StreamBegin, StreamKind, StreamQuery, StreamsPage},
    team::TeamCard,
};

/// The form; or, when it was accepted, the secret.
pub fn show(visit: Visit) -> AnyView {
    let query: StreamQuery = server::query();
    pages::load(
        visit,
        |team| load_streams(team.slug),
        move |visit, team, found| page(visit, team, &query, &found),
    )
}

fn page(visit: Visit, team: TeamCard, query: &StreamQuery, found: &StreamsPage) -> AnyView {
    let mut heading = Heading::of(&visit);
    heading.above.push(("Streams".to_owned(), team.path("/audit/streams")));
    let content = match visit.page.revealed.clone() {
        Some(Revealed::Hook(hook)) => {
            let (title, team) = (format!("Secret of {}", hook.name), team.clone());
            view! { <PageHead title/> <RevealHook team hook/> }.into_any()
        }
        _ => form(&visit, &team, query, &found.kinds),
    };
    view! { <Frame visit team=Some(team) heading>{content}</Frame> }.into_any()
}

fn form(visit: &Visit, team: &TeamCard, query: &StreamQuery, kinds: &[StreamKind]) -> AnyView {
    let asked = StreamKind::from_name(&query.kind).filter(|kind| kinds.contains(kind));
    let kind = asked.unwrap_or(StreamKind::Https);
    let form = Form::of(visit, "/do/stream/create");
    let name = form.field("name", "Name").first(&form).help("As it is called here.").view();
    let fields = match kind {
        StreamKind::Https => https(&form),
        StreamKind::S3 => s3(&form),
        StreamKind::Folder => folder(team),
    };
    let (begin, slug) = (begin(&form, StreamBegin::Now), team.slug.clone());
    let (tabs, back) = (tabs(team, kind, kinds), team.path("/audit/streams"));
    view! {
        <PageHead
            title="Make a stream"
            lead="It carries the whole log, and goes on when you have left the team. Asks whether it is you, \
                  and is recorded."
        />
        {tabs}
        <PostForm form class="grid max-w-[38rem] gap-5">
            <Hidden name="team" value=slug/>
            <Hidden name="kind" value=kind.name()/>
            {name} {fields} {begin}
            <div class="flex flex-wrap gap-2">
                <a class="btn" href=back>"Cancel"</a>
                <Submit label="Make the stream" class="btn btn-primary"/>
            </div>
        </PostForm>
    }
    .into_any()
}

fn tabs(team: &TeamCard, chosen: StreamKind, kinds: &[StreamKind]) -> AnyView {
    let tab = |kind: &StreamKind| {
        let href = team.path(&format!("/audit/streams/new?kind={}", kind.name()));
        let current = (*kind == chosen).then_some("page");
        view! { <a href=href aria-current=current>{kind.title()}</a> }
    };
    let tabs = kinds.iter().map(tab).collect_view();
    view! { <nav class="tabs mb-6" aria-label="Where it goes">{tabs}</nav> }.into_any()
}

fn https(form: &Form) -> AnyView {
    let url = form.field("url", "Address");
    url.help("Deliveries are posted there, e.g. https://siem.example.com/in. Sealed, and never shown again.")
        .view()
}

fn s3(form: &Form) -> AnyView {
    let endpoint = form.field("endpoint", "Server");
    let endpoint = endpoint.help("For example https://s3.eu-central-1.amazonaws.com.").view();
    let region = form.field("region", "Region").preset("us-east-1").view();
    let bucket = form.field("bucket", "Bucket").view();
    let prefix = form.field("prefix", "Prefix, optional");
    let prefix =
        prefix.help("What the names of objects begin with, for example audit/halden.").view();
    let access = form.field("access_key", "Access key").view();
    let secret = form.field("secret_key", "Secret key").kind(Kind::CurrentPassword);
    let secret = secret
        .help("Of somebody who may do nothing but write there. Sealed, and never shown again.");
    view! {
        {endpoint}
        <div class="grid items-start gap-5 sm:grid-cols-2">{region} {bucket}</div>
        {prefix}
        <div class="grid items-start gap-5 sm:grid-cols-2">{access} {secret.view()}</div>
    }
    .into_any()
}

fn folder(team: &TeamCard) -> AnyView {
    let below = format!("{}/", team.id);
    view! {
        <p class="max-w-[64ch] text-ink-2">
            "A file for each day, in a folder of its own below " <code class="wrap-anywhere">{below}</code>
            " in the folder that whoever runs this Probity chose."
        </p>
    }
    .into_any()
}

/// Where it begins, for a new stream and for one that begins elsewhere.
pub(super) fn begin(form: &Form, preset: StreamBegin) -> AnyView {
    let choices = StreamBegin::ALL.map(|begin| (begin.name(), begin.title()));
    let begin = form.field("begin", "It begins").preset(preset.name()).choose(&choices);
    let record = form.field("record", "Record").kind(Kind::Number);
    let record = record.help("Only for the record you name: its number.").view();
    view! { <div class="grid items-start gap-5 sm:grid-cols-2">{begin} {record}</div> }.into_any()
}
