//! What the team asks of its members and keys beside roles.

use crate::{
    actions::policy::load_policy,
    components::{
        facts::Section,
        field::{Field, Hidden, Kind},
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    format::{As, Time},
    islands::{copy::Copy, submit::Submit},
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    key::bounds::DAYS_MOST,
    security::{Lacking, SecurityPolicy, bounds},
    team::TeamCard,
};

/// One section and form for each rule.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, |team| load_policy(team.slug), page)
}

fn page(visit: Visit, team: TeamCard, policy: SecurityPolicy) -> AnyView {
    let heading = Heading::of(&visit);
    let sections = [
        factor(&visit, &team, &policy),
        domains(&visit, &team, &policy),
        networks(&visit, &team, &policy),
        sessions(&visit, &team, &policy),
        keys(&visit, &team, &policy),
        records(&visit, &team, &policy),
    ];
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="Whoever does not keep to it stays a member, and reaches nothing of the team \
                      until they do. The database refuses them too."
            />
            {sections}
        </Frame>
    }
    .into_any()
}

/// A form for one rule.
fn rule(form: Form, team: &TeamCard, fields: impl IntoView + 'static) -> AnyView {
    let slug = team.slug.clone();
    view! {
        <PostForm form class="grid max-w-form gap-5">
            <Hidden name="team" value=slug/>
            {fields}
            <div><Submit label="Save" class="btn"/></div>
        </PostForm>
    }
    .into_any()
}

/// The field with what is kept, unless something else was typed.
fn kept(form: &Form, field: Field, name: &str, value: String) -> Field {
    if form.value(name).is_some() { field } else { field.filled(value) }
}

fn factor(visit: &Visit, team: &TeamCard, policy: &SecurityPolicy) -> AnyView {
    let form = Form::of(visit, "/do/policy/factor");
    let day = form.field("day", "Required from (empty: never)").kind(Kind::Day);
    let day = kept(&form, day, "day", policy.required_day.clone());
    let day = day.help(format!("It begins at midnight, {}.", policy.zone)).view();
    let since = policy.required_from.clone().map(|at| {
        view! {
            <p class="mb-4">
                "Required from " <Time at now=server::now() worded=As::Date/> " on."
            </p>
        }
    });
    let concerned = concerned(&policy.lacking);
    let rule = rule(form, team, day);
    view! {
        <Section
            id="factor"
            title="Two-step sign-in"
            note="Members without it are reminded by mail a week and a day before."
        >
            {since} {rule} {concerned}
        </Section>
    }
    .into_any()
}

/// Who would be kept out today.
fn concerned(lacking: &[Lacking]) -> AnyView {
    if lacking.is_empty() {
        return view! { <p class="mt-5 text-ink-2">"Everybody has set it up."</p> }.into_any();
    }
    let emails = lacking.iter().map(|who| who.email.as_str()).collect::<Vec<_>>().join(", ");
    let rows = lacking
        .iter()
        .map(|who| {
            view! {
                <li class="wrap-anywhere">
                    {who.name.clone()} " " <span class="text-ink-2">{who.email.clone()}</span>
                </li>
            }
        })
        .collect_view();
    let summary = match lacking.len() {
        1 => "One member has not set it up".to_owned(),
        many => format!("{many} members have not set it up"),
    };
    view! {
        <details class="mt-5">
            <summary class="cursor-pointer">{summary}</summary>
            <ul class="mt-2 grid gap-1">{rows}</ul>
            <div class="mt-3">
                <Copy text=emails label="Copy their addresses" class="btn btn-sm"/>
            </div>
        </details>
    }
    .into_any()
}

fn domains(visit: &Visit, team: &TeamCard, policy: &SecurityPolicy) -> AnyView {
    let form = Form::of(visit, "/do/policy/domains");
    let field = form.field("domains", "Domains, one on each line (empty: all)");
    let field = kept(&form, field, "domains", policy.domains.join("\n")).lines(3);
    let rule = rule(form, team, field);
    view! {
        <Section
            id="domains"
            title="Email domains"
            note="Whoever comes in has an address of one of these. Who is in stays in."
        >
            {rule}
        </Section>
    }
    .into_any()
}

