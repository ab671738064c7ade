//! Trying a message on the team's rules.

use crate::{
    actions::rule::try_message,
    components::{
        frame::{Frame, Heading, PageHead},
        notice::Empty,
    },
    format, pages, server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    Failure, FieldError,
    rule::{Offer, TryRules},
    team::TeamCard,
};

/// A message, and what it matches.
pub fn show(visit: Visit) -> AnyView {
    let tried: TryRules = server::query();
    let asked = tried.clone();
    pages::load(
        visit,
        |team| async move {
            if asked.message.is_empty() {
                return Ok(Ok(Vec::new()));
            }
            match try_message(team.slug, asked).await {
                Err(Failure::Invalid(errors)) => Ok(Err(errors)),
                found => found.map(Ok),
            }
        },
        move |visit, team, found| page(visit, team, tried, found),
    )
}

type Tried = Result<Vec<Offer>, Vec<FieldError>>;

fn page(visit: Visit, team: TeamCard, tried: TryRules, found: Tried) -> AnyView {
    let heading = Heading::of(&visit);
    let content = match found {
        Err(errors) => {
            let said: Vec<String> = errors.into_iter().map(|error| error.message).collect();
            view! { <p class="refused mt-6" role="alert">{said.join(" ")}</p> }.into_any()
        }
        Ok(_) if tried.message.is_empty() => ().into_any(),
        Ok(offers) if offers.is_empty() => view! {
            <Empty
                title="No offer for this message"
                note="No rule that counts today has a keyword in it, in this language."
            />
        }
        .into_any(),
        Ok(offers) => list(&team, offers),
    };
    let action = team.path("/rules/try");
    view! {
        <Frame visit team=Some(team) heading=heading.clone()>
            <PageHead
                title=heading.title
                lead="What POST /v1/match would answer now, with {tag} in place of the affiliate \
                      key. It is not counted."
            />
            <form class="mb-8 grid max-w-[38rem] gap-4" method="get" action=action>
                <div class="field">
                    <label class="label" for="field-message">"Message"</label>
                    <textarea
                        class="input h-auto"
                        id="field-message"
                        name="message"
                        rows="3"
                        maxlength="1000"
                    >
                        {tried.message}
                    </textarea>
                </div>
                <div class="field">
                    <label class="label" for="field-language">"Language"</label>
                    <input
                        class="input w-28"
                        id="field-language"
                        name="language"
                        value=tried.language
                        spellcheck="false"
                        autocomplete="off"
                        aria-describedby="field-language-note"
                    />
                    <p class="help" id="field-language-note">
                        "Like de. Empty: rules of every language."
                    </p>
                </div>
                <div><button class="btn btn-primary" type="submit">"Try it"</button></div>
            </form>
            {content}
        </Frame>
    }
    .into_any()
}

fn list(team: &TeamCard, offers: Vec<Offer>) -> AnyView {
    let heading = format::counted(offers.len() as i64, "offer", "offers");
    let rows = offers.into_iter().map(|offer| row(team, offer)).collect_view();
    view! {
        <table class="ledger ledger-cards">
            <caption class="sr-only">{heading.clone()} " for the message, the best first"</caption>
            <thead>
                <tr>
                    <th scope="col">"Keyword"</th>
                    <th scope="col">"Leads to"</th>
                    <th scope="col">"Program"</th>
                    <th scope="col" class="num">"Priority"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            <tfoot>
                <tr>
                    <td colspan="4">{heading} ", the best first"</td>
                </tr>
            </tfoot>
        </table>
    }
    .into_any()
}

fn row(team: &TeamCard, offer: Offer) -> AnyView {
    let href = team.path(&format!("/rules/{}", offer.rule));
    view! {
        <tr>
            <th scope="row" class="min-w-0 wrap-anywhere">
                <a class="hover:underline" href=href>{offer.keyword}</a>
            </th>
            <td class="min-w-0 wrap-anywhere max-md:order-last max-md:col-span-2">
                <code class="text-ink-2">{offer.url}</code>
            </td>
            <td class="text-ink-2 max-md:hidden">{offer.program.unwrap_or_default()}</td>
            <td class="num">{format::count(offer.priority.into())}</td>
        </tr>
    }
    .into_any()
}
