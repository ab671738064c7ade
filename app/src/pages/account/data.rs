//! What Probity keeps about the viewer, and all of it as a file.

use crate::{
    actions::account::load_own_export,
    components::{
        account::AccountPage,
        facts::Section,
        form::{Form, PostForm},
        icon::Icon,
        kept::KeptAbout,
    },
    format::{As, Time},
    islands::submit::Submit,
    pages::failure,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::audit::{ExportLink, ExportQuery};

/// The name under which browsers keep the file.
const FILE: &str = "my-data.zip";

/// The export, and what the page says besides.
pub fn show(visit: Visit) -> AnyView {
    let query: ExportQuery = server::query();
    Suspend::new(async move {
        match load_own_export(query).await {
            Ok(link) => page(visit, link),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn page(visit: Visit, link: Option<ExportLink>) -> AnyView {
    let export = export(&visit, link);
    view! {
        <AccountPage
            visit
            title="My data"
            lead="What is kept about you is yours to have."
        >
            {export}
            <Section
                id="kept"
                title="What is kept about you"
                note="All of it, and no more: a test holds this list against the tables of the database."
            >
                <KeptAbout/>
            </Section>
        </AccountPage>
    }
    .into_any()
}

fn export(visit: &Visit, link: Option<ExportLink>) -> AnyView {
    let form = Form::of(visit, "/do/account/export");
    let (label, class) = match link {
        Some(_) => ("Make a new link", "btn btn-sm"),
        None => ("Make a link", "btn btn-primary"),
    };
    let file = link.map(file);
    view! {
        <Section
            id="export"
            title="Take it with you"
            note="Asks whether it is you, and is recorded. A link works for ten minutes, where you are \
                  signed in now."
        >
            <p class="mb-5 max-w-[64ch]">
                "One archive of JSON: your profile, teams, sessions, remembered browsers, factors by their \
                 names, searches, and every record of your own log with what proves it. It is written \
                 while you fetch it, and lies nowhere."
            </p>
            {file}
            <PostForm form>
                <Submit label class/>
            </PostForm>
        </Section>
    }
    .into_any()
}

fn file(link: ExportLink) -> AnyView {
    let href = format!("/account/data/{}/{FILE}", link.token);
    view! {
        <p>
            <span class="flex items-baseline gap-2">
                <span class="flex-none self-center">{Icon::Download.draw()}</span>
                <a class="link" href=href download=FILE>{FILE}</a>
            </span>
        </p>
        <p class="mt-3 mb-5 text-ink-2">
            "The link works until " <Time at=link.until now=server::now() worded=As::Clock/> "."
        </p>
    }
    .into_any()
}
