//! Answering an invitation.

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
use model::invitation::InvitationCard;

/// What the sender wrote, if anything.
#[component]
pub fn SenderWords(message: String) -> impl IntoView {
    let class = "mt-4 border-s-[3px] border-ink ps-3 wrap-anywhere whitespace-pre-line";
    (!message.is_empty()).then(|| view! { <blockquote class=class>{message}</blockquote> })
}

/// Accept or decline.
#[component]
pub fn Answers(visit: Visit, card: InvitationCard) -> AnyView {
    let id = card.id.to_string();
    let form = |action| Form::of(&visit, action).about("invitation", &id);
    let (this, same) = (id.clone(), id.clone());
    let (accept, decline) = (form("/do/invitation/accept"), form("/do/invitation/decline"));
    view! {
        <div class="flex flex-wrap items-center gap-2">
            <PostForm form=accept>
                <Hidden name="invitation" value=this/>
                <Submit label=format!("Join {}", card.team) class="btn btn-primary btn-lg"/>
            </PostForm>
            <PostForm form=decline>
                <Hidden name="invitation" value=same/>
                <Submit label="Decline" class="btn btn-lg"/>
            </PostForm>
        </div>
        <p class="mt-3 text-sm text-ink-2">
            "It ends " <Time at=card.expires_at now=server::now() worded=As::Until/> "."
        </p>
    }
    .into_any()
}
