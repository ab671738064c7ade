//! My activity: the viewer's own ledger.

use crate::{
    actions::account::load_activity,
    components::{
        account::AccountPage,
        events::{Events, Pages},
    },
    pages::failure,
    viewer::Visit,
};
use leptos::prelude::*;

/// What the viewer did, and what was tried on their account.
pub fn show(visit: Visit) -> AnyView {
    let around = visit.around();
    Suspend::new(async move {
        match load_activity(around).await {
            Ok(log) => view! {
                <AccountPage
                    visit
                    title="My activity"
                    lead="What you did, and what was tried on your account, in a chain of its own."
                >
                    <Events log path="/account/activity" pages=Pages::None/>
                </AccountPage>
            }
            .into_any(),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}
