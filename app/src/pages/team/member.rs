//! One member: what is known, their role, and the way out.

use super::members::{seen, two_step};
use crate::{
    actions::member::load_member,
    components::{
        facts::{Fact, Facts, Section},
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        history::{History, with_history},
        may::needs,
        people::to_give,
    },
    format::{As, Time},
    islands::submit::Submit,
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Permission,
    audit::AuditPage,
    member::{MemberPage, MemberRow},
    team::TeamCard,
};

/// The member's page.
pub fn show(visit: Visit) -> AnyView {
    let person = visit.param("person").to_owned();
    pages::load(
        visit,
        |team| {
            let found = load_member(team.slug.clone(), person.clone());
            with_history(team, person, found)
        },
        page,
    )
}

fn page(
    visit: Visit,
    team: TeamCard,
    (found, history): (MemberPage, Option<AuditPage>),
) -> AnyView {
    let member = &found.member;
    let heading = Heading::named(&visit, member.name.clone());
    let id = member.person.to_string();
    let (name, email) = (member.name.clone(), member.email.clone());
    let role = role(&visit, &team, &found);
    let hand_over = hand_over(&visit, &team, &found);
    let out = way_out(&team, &found);
    let facts = facts(member.clone());
    view! {
        <Frame visit team=Some(team.clone()) heading>
            <PageHead title=name lead=email/>
            <Section id="facts" title="About them">{facts}</Section>
            <Section id="role" title="Role" note="It holds from their next click on.">
                {role}
            </Section>
            {hand_over}
            <History team=team.clone() target=id log=history/>
            {out}
        </Frame>
    }
    .into_any()
}

fn facts(member: MemberRow) -> AnyView {
    let now = server::now();
    let added_by = member.added_by.unwrap_or_else(|| "nobody who is still here".to_owned());
    view! {
        <Facts>
            <Fact name="Role">{member.role.title().to_owned()}</Fact>
            <Fact name="Two-step">{two_step(member.two_step)}</Fact>
            <Fact name="Last seen">{seen(member.last_seen_at, now)}</Fact>
            <Fact name="Joined"><Time at=member.joined_at now worded=As::Date/></Fact>
            <Fact name="Added by">{added_by}</Fact>
        </Facts>
    }
    .into_any()
}

/// Why the viewer may not change this member; none when they may.
pub(super) fn hindrance(team: &TeamCard, found: &MemberPage) -> Option<String> {
    if !team.may(Permission::MembersManage) {
        return Some(needs(Permission::MembersManage));
    }
    if let Some(lacking) = team.role.lacks_for(&found.member.role) {
        return Some(needs(lacking));
    }
    found.is_only_owner.then(|| {
        "The team’s only owner keeps the role. Make somebody else an owner first.".to_owned()
    })
}

fn role(visit: &Visit, team: &TeamCard, found: &MemberPage) -> AnyView {
    if let Some(reason) = hindrance(team, found) {
        return view! {
            <p class="text-ink-2">{found.member.role.title().to_owned()} ". " {reason}</p>
        }
        .into_any();
    }
    let form = Form::of(visit, "/do/member/change-role");
    let now = form.value("role").map(str::to_owned);
    let now = now.unwrap_or_else(|| found.member.role.which().to_string());
    let field = form.field("role", "Role").filled(now).choose_of(to_give(team, &found.roles));
    let (slug, person) = (team.slug.clone(), found.member.person.to_string());
    view! {
        <PostForm form class="grid max-w-form gap-5">
            <Hidden name="team" value=slug/>
            <Hidden name="person" value=person/>
            {field}
            <div><Submit label="Change role" class="btn"/></div>
        </PostForm>
    }
    .into_any()
}

/// Offering the team, for its owners, to somebody else in it.
fn hand_over(visit: &Visit, team: &TeamCard, found: &MemberPage) -> AnyView {
    let member = &found.member;
    if member.is_you || member.role.is_owner() || !team.role.is_owner() {
        return ().into_any();
    }
    let form = Form::of(visit, "/do/ownership/offer");
    let (slug, person) = (team.slug.clone(), member.person.to_string());
    let note = "When they accept, they become owner and you become admin. To share the ownership \
                instead, change their role above.";
    let label = format!("Offer {} to {}", team.name, member.name);
    view! {
        <Section id="hand-over" title="Hand the team over" note=note>
            <PostForm form>
                <Hidden name="team" value=slug/>
                <Hidden name="person" value=person/>
                <Submit label class="btn"/>
            </PostForm>
        </Section>
    }
    .into_any()
}

/// Leaving, or being removed.
fn way_out(team: &TeamCard, found: &MemberPage) -> AnyView {
    let you = found.member.is_you;
    if !you && !team.may(Permission::MembersManage) {
        return ().into_any();
    }
    let (title, note) = match you {
        true => ("Leave", "You lose access now, in every browser."),
        false => ("Remove", "They lose access now, in every browser."),
    };
    let barred = match (you, hindrance(team, found)) {
        (true, _) if !found.is_only_owner => None,
        (_, reason) => reason,
    };
    let content = match barred {
        Some(reason) => view! { <p class="text-ink-2">{reason}</p> }.into_any(),
        None => {
            let href = team.path(&format!("/members/{}/remove", found.member.person));
            let label = match you {
                true => format!("Leave {}", team.name),
                false => format!("Remove {}", found.member.name),
            };
            view! { <a class="btn btn-danger-line" href=href>{label}</a> }.into_any()
        }
    };
    view! { <Section id="out" title=title note=note>{content}</Section> }.into_any()
}
