//! An invitation, as whoever opens its link finds it.

use super::link;
use crate::{
    actions::{invitation::load_invitation, with_next},
    components::{
        answer::{Answers, SenderWords},
        bare::Bare,
        field::{Hidden, Kind},
        form::{Form, PostForm},
    },
    islands::submit::Submit,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{
    account::bounds::PASSWORD_LEAST,
    invitation::{InvitationCard, Stage},
};

/// Who invites, into which team, and the way in; or why the link is no longer good.
pub fn show(visit: Visit) -> AnyView {
    link::open(visit, load_invitation, page, ("/", "Go to Probity"))
}

fn page(visit: Visit, token: String, card: InvitationCard) -> AnyView {
    let title = match card.state {
        Stage::Over | Stage::Asked => "This invitation is over",
        Stage::Inside => "You are in this team already",
        _ => "You are invited",
    };
    let lead = format!(
        "{} invites {} to the team {} as {}.",
        card.sent_by, card.email, card.team, card.role
    );
    let message = card.message.clone();
    let way = way_in(&visit, token, card);
    view! {
        <Bare visit title lead>
            <SenderWords message/>
            <div class="mt-8">{way}</div>
        </Bare>
    }
    .into_any()
}

fn way_in(visit: &Visit, token: String, card: InvitationCard) -> AnyView {
    let here = format!("/invitation/{token}");
    match card.state {
        Stage::Answer => view! { <Answers visit=visit.clone() card/> }.into_any(),
        Stage::Inside => view! {
            <a class="btn btn-primary btn-lg" href=format!("/t/{}", card.slug)>"Go to the team"</a>
        }
        .into_any(),
        Stage::OtherAccount => other_account(visit, here, &card),
        Stage::SignIn => view! {
            <p class="mb-4 text-ink-2">"This address has an account. Sign in with it to accept."</p>
            <a class="btn btn-primary btn-lg" href=with_next("/sign-in", &here)>"Sign in"</a>
        }
        .into_any(),
        Stage::Unproven => unproven(&here, &card),
        Stage::Join => join(visit, token, &card),
        Stage::Over => over(visit, token, &card),
        Stage::Asked => view! {
            <p class="text-ink-2">
                {card.sent_by} " knows that you ask for a new one. It comes by mail."
            </p>
        }
        .into_any(),
    }
}

fn other_account(visit: &Visit, here: String, card: &InvitationCard) -> AnyView {
    let you = visit.page.viewer.as_ref().map(|viewer| viewer.email.clone()).unwrap_or_default();
    view! {
        <p class="mb-4 wrap-anywhere">
            "You are signed in as " <strong>{you}</strong> ". This invitation is for "
            <strong>{card.email.clone()}</strong> " and for no other account."
        </p>
        <PostForm form=Form::of(visit, "/do/account/sign-out")>
            <Hidden name="next" value=here/>
            <Submit label="Sign out, and go on with that address" class="btn btn-primary btn-lg"/>
        </PostForm>
        <p class="mt-6 text-ink-2">
            "Or ask " {card.sent_by.clone()} " to invite the address that you use."
        </p>
    }
    .into_any()
}

/// A copied link proves nothing, and says nothing about who has an account.
fn unproven(here: &str, card: &InvitationCard) -> AnyView {
    view! {
        <p class="mb-4 wrap-anywhere text-ink-2">
            "To accept, sign in as " {card.email.clone()} "."
        </p>
        <a class="btn btn-primary btn-lg" href=with_next("/sign-in", here)>"Sign in"</a>
        <p class="mt-6 text-ink-2">
            "No account yet? The mail that was sent to this address has a link which makes one."
        </p>
    }
    .into_any()
}

fn join(visit: &Visit, token: String, card: &InvitationCard) -> AnyView {
    let form = Form::of(visit, "/do/invitation/join");
    let help = format!("At least {PASSWORD_LEAST} characters; a sentence is a good one.");
    let name = form.field("name", "Your name").autocomplete("name").large().first(&form).view();
    let password = form.field("password", "Password").kind(Kind::NewPassword);
    let password = password.autocomplete("new-password").large().help(help).view();
    let sign_in = with_next("/sign-in", &format!("/invitation/{token}"));
    let email = card.email.clone();
    view! {
        <PostForm form class="grid gap-5">
            <Hidden name="token" value=token/>
            <input type="hidden" autocomplete="username" value=email/>
            {name}
            {password}
            <button class="btn btn-primary btn-lg" type="submit">"Create account and join"</button>
        </PostForm>
        <p class="mt-8 text-ink-2">
            "You have an account with another address? " <a class="link" href=sign_in>"Sign in"</a>
            ", and ask for an invitation to that one."
        </p>
    }
    .into_any()
}

fn over(visit: &Visit, token: String, card: &InvitationCard) -> AnyView {
    let form = Form::of(visit, "/do/invitation/ask");
    view! {
        <p class="mb-4 text-ink-2">
            "It was not accepted in time. " {card.sent_by.clone()} " can send it again."
        </p>
        <PostForm form>
            <Hidden name="token" value=token/>
            <Submit label="Ask for a new one" class="btn btn-primary btn-lg"/>
        </PostForm>
    }
    .into_any()
}
