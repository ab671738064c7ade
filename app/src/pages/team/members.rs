//! Who is in the team.

use crate::{
    actions::member::load_members,
    components::{
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        list::ListFoot,
        may::LinkIfMay,
        notice::Empty,
        offer::OpenOffer,
        people::{PeopleTab, PeopleTabs, roles},
        search::{self, SearchForm, choice},
    },
    format::{self, As, Time},
    pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    CustomRole, Permission,
    member::{MemberOrder, MemberQuery, MemberRow, Members},
    team::TeamCard,
};
use time::OffsetDateTime;

/// The list of members.
pub fn show(visit: Visit) -> AnyView {
    let query: MemberQuery = server::query();
    let asked = query.clone();
    pages::load(
        visit,
        |team| load_members(team.slug, query),
        move |visit, team, members| page(visit, team, asked, members),
    )
}

fn page(visit: Visit, team: TeamCard, query: MemberQuery, members: Members) -> AnyView {
    let offer = members.offer.clone().map(|offer| {
        view! { <OpenOffer visit=visit.clone() team=team.clone() offer/> }
    });
    let heading = Heading::of(&visit);
    let lead = format!(
        "{}. Whoever is removed is refused at the next click, in every browser; keys they made \
         stay, because the team owns them.",
        counted(members.all)
    );
    let (inviter, invite) = (team.clone(), team.path("/members/invite"));
    view! {
        <Frame visit team=Some(team.clone()) heading=heading.clone()>
            <PeopleTabs team=team.clone() here=PeopleTab::Members/>
            <PageHead title=heading.title lead>
                <LinkIfMay
                    team=inviter
                    permission=Permission::MembersManage
                    href=invite
                    class="btn btn-primary"
                >
                    "Invite people"
                </LinkIfMay>
            </PageHead>
            {offer}
            {looked_for(&team, &query, &members.roles)}
            {list(&team, &query, members)}
        </Frame>
    }
    .into_any()
}

fn counted(people: i64) -> String {
    if people == 1 { "One person".to_owned() } else { format!("{} people", format::count(people)) }
}

/// What is looked for stands in the address.
fn looked_for(team: &TeamCard, query: &MemberQuery, own: &[CustomRole]) -> AnyView {
    let roles = roles(own).map(|role| (role.which().to_string(), role.title().to_owned()));
    let roles = [(String::new(), "All roles".to_owned())].into_iter().chain(roles);
    let two_step = [("", "Two-step: all"), ("on", "Two-step on"), ("off", "Not set up")];
    let orders = MemberOrder::ALL.map(|order| (order.name(), order.title()));
    let choices = [
        choice("role", "Role", roles, &query.role),
        choice("two_step", "Two-step sign-in", two_step, &query.two_step),
        choice("sort", "Order", orders, &query.sort),
    ];
    view! {
        <SearchForm path=team.path("/members") words="Name or email" typed=query.q.clone()>
            {choices}
        </SearchForm>
    }
    .into_any()
}

/// The address of these members, with what is asked for and nothing else.
fn path(team: &TeamCard, query: &MemberQuery) -> String {
    let asked = [
        ("q", query.q.as_str()),
        ("role", &query.role),
        ("two_step", &query.two_step),
        ("sort", &query.sort),
    ];
    search::address(team.path("/members"), &asked)
}

fn list(team: &TeamCard, query: &MemberQuery, members: Members) -> AnyView {
    let page = members.page;
    if page.rows.is_empty() {
        let all = team.path("/members");
        return view! {
            <Empty
                title="Nobody like that"
                note="Search for a part of a name or an address, or ask for less."
            >
                <a class="btn" href=all>"Show everybody"</a>
            </Empty>
        }
        .into_any();
    }
    let now = server::now();
    let only_owner = members.owners == 1;
    let rows =
        page.rows.into_iter().map(|member| row(team, member, only_owner, now)).collect_view();
    let path = path(team, query);
    let order = MemberOrder::from_name(&query.sort).unwrap_or_default();
    view! {
        <table class="ledger ledger-cards">
            <caption class="sr-only">{format!("Members of {}, {}", team.name, order.title())}</caption>
            <thead>
                <tr>
                    <th scope="col">"Person"</th>
                    <th scope="col">"Role"</th>
                    <th scope="col">"Two-step"</th>
                    <th scope="col">"Last seen"</th>
                    <th scope="col">"Joined"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            <ListFoot columns=5 path newer=page.newer older=page.older words=("Previous", "Next")>
                {order.title()}
            </ListFoot>
        </table>
    }
    .into_any()
}

fn row(team: &TeamCard, member: MemberRow, only_owner: bool, now: OffsetDateTime) -> AnyView {
    let href = team.path(&format!("/members/{}", member.person));
    let by = member.added_by.clone().map(|who| {
        view! { <span class="text-sm wrap-anywhere text-ink-3">{format!("by {who}")}</span> }
    });
    let alone = (only_owner && member.role.is_owner())
        .then(|| view! { <span class="text-sm text-ink-3">"the only one, cannot leave"</span> });
    view! {
        <tr>
            <th scope="row" class="min-w-0 md:py-2">
                <span class="flex flex-wrap items-center gap-x-2">
                    <a class="max-w-full hover:underline md:max-w-72" href=href>
                        <span class="truncate">{member.name.clone()}</span>
                    </a>
                    {member.is_you.then(|| view! { <span class="tag">"you"</span> })}
                </span>
                <span class="block text-sm font-normal wrap-anywhere text-ink-2">
                    {member.email.clone()}
                </span>
            </th>
            <td data-label="Role">
                <span class="grid">{member.role.title().to_owned()} {alone}</span>
            </td>
            <td data-label="Two-step">{two_step(member.two_step)}</td>
            <td class="text-ink-2" data-label="Last seen">{seen(member.last_seen_at, now)}</td>
            <td class="text-ink-2" data-label="Joined">
                <span class="grid">
                    <span><Time at=member.joined_at now worded=As::Date/></span>
                    {by}
                </span>
            </td>
        </tr>
    }
    .into_any()
}

/// Whether a password alone lets them in.
pub(super) fn two_step(on: bool) -> AnyView {
    match on {
        true => view! {
            <span class="inline-flex items-center gap-1.5">{Icon::Check.draw()} "On"</span>
        }
        .into_any(),
        false => view! { <span class="tag tag-stale">{Icon::Clock.draw()} "Not set up"</span> }
            .into_any(),
    }
}

/// When they last clicked, as far as it is kept.
pub(super) fn seen(at: Option<String>, now: OffsetDateTime) -> AnyView {
    match at {
        Some(at) => view! { <Time at now worded=As::Ago/> }.into_any(),
        None => view! { <span class="text-ink-3">"not lately"</span> }.into_any(),
    }
}
