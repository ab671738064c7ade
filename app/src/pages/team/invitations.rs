//! Who is asked into the team and has not answered yet.

use crate::{
    actions::invitation::load_invitations,
    components::{
        field::Hidden,
        form::{Form, PostForm},
        frame::{Frame, Heading, PageHead},
        icon::Icon,
        notice::Empty,
        people::{PeopleTab, PeopleTabs},
        post::Post,
    },
    format::{As, Time},
    islands::{copy::Copy, submit::Submit},
    pages, server,
    viewer::{Revealed, Visit},
};
use leptos::prelude::*;
use model::{
    InvitationId,
    invitation::{InvitationRow, Invitations, MailState},
    reveal::RevealedLink,
    team::TeamCard,
};
use time::OffsetDateTime;

/// The list of open invitations; on top, a link that was just made.
pub fn show(visit: Visit) -> AnyView {
    pages::load(visit, |team| load_invitations(team.slug), page)
}

fn page(visit: Visit, team: TeamCard, found: Invitations) -> AnyView {
    let heading = Heading::of(&visit);
    let link = match visit.page.revealed.clone() {
        Some(Revealed::Link(link)) => Some(reveal(&team, link)),
        _ => None,
    };
    let list = list(&visit, &team, found.rows, found.mail_leaves);
    view! {
        <Frame visit team=Some(team.clone()) heading>
            <PeopleTabs team=team.clone() here=PeopleTab::Invitations/>
            <PageHead
                title="Invitations"
                lead="Nobody is in the team before they accept. An invitation ends with whoever \
                      sent it."
            >
                <a class="btn btn-primary" href=team.path("/members/invite")>"Invite people"</a>
            </PageHead>
            {link}
            {list}
            <Post leaves=found.mail_leaves/>
        </Frame>
    }
    .into_any()
}

/// A link to pass on by hand.
fn reveal(team: &TeamCard, link: RevealedLink) -> AnyView {
    let now = server::now();
    view! {
        <section class="mb-8 max-w-[44rem]" aria-labelledby="revealed">
            <div class="reveal">
                <h2 class="flex items-center gap-2 text-base font-[620]" id="revealed">
                    {Icon::Eye.draw()}
                    "Shown once. It works for " {link.email} " only."
                </h2>
                <code class="mt-2 block wrap-anywhere select-all">{link.url.clone()}</code>
                <div class="mt-3 flex flex-wrap items-center gap-2">
                    <Copy text=link.url label="Copy link" class="btn btn-on-signal"/>
                    <a class="btn btn-line-signal" href=team.path("/members/invitations")>"Done"</a>
                    <span class="text-sm">
                        "Ends " <Time at=link.expires_at now worded=As::Until/> "."
                    </span>
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn list(visit: &Visit, team: &TeamCard, rows: Vec<InvitationRow>, leaves: bool) -> AnyView {
    if rows.is_empty() {
        let invite = team.path("/members/invite");
        return view! {
            <Empty
                title="Nobody is invited"
                note="Paste one address or fifty; each person gets a link of their own."
            >
                <a class="btn" href=invite>"Invite people"</a>
            </Empty>
        }
        .into_any();
    }
    let caption = format!("Open invitations to {}, the newest first", team.name);
    let rows = rows.into_iter().map(|row| show_row(visit, team, row, leaves)).collect_view();
    view! {
        <table class="ledger ledger-cards">
            <caption class="sr-only">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">"Address"</th>
                    <th scope="col">"Sent"</th>
                    <th scope="col">"Mail"</th>
                    <th scope="col">"Ends"</th>
                    <th scope="col"><span class="sr-only">"Actions"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn show_row(visit: &Visit, team: &TeamCard, row: InvitationRow, leaves: bool) -> AnyView {
    let now = server::now();
    let again = act(visit, team, row.id, "/do/invitation/resend", "Send again");
    let link =
        (!row.is_over).then(|| act(visit, team, row.id, "/do/invitation/link", "Copy a link"));
    let back = act(visit, team, row.id, "/do/invitation/revoke", "Take back");
    view! {
        <tr>
            <th scope="row" class="min-w-0 md:py-2">
                <span class="block wrap-anywhere">{row.email}</span>
                <span class="block text-sm font-normal text-ink-2">{row.role.clone()}</span>
            </th>
            <td class="text-ink-2" data-label="Sent">
                <span class="min-w-0 wrap-anywhere">
                    <Time at=row.sent_at now worded=As::Ago/> " by " {row.sent_by}
                </span>
            </td>
            <td data-label="Mail">{mail(row.mail, leaves)}</td>
            <td data-label="Ends">{ends(row.is_over, row.asks, row.expires_at, now)}</td>
            <td>
                <span class="flex justify-end gap-2 max-md:flex-wrap">{again} {link} {back}</span>
            </td>
        </tr>
    }
    .into_any()
}

/// A form of one button.
fn act(
    visit: &Visit,
    team: &TeamCard,
    id: InvitationId,
    action: &'static str,
    label: &'static str,
) -> AnyView {
    let (id, slug) = (id.to_string(), team.slug.clone());
    let form = Form::of(visit, action).about("invitation", &id);
    view! {
        <PostForm form>
            <Hidden name="team" value=slug/>
            <Hidden name="invitation" value=id/>
            <Submit label class="btn btn-sm"/>
        </PostForm>
    }
    .into_any()
}

fn ends(is_over: bool, asks: bool, at: String, now: OffsetDateTime) -> AnyView {
    match (is_over, asks) {
        (true, true) => view! {
            <span class="grid justify-items-start gap-1">
                <span class="tag tag-stale">{Icon::Clock.draw()} "Over"</span>
                <span class="text-sm">"They ask for a new one."</span>
            </span>
        }
        .into_any(),
        (true, false) => {
            view! { <span class="tag tag-stale">{Icon::Clock.draw()} "Over"</span> }.into_any()
        }
        _ => view! {
            <span class="whitespace-nowrap text-ink-2"><Time at now worded=As::Until/></span>
        }
        .into_any(),
    }
}

/// What became of the letter.
fn mail(state: MailState, leaves: bool) -> AnyView {
    let quiet = |words: &'static str| view! { <span class="text-ink-2">{words}</span> }.into_any();
    let why = |tag: &'static str, why: String| {
        view! {
            <span class="grid justify-items-start gap-1">
                <span class="tag tag-stale">{Icon::Clock.draw()} {tag}</span>
                <span class="text-sm wrap-anywhere text-ink-2">{why}</span>
            </span>
        }
        .into_any()
    };
    match state {
        MailState::Unknown => quiet("not mailed"),
        MailState::Waiting => quiet("on its way"),
        MailState::Sent if !leaves => quiet("in the outbox"),
        MailState::Sent => view! {
            <span class="inline-flex items-center gap-1.5">{Icon::Check.draw()} "Sent"</span>
        }
        .into_any(),
        MailState::Delayed(reason) => why("Tried again later", reason),
        MailState::Failed(reason) => why("Not delivered", reason),
    }
}
