//! Make a keyword rule.

use crate::{
    actions::program::load_programs,
    components::{
        field::{Field, Hidden, Kind},
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    islands::submit::Submit,
    pages,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    rule::{Matching, ProgramRow, RuleRow},
    team::TeamCard,
};

/// The form.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, |team| load_programs(team.slug), page)
}

fn page(visit: Visit, team: TeamCard, programs: Vec<ProgramRow>) -> AnyView {
    let heading = Heading::of(&visit);
    let form = Form::of(&visit, "/do/rule/create");
    let fields = fields(&form, programs, None);
    let (slug, list) = (team.slug.clone(), team.path("/rules"));
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="Capitals, width and spaces do not matter when it is compared; accents do."
            />
            <PostForm form class="grid max-w-[38rem] gap-5">
                <Hidden name="team" value=slug/>
                {fields}
                <div class="flex flex-wrap gap-2">
                    <a class="btn" href=list>"Cancel"</a>
                    <Submit label="Make the rule" class="btn btn-primary"/>
                </div>
            </PostForm>
        </Frame>
    }
    .into_any()
}

/// What a rule is made of, filled with what was typed, or with the rule that is there.
pub(super) fn fields(form: &Form, programs: Vec<ProgramRow>, rule: Option<&RuleRow>) -> AnyView {
    let kept = |field: Field, name: &str, value: fn(&RuleRow) -> String| match rule {
        Some(rule) if form.value(name).is_none() => field.filled(value(rule)),
        _ => field,
    };
    let keyword = form.field("keyword", "Keyword").first(form);
    let keyword = kept(keyword, "keyword", |rule| rule.keyword.clone());
    let keyword = keyword.help("One word or several, like running shoes.").view();
    let matching = form.field("matching", "It is looked for as").preset(Matching::Phrase.name());
    let matching = kept(matching, "matching", |rule| rule.matching.name().to_owned());
    let matching = matching.choose(&Matching::ALL.map(|it| (it.name(), it.title())));
    let language = form.field("language", "Language");
    let language = kept(language, "language", |rule| rule.language.clone());
    let language = language.help("Like de or en. Empty: any.").view();
    let url = form.field("url", "Leads to");
    let url = kept(url, "url", |rule| rule.url.clone());
    let url = url
        .help(
            "Like https://shop.example/s?q={keyword}&tag={tag}. {tag}: the program’s affiliate \
             key; {keyword}: these words; {query}: the message, after a ? only.",
        )
        .lines(2);
    let program = form.field("program", "Affiliate program");
    let program = kept(program, "program", |rule| {
        rule.program.as_ref().map(|program| program.id.to_string()).unwrap_or_default()
    });
    let programs = programs.into_iter().map(|it| (it.id.to_string(), it.name));
    let none = (String::new(), "None".to_owned());
    let program = program.choose_of([none].into_iter().chain(programs).collect());
    view! {
        {keyword}
        <div class="grid items-start gap-5 sm:grid-cols-2">{matching} {language}</div>
        {url}
        {program}
        {more(form, rule)}
    }
    .into_any()
}

/// What most rules do without; open when something in it was typed, is set, or is wrong.
fn more(form: &Form, rule: Option<&RuleRow>) -> AnyView {
    const USUAL: [(&str, &str); 4] =
        [("priority", "0"), ("starts", ""), ("ends", ""), ("enabled", "yes")];
    let kept = |name: &str| {
        rule.map(|rule| match name {
            "priority" => rule.priority.to_string(),
            "starts" => rule.starts.clone(),
            "ends" => rule.ends.clone(),
            _ => if rule.enabled { "yes" } else { "no" }.to_owned(),
        })
    };
    let value = |name: &str| form.value(name).map(str::to_owned).or_else(|| kept(name));
    let differs = |(name, usual): &(&str, &str)| {
        form.error(name).is_some() || value(name).is_some_and(|value| value != *usual)
    };
    let open = USUAL.iter().any(differs);
    let field = |name: &'static str, label: &'static str, usual: &str| {
        form.field(name, label).filled(value(name).unwrap_or_else(|| usual.to_owned()))
    };
    let priority = field("priority", "Priority", "0").kind(Kind::Number);
    let priority = priority.help("-1000 to 1000. The highest comes first.").view();
    let starts = field("starts", "First day", "").kind(Kind::Day).view();
    let ends = field("ends", "Last day", "").kind(Kind::Day).view();
    let enabled =
        field("enabled", "Counts", "yes").choose(&[("yes", "Yes"), ("no", "No, it is off")]);
    view! {
        <details open=open>
            <summary class="cursor-pointer font-[620]">"Priority and days"</summary>
            <div class="mt-4 grid items-start gap-5 sm:grid-cols-2">
                {priority} {enabled} {starts} {ends}
            </div>
        </details>
    }
    .into_any()
}
