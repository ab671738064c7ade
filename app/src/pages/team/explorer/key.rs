//! The test key that calls are made with.

use crate::{
    components::{
        field::{Hidden, Kind},
        form::{Form, PostForm},
    },
    islands::submit::Submit,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{Permission, team::TeamCard};

/// The key that this browser keeps, or the ways to one. `endpoint`: on whose page it stands.
pub(super) fn panel(
    visit: &Visit,
    team: &TeamCard,
    kept: Option<String>,
    endpoint: &'static str,
) -> AnyView {
    let content = match kept {
        Some(start) => this(visit, team, start, endpoint),
        None => none(visit, team, endpoint),
    };
    view! {
        <section class="sect sect-hang" aria-labelledby="test-key">
            <div class="mb-3">
                <h2 class="sect-title" id="test-key">"Your test key"</h2>
                <p class="note mt-1">"Only this browser keeps it, sealed for you in this team."</p>
            </div>
            <div class="min-w-0">{content}</div>
        </section>
    }
    .into_any()
}

fn this(visit: &Visit, team: &TeamCard, start: String, endpoint: &'static str) -> AnyView {
    let form = Form::of(visit, "/do/explorer/forget-key");
    let slug = team.slug.clone();
    view! {
        <PostForm form class="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Hidden name="team" value=slug/>
            <Hidden name="endpoint" value=endpoint/>
            <p>"Calls are made with " <code>{start} "…"</code></p>
            <Submit label="Forget it here" class="btn btn-sm"/>
        </PostForm>
    }
    .into_any()
}

fn none(visit: &Visit, team: &TeamCard, endpoint: &'static str) -> AnyView {
    let make = team.may(Permission::KeysManage).then(|| make(visit, team, endpoint));
    let form = Form::of(visit, "/do/explorer/keep-key");
    let (open, slug) = (make.is_none() || form.is_refused(), team.slug.clone());
    let token = form.field("token", "The whole key").kind(Kind::CurrentPassword);
    let token = token.help("It begins with pby_test_. Live keys are not taken.").view();
    view! {
        <div class="grid max-w-[38rem] gap-5">
            {make}
            <details open=open>
                <summary class="cursor-pointer font-[620]">"Use a test key that you have"</summary>
                <PostForm form class="mt-4 grid gap-4">
                    <Hidden name="team" value=slug/>
                    <Hidden name="endpoint" value=endpoint/>
                    {token}
                    <div><Submit label="Use this key" class="btn"/></div>
                </PostForm>
            </details>
        </div>
    }
    .into_any()
}

fn make(visit: &Visit, team: &TeamCard, endpoint: &'static str) -> AnyView {
    let form = Form::of(visit, "/do/explorer/make-key");
    let slug = team.slug.clone();
    let may = form.field("may", "A new key may").preset("look");
    let may = may.help("It is called API explorer and ends after a day.");
    let may = may.choose(&[
        ("look", "Look at what you may look at"),
        ("change", "Also change what you may change"),
    ]);
    view! {
        <PostForm form class="grid gap-4">
            <Hidden name="team" value=slug/>
            <Hidden name="endpoint" value=endpoint/>
            {may}
            <div><Submit label="Make a test key" class="btn btn-primary"/></div>
        </PostForm>
    }
    .into_any()
}