fn networks(visit: &Visit, team: &TeamCard, policy: &SecurityPolicy) -> AnyView {
    let form = Form::of(visit, "/do/policy/networks");
    let field = form.field("networks", "Networks, one on each line (empty: all)");
    let field = kept(&form, field, "networks", policy.networks.join("\n"));
    let you = match policy.your_ip.as_str() {
        "" => "Your own address is unknown.".to_owned(),
        ip => format!("You are at {ip}. A list without you is refused."),
    };
    let rule = rule(form, team, field.help(you).lines(3));
    view! {
        <Section
            id="networks"
            title="Networks"
            note="From where members can enter the team in a browser. The API does not ask."
        >
            {rule}
        </Section>
    }
    .into_any()
}

fn sessions(visit: &Visit, team: &TeamCard, policy: &SecurityPolicy) -> AnyView {
    let form = Form::of(visit, "/do/policy/sessions");
    let field = form.field("hours", "Sign in again after, hours (empty: no rule)");
    let field = field.kind(Kind::Number);
    let value = policy.session_hours.map(|hours| hours.to_string()).unwrap_or_default();
    let field = kept(&form, field, "hours", value);
    let help =
        format!("1 to {}, which is as long as a session lasts here.", policy.session_hours_most);
    let rule = rule(form, team, field.help(help).view());
    view! {
        <Section
            id="sessions"
            title="Sessions"
            note="An older session still reaches other teams, and not this one."
        >
            {rule}
        </Section>
    }
    .into_any()
}

fn keys(visit: &Visit, team: &TeamCard, policy: &SecurityPolicy) -> AnyView {
    let form = Form::of(visit, "/do/policy/keys");
    let days = form.field("days", "A key lasts at most, days (empty: no rule)").kind(Kind::Number);
    let value = policy.key_days.map(|days| days.to_string()).unwrap_or_default();
    let days = kept(&form, days, "days", value).help(format!("1 to {DAYS_MOST}.")).view();
    let live = form.field("live_mfa", "Live keys are made by");
    let value = if policy.key_live_mfa { "yes" } else { "no" };
    let live = kept(&form, live, "live_mfa", value.to_owned());
    let live = live.choose(&[
        ("no", "Whoever may make keys"),
        ("yes", "Whoever may make keys and has two-step sign-in"),
    ]);
    let networks = form.field("key_networks", "Networks of a key");
    let value = if policy.key_networks { "yes" } else { "no" };
    let networks = kept(&form, networks, "key_networks", value.to_owned());
    let networks = networks.choose(&[
        ("no", "It may be used from anywhere"),
        ("yes", "It names the networks that it is used from"),
    ]);
    let leaks = form.field("key_leak_off", "A key that is found in public");
    let value = if policy.key_leak_off { "yes" } else { "no" };
    let leaks = kept(&form, leaks, "key_leak_off", value.to_owned());
    let leaks = leaks.choose(&[
        ("no", "Works on; who can rotate it is told"),
        ("yes", "Is switched off at once; who can rotate it is told"),
    ]);
    let rule = rule(form, team, view! { {days} {live} {networks} {leaks} });
    view! {
        <Section id="keys" title="Keys" note="Days and networks hold for keys \
            that exist, too: such a key ends when a new one would, and one that names no network \
            is refused.">
            {rule}
        </Section>
    }
    .into_any()
}

fn records(visit: &Visit, team: &TeamCard, policy: &SecurityPolicy) -> AnyView {
    let form = Form::of(visit, "/do/policy/retention");
    let days = form.field("days", "Records are kept for, days").kind(Kind::Number);
    let days = kept(&form, days, "days", policy.audit_days.to_string());
    let (least, most) = bounds::AUDIT_DAYS.into_inner();
    let days = days.help(format!("{least} to {most}, which is ten years.")).view();
    let hold = form.field("hold", "Legal hold: why nothing is removed for now (empty: none)");
    let hold = kept(&form, hold, "hold", policy.audit_hold.clone());
    let hold = hold.help("It stands in the log. As long as it stands, records of any age stay.");
    let held = (!policy.audit_hold.is_empty()).then(|| {
        view! { <p class="mb-4">"A legal hold stands: nothing is removed."</p> }
    });
    let rule = rule(form, team, view! { {days} {hold.view()} });
    view! {
        <Section
            id="records"
            title="Audit log"
            note="Older records go for good, behind a signed word on what went: the rest still \
                  verifies. A ledger that was tampered with keeps everything."
        >
            {held} {rule}
        </Section>
    }
    .into_any()
}
