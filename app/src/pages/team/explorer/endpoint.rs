//! One endpoint: what it is for, its form, what it answered, and the same call as code.

use super::{answer, code, key};
use crate::{
    actions::explorer::load_test_key,
    components::{
        facts::Section,
        field::{Field, Hidden, Kind as Typing},
        form::{Form, PostForm},
        frame::{Frame, Heading},
    },
    explorer::{self, Endpoint, Input, Kind},
    islands::submit::Submit,
    pages, server,
    viewer::{Revealed, Visit},
};
use leptos::prelude::*;
use model::{Failure, explorer::ApiRequest, team::TeamCard};

/// The page of the endpoint that the path names.
pub fn show(visit: Visit) -> AnyView {
    let id = visit.param("endpoint").to_owned();
    let load = |team: TeamCard| async move {
        let kept = load_test_key(team.slug).await?;
        let found = server::api()?.endpoints().iter().find(|endpoint| endpoint.id == id);
        Ok::<_, Failure>((kept, found.ok_or(Failure::NotFound)?))
    };
    pages::load(visit, load, |visit, team, (kept, endpoint)| page(visit, team, kept, endpoint))
}

fn page(
    visit: Visit,
    team: TeamCard,
    kept: Option<String>,
    endpoint: &'static Endpoint,
) -> AnyView {
    let heading = Heading::named(&visit, endpoint.title.clone());
    let form = Form::of(&visit, "/do/explorer/call");
    let called = match visit.page.revealed.clone() {
        Some(Revealed::Called(called)) => Some(called),
        _ => None,
    };
    let (request, answer) = match called {
        Some(called) => (Some(called.request), Some(answer::answer(called.answer))),
        None => (as_it_stands(endpoint), None),
    };
    let code = request.map(|request| code::code(&server::public_url(), &request));
    let key = key::panel(&visit, &team, kept, &endpoint.id);
    let slug = team.slug.clone();
    view! {
        <Frame visit team=Some(team) heading>
            {head(endpoint)}
            {key}
            <Section id="call" title="Call it" note="What stays empty is left out.">
                <PostForm form=form.clone() class="grid max-w-[38rem] gap-5">
                    <Hidden name="team" value=slug/>
                    <Hidden name="endpoint" value=endpoint.id.clone()/>
                    {fields(&form, endpoint)}
                    <div>
                        <Submit label=format!("Send {}", endpoint.method) class="btn btn-primary"/>
                    </div>
                </PostForm>
            </Section>
            {answer}
            {code}
            <Section id="answers" title="What it answers">
                {answer::possible(endpoint)}
            </Section>
        </Frame>
    }
    .into_any()
}

/// The request with nothing but its presets, if that is one.
fn as_it_stands(endpoint: &Endpoint) -> Option<ApiRequest> {
    let preset = |input: &Input| {
        let value = match &input.kind {
            Kind::Choice(words) => words.first().cloned().unwrap_or_default(),
            _ if input.preset.is_empty() => format!("{{{}}}", input.name),
            _ => input.preset.clone(),
        };
        input.is_needed.then(|| (input.field.clone(), value))
    };
    explorer::request(endpoint, &endpoint.inputs.iter().filter_map(preset).collect()).ok()
}

fn head(endpoint: &'static Endpoint) -> AnyView {
    view! {
        <div class="mb-6">
            <h1 class="title wrap-anywhere">{&*endpoint.title}</h1>
            <p class="mt-1 wrap-anywhere">
                <code>{&*endpoint.method} " " {&*endpoint.path}</code>
            </p>
            {paragraphs(&endpoint.about)}
        </div>
    }
    .into_any()
}

/// Text of the description: paragraphs, and code between back-ticks.
fn paragraphs(text: &str) -> AnyView {
    let paragraph = |text: &str| {
        view! { <p class="mt-2 max-w-[64ch] wrap-anywhere text-ink-2">{answer::marked(text)}</p> }
    };
    text.split("\n\n").filter(|it| !it.is_empty()).map(paragraph).collect_view().into_any()
}

/// A field for each input; what can be left out behind a word, if something else is needed.
fn fields(form: &Form, endpoint: &'static Endpoint) -> AnyView {
    let needs = endpoint.inputs.iter().filter(|input| input.is_needed);
    let needs: Vec<AnyView> = needs.map(|input| field(form, input)).collect();
    let optional: Vec<&Input> = endpoint.inputs.iter().filter(|input| !input.is_needed).collect();
    if optional.is_empty() {
        return needs.into_any();
    }
    let typed = |input: &&Input| {
        form.error(&input.field).is_some()
            || form.value(&input.field).is_some_and(|it| !it.is_empty())
    };
    let open = needs.is_empty() || optional.iter().any(typed);
    let optional = optional.into_iter().map(|input| field(form, input)).collect_view();
    view! {
        {needs}
        <details open=open>
            <summary class="cursor-pointer font-[620]">"What may be left out"</summary>
            <div class="mt-4 grid items-start gap-5 sm:grid-cols-2">{optional}</div>
        </details>
    }
    .into_any()
}

fn field(form: &Form, input: &'static Input) -> AnyView {
    let label = if input.name.is_empty() { "Body" } else { &*input.name };
    let field: Field = form.field(&input.field, label).preset(&input.preset);
    let field = field.help(input.about.replace('`', ""));
    match &input.kind {
        Kind::Text => field.view(),
        Kind::Number => field.kind(Typing::Number).view(),
        Kind::YesNo => field.choose(&[("", "–"), ("true", "true"), ("false", "false")]),
        Kind::Choice(words) => {
            let none = [("".to_owned(), "–".to_owned())];
            let words = words.iter().map(|word| (word.clone(), word.clone()));
            field.choose_of(none.into_iter().chain(words).collect())
        }
        Kind::Lines | Kind::Json => field.lines(3),
    }
}
