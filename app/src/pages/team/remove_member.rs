//! Taking somebody out of the team, or leaving it: what ends and what stays, then the choice.

use super::member::hindrance;
use crate::{
    actions::member::load_member,
    components::{
        facts::{Fact, Facts},
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
    },
    format,
    islands::submit::Submit,
    pages,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{member::MemberPage, team::TeamCard};

/// The question.
pub fn show(visit: Visit) -> AnyView {
    let person = visit.param("person").to_owned();
    pages::load(visit, |team| load_member(team.slug, person), page)
}

fn page(visit: Visit, team: TeamCard, found: MemberPage) -> AnyView {
    let you = found.member.is_you;
    let path = team.path(&format!("/members/{}", found.member.person));
    let mut heading = Heading::named(&visit, if you { "Leave" } else { "Remove" });
    heading.above.push((found.member.name.clone(), path.clone()));
    let (title, lead) = match you {
        true => (
            format!("Leave {}?", team.name),
            "You lose access now, in every browser. To come back, somebody must invite you.",
        ),
        false => (
            format!("Remove {}?", found.member.name),
            "They lose access now: their next click in the team is refused, in every browser.",
        ),
    };
    let content = match hindrance(&team, &found).filter(|_| !you || found.is_only_owner) {
        Some(reason) => view! {
            <p class="text-ink-2">{reason}</p>
            <p class="mt-4"><a class="btn" href=path>"Back"</a></p>
        }
        .into_any(),
        None => choice(&visit, &team, &found, path),
    };
    view! {
        <Frame visit team=Some(team) heading>
            <div class="max-w-[38rem] border-t-[5px] border-danger pt-4">
                <PageHead title lead/>
                {content}
            </div>
        </Frame>
    }
    .into_any()
}

fn choice(visit: &Visit, team: &TeamCard, found: &MemberPage, back: String) -> AnyView {
    let you = found.member.is_you;
    let action = if you { "/do/member/leave" } else { "/do/member/remove" };
    let (stay, go) = match you {
        true => ("Stay", "Leave the team"),
        false => ("Keep them", "Remove from the team"),
    };
    let (slug, person) = (team.slug.clone(), found.member.person.to_string());
    let person = (!you).then(|| view! { <Hidden name="person" value=person/> });
    view! {
        {consequences(found)}
        <PostForm form=Form::of(visit, action) class="mt-6 flex flex-wrap gap-2">
            <Hidden name="team" value=slug/>
            {person}
            <a class="btn" href=back>{stay}</a>
            <Submit label=go class="btn btn-danger"/>
        </PostForm>
    }
    .into_any()
}

/// What ends with them, and what stays.
fn consequences(found: &MemberPage) -> AnyView {
    let keys = found.keys.map(|keys| {
        view! { <Fact name="Keys they made that keep working">{format::count(keys)}</Fact> }
    });
    let invitations = found.invitations.map(|open| {
        view! { <Fact name="Invitations they sent that end too">{format::count(open)}</Fact> }
    });
    let sessions = format::count(found.sessions);
    view! {
        <Facts>
            <Fact name="Open sessions, here or elsewhere">{sessions}</Fact>
            {invitations}
            {keys}
        </Facts>
    }
    .into_any()
}
