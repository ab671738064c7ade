//! Profile: name, time zone, language of dates, e-mail address.

use crate::{
    actions::account::load_entrance,
    components::{
        account::AccountPage,
        facts::Section,
        field::Kind,
        form::{Form, PostForm},
        post::Post,
    },
    islands::submit::Submit,
    pages::failure,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::{DateStyle, Failure, account::Viewer};

/// What others see, and how times are shown.
pub fn show(visit: Visit) -> AnyView {
    let Some(viewer) = visit.page.viewer.clone() else {
        return failure::show(visit, Failure::Unauthenticated);
    };
    Suspend::new(async move {
        let leaves = load_entrance().await.map_or(true, |entrance| entrance.mail_leaves);
        page(visit, viewer, leaves)
    })
    .into_any()
}

fn page(visit: Visit, viewer: Viewer, leaves: bool) -> AnyView {
    let details = details(&visit, &viewer);
    let address = address(&visit, &viewer, leaves);
    view! {
        <AccountPage visit title="Profile">
            {details}
            {address}
            <Section id="delete" title="Delete">
                <p class="mb-4 max-w-[64ch]">
                    "Your memberships end, and your name and address go. Records of what you did \
                    stay in the logs of your teams and say “deleted person”."
                </p>
                <a class="btn btn-danger-line" href="/account/delete">"Delete my account"</a>
            </Section>
        </AccountPage>
    }
    .into_any()
}

fn details(visit: &Visit, viewer: &Viewer) -> AnyView {
    let form = Form::of(visit, "/do/account/profile");
    let typed = |field: &str, now: &str| form.value(field).unwrap_or(now).to_owned();
    let name = form.field("name", "Your name").autocomplete("name");
    let name = name.filled(typed("name", &viewer.name)).view();
    let zones = server::zones().iter().map(|zone| (zone.as_str(), zone.as_str())).collect();
    let zone = form.field("time_zone", "Time zone").filled(typed("time_zone", &viewer.zone));
    let zone = zone.choose_of(zones);
    let styles = DateStyle::ALL.iter().map(|style| (style.name(), style.title())).collect();
    let dates = form.field("date_style", "Dates");
    let dates = dates.filled(typed("date_style", viewer.dates.name())).choose_of(styles);
    view! {
        <Section id="details" title="You" note="Everybody in your teams sees your name.">
            <PostForm form class="grid max-w-form gap-5">
                {name} {zone} {dates}
                <div><Submit label="Save" class="btn btn-primary"/></div>
            </PostForm>
        </Section>
    }
    .into_any()
}

fn address(visit: &Visit, viewer: &Viewer, leaves: bool) -> AnyView {
    let form = Form::of(visit, "/do/account/ask-email");
    let field = form.field("email", "New address").kind(Kind::Email).autocomplete("email");
    let field = field.help("A link goes there. The old address is told once it was opened.").view();
    let now = viewer.email.clone();
    view! {
        <Section id="address" title="Email" note="You sign in with it, and notices go there.">
            <p class="mb-4 wrap-anywhere">{now}</p>
            <PostForm form class="grid max-w-form gap-4">
                {field}
                <div><Submit label="Send the link" class="btn"/></div>
            </PostForm>
            <Post leaves/>
        </Section>
    }
    .into_any()
}
