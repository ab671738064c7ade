//! Sessions: where the viewer is signed in, and which browsers are remembered.

use crate::{
    actions::security::load_sessions,
    components::{
        account::AccountPage,
        facts::Section,
        field::Hidden,
        form::{Form, PostForm},
    },
    format::{As, Time},
    islands::submit::Submit,
    pages::failure,
    server,
    viewer::Visit,
};
use leptos::prelude::*;
use model::session::{DeviceRow, SessionRow, Sessions};
use time::OffsetDateTime;

/// Both lists.
pub fn show(visit: Visit) -> AnyView {
    Suspend::new(async move {
        match load_sessions().await {
            Ok(sessions) => page(visit, sessions),
            Err(failure) => failure::show(visit, failure),
        }
    })
    .into_any()
}

fn page(visit: Visit, Sessions { sessions, devices }: Sessions) -> AnyView {
    let now = server::now();
    let others = sessions.len() > 1 || !devices.is_empty();
    let end_all = Form::of(&visit, "/do/session/end-others");
    let end_all = others.then(|| {
        view! {
            <PostForm form=end_all class="mt-4">
                <Submit label="End all others" class="btn btn-danger-line"/>
            </PostForm>
        }
    });
    let rows = sessions.into_iter().map(|row| session(&visit, row, now)).collect_view();
    let remembered = match devices.is_empty() {
        true => {
            view! { <p>"None. The second factor is asked for at every sign-in."</p> }.into_any()
        }
        false => device_table(&visit, devices, now),
    };
    let lead = "An ended session is refused at its next click, whatever it was doing.";
    view! {
        <AccountPage visit title="Sessions" lead>
            <table class="ledger ledger-cards">
                <caption class="sr-only">"Your sessions, this one first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Browser"</th>
                        <th scope="col">"Place"</th>
                        <th scope="col">"Signed in with"</th>
                        <th scope="col">"Started"</th>
                        <th scope="col">"Last seen"</th>
                        <th scope="col"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {end_all}
            <div class="mt-10">
                <Section
                    id="remembered"
                    title="Remembered browsers"
                    note="They stand for the second factor for 30 days."
                >
                    {remembered}
                </Section>
            </div>
        </AccountPage>
    }
    .into_any()
}

fn session(visit: &Visit, row: SessionRow, now: OffsetDateTime) -> AnyView {
    let action = match row.is_this {
        true => view! { <span class="tag tag-ink">"this session"</span> }.into_any(),
        false => {
            let form = Form::of(visit, "/do/session/end").about("session", &row.id);
            view! {
                <PostForm form>
                    <Hidden name="session" value=row.id/>
                    <Submit label="End" class="btn btn-sm"/>
                </PostForm>
            }
            .into_any()
        }
    };
    view! {
        <tr>
            <th scope="row" class="wrap-anywhere">{row.agent}</th>
            <td class="text-ink-2" data-label="Place">
                <span class="min-w-0">
                    {row.place} ", " <code class="wrap-anywhere">{row.ip}</code>
                </span>
            </td>
            <td class="text-ink-2" data-label="Signed in with">{row.proof}</td>
            <td class="text-ink-2" data-label="Started">
                <Time at=row.created_at now worded=As::Ago/>
            </td>
            <td class="text-ink-2" data-label="Last seen">
                <Time at=row.last_seen_at now worded=As::Ago/>
            </td>
            <td class="num">{action}</td>
        </tr>
    }
    .into_any()
}

fn device_table(visit: &Visit, devices: Vec<DeviceRow>, now: OffsetDateTime) -> AnyView {
    let rows = devices
        .into_iter()
        .map(|row| {
            let form = Form::of(visit, "/do/device/forget").about("device", &row.id);
            let this = row.is_this.then(|| view! { " " <span class="tag">"this browser"</span> });
            view! {
                <tr>
                    <th scope="row" class="wrap-anywhere">{row.agent} {this}</th>
                    <td class="text-ink-2" data-label="Place">{row.place}</td>
                    <td class="text-ink-2" data-label="Last seen">
                        <Time at=row.last_seen_at now worded=As::Ago/>
                    </td>
                    <td class="text-ink-2" data-label="Until">
                        <Time at=row.trusted_until now worded=As::Until/>
                    </td>
                    <td class="num">
                        <PostForm form>
                            <Hidden name="device" value=row.id/>
                            <Submit label="Forget" class="btn btn-sm"/>
                        </PostForm>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="ledger ledger-cards">
            <caption class="sr-only">"Browsers that stand for the second factor"</caption>
            <thead>
                <tr>
                    <th scope="col">"Browser"</th>
                    <th scope="col">"Place"</th>
                    <th scope="col">"Last seen"</th>
                    <th scope="col">"Until"</th>
                    <th scope="col"><span class="sr-only">"Actions"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
