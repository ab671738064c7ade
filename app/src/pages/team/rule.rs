//! One keyword rule: what it says, changing it, switching it off, and its end.

use super::{new_rule::fields, rules::tag};
use crate::{
    actions::rule::load_rule,
    components::{
        facts::{Fact, Facts, Section},
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        may::needs,
    },
    format,
    islands::submit::Submit,
    pages,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Permission,
    rule::{RulePage, RuleRow},
    team::TeamCard,
};

/// The rule's page.
pub fn show(visit: Visit) -> AnyView {
    let rule = visit.param("rule").to_owned();
    pages::load(visit, |team| load_rule(team.slug, rule), page)
}

fn page(visit: Visit, team: TeamCard, found: RulePage) -> AnyView {
    let heading = Heading::named(&visit, found.rule.keyword.clone());
    let title = found.rule.keyword.clone();
    let tag = tag(&found.rule);
    let content = match team.may(Permission::RulesEdit) {
        true => editor(&visit, &team, found),
        false => facts(found.rule),
    };
    view! {
        <Frame visit team=Some(team) heading>
            <PageHead title>{tag}</PageHead>
            {content}
        </Frame>
    }
    .into_any()
}

fn facts(rule: RuleRow) -> AnyView {
    let or = |text: String, otherwise: &str| match text.is_empty() {
        true => otherwise.to_owned(),
        false => text,
    };
    let program = rule.program.map(|program| program.name).unwrap_or_default();
    view! {
        <Facts>
            <Fact name="Keyword">{rule.keyword}</Fact>
            <Fact name="Looked for as">{rule.matching.title()}</Fact>
            <Fact name="Language">{or(rule.language, "any")}</Fact>
            <Fact name="Leads to"><code>{rule.url}</code></Fact>
            <Fact name="Program">{or(program, "none")}</Fact>
            <Fact name="Priority">{format::count(rule.priority.into())}</Fact>
            <Fact name="First day">{or(rule.starts, "none")}</Fact>
            <Fact name="Last day">{or(rule.ends, "none")}</Fact>
        </Facts>
        <p class="mt-5 text-ink-2">{needs(Permission::RulesEdit)} " to change it."</p>
    }
    .into_any()
}

fn editor(visit: &Visit, team: &TeamCard, found: RulePage) -> AnyView {
    let form = Form::of(visit, "/do/rule/update");
    let fields = fields(&form, found.programs, Some(&found.rule));
    let (slug, id) = (team.slug.clone(), found.rule.id.to_string());
    let switch = switch(visit, team, &found.rule);
    let delete = team.path(&format!("/rules/{id}/delete"));
    view! {
        <PostForm form class="mb-10 grid max-w-[38rem] gap-5">
            <Hidden name="team" value=slug/>
            <Hidden name="rule" value=id/>
            {fields}
            <div><Submit label="Save" class="btn btn-primary"/></div>
        </PostForm>
        {switch}
        <Section id="delete" title="Delete it" note="For good. To keep it for later, switch it off.">
            <a class="btn btn-danger-line" href=delete>"Delete the rule"</a>
        </Section>
    }
    .into_any()
}

/// Off for a while, and on again.
fn switch(visit: &Visit, team: &TeamCard, rule: &RuleRow) -> AnyView {
    let (action, label, note) = match rule.enabled {
        true => ("/do/rule/disable", "Switch it off", "It is left out until it is switched on."),
        false => ("/do/rule/enable", "Switch it on", "It is off, and counts for no message."),
    };
    let form = Form::of(visit, action);
    let (slug, id) = (team.slug.clone(), rule.id.to_string());
    view! {
        <Section id="switch" title="Off for a while" note=note>
            <PostForm form>
                <Hidden name="team" value=slug/>
                <Hidden name="rule" value=id/>
                <Submit label=label class="btn"/>
            </PostForm>
        </Section>
    }
    .into_any()
}
