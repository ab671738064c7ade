//! Delete the account: what it means, then the choice, the safe one first.

use crate::{
    actions::account::load_deletion,
    components::{
        account::AccountPage,
        facts::{Fact, Facts},
        form::{Form, PostForm},
    },
    format::{self, As, Time},
    islands::submit::Submit,
    pages::failure,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::session::{Deletion, Ending};

/// The question.
pub fn show(visit: Visit) -> AnyView {
    Suspend::new(async move {
        match load_deletion().await {
            Ok(deletion) => page(visit, deletion),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn page(visit: Visit, deletion: Deletion) -> AnyView {
    let blocked = !deletion.last_owner_of.is_empty();
    let form = Form::of(&visit, "/do/account/delete");
    let email = form.field("email", "Your email address").first(&form);
    let email = email.help(format!("Type {} to go on.", deletion.email)).view();
    let content = match blocked {
        true => blocked_by(&deletion.last_owner_of),
        false => view! {
            <PostForm form class="mt-6 grid max-w-form gap-5">
                {email}
                <div class="flex flex-wrap gap-2">
                    <a class="btn" href="/account">"Keep the account"</a>
                    <Submit label="Delete my account" class="btn btn-danger"/>
                </div>
            </PostForm>
        }
        .into_any(),
    };
    let leaves = match deletion.leaves.is_empty() {
        true => "none".to_owned(),
        false => deletion.leaves.join(", "),
    };
    let ends = deletion.ends.iter().cloned().map(ends).collect_view();
    let lead = "Name and address go at once, and what was sealed under your key becomes \
                unreadable. Nobody can bring it back.";
    view! {
        <AccountPage visit title="Delete my account?" lead>
            <div class="max-w-[38rem] border-t-[5px] border-danger pt-4">
                <Facts>
                    <Fact name="Teams you leave">{leaves}</Fact>
                    {ends}
                    <Fact name="Sessions ended">{format::count(deletion.sessions)}</Fact>
                    <Fact name="Passkeys removed">{format::count(deletion.passkeys)}</Fact>
                    <Fact name="API keys">"stay: they belong to the teams"</Fact>
                </Facts>
                {content}
            </div>
        </AccountPage>
    }
    .into_any()
}

/// What becomes of a team that waits to be deleted, and of which they are the only owner.
fn ends(Ending { name, due }: Ending) -> AnyView {
    view! {
        <Fact name="Deleted without you">
            {name} ", on " <Time at=due now=server::now() worded=As::Exact/>
            ". Nobody is left who could undo it. A letter tells you where to see what becomes of it."
        </Fact>
    }
    .into_any()
}

/// A team always has an owner.
fn blocked_by(teams: &[String]) -> AnyView {
    let sentence = format!(
        "You are the only owner of {}. Make somebody else an owner there first, or delete the team: once it waits to be deleted, your account can go.",
        teams.join(", ")
    );
    view! {
        <p class="mt-6">{sentence}</p>
        <div class="mt-4 flex flex-wrap gap-2">
            <a class="btn" href="/account">"Keep the account"</a>
            <button class="btn" type="button" disabled=true>"Delete my account"</button>
        </div>
    }
    .into_any()
}
