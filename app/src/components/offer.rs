//! A team that is offered to somebody: what its owners and that person see of it.

use crate::{
    components::{
        field::Hidden,
        form::{Form, PostForm},
    },
    format::{As, Time},
    islands::submit::Submit,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{ownership::Offer, team::TeamCard};

/// The open offer, with what the viewer can do about it.
#[component]
pub fn OpenOffer(visit: Visit, team: TeamCard, offer: Offer) -> AnyView {
    let until = view! { <Time at=offer.expires_at now=server::now() worded=As::Until/> };
    let button = |action, label: String, class| {
        let slug = team.slug.clone();
        view! {
            <PostForm form=Form::of(&visit, action)>
                <Hidden name="team" value=slug/>
                <Submit label class/>
            </PostForm>
        }
    };
    let (words, buttons) = match offer.is_to_you {
        true => (
            format!(
                "{} offers you the team {}. You become its owner, and they become admin.",
                offer.by, team.name
            ),
            view! {
                {button("/do/ownership/accept", "Take over the team".into(), "btn btn-primary")}
                {button("/do/ownership/decline", "Decline".into(), "btn")}
            }
            .into_any(),
        ),
        false => (
            format!("{} offers the team to {}.", offer.by, offer.to),
            button("/do/ownership/withdraw", "Withdraw the offer".into(), "btn").into_any(),
        ),
    };
    view! {
        <section class="mb-8 border-s-[3px] border-ink ps-4" aria-labelledby="offer">
            <h2 class="font-[620]" id="offer">"Ownership on offer"</h2>
            <p class="mt-1 max-w-[64ch] wrap-anywhere text-ink-2">
                {words} " The offer ends " {until} "."
            </p>
            <div class="mt-3 flex flex-wrap gap-2">{buttons}</div>
        </section>
    }
    .into_any()
}
