use super::{encode, show};
use crate::{
    format::Local,
    routes::{Place, SCREENS},
    viewer::{PageContext, Trouble, Visit},
};
use leptos::prelude::*;
use model::{DateStyle, Failure, Role, account::Viewer, team::TeamCard};

/// A page that somebody looks at as this role in the team `halden`.
fn seen_by(role: Role) -> PageContext {
    let id = format!("team_{:032x}", 1).parse().expect("an id");
    let team = TeamCard {
        id,
        slug: "halden".into(),
        name: "Halden & <Sons>".into(),
        role: role.into(),
        crest: model::Crest::Ink,
        bar: None,
        closing: None,
    };
    let viewer = Viewer {
        second_factor: false,
        confirmed_until: Some("2026-11-22T08:10:00Z".into()),
        id: format!("person_{:032x}", 1).parse().expect("an id"),
        name: "Ada Lindqvist".into(),
        email: "ada@halden.example".into(),
        teams: vec![team],
        zone: "UTC".into(),
        dates: DateStyle::default(),
    };
    PageContext { viewer: Some(viewer), ..PageContext::nobody() }
}

/// The page as it is sent. There is no caller, so what has to be loaded fails.
fn html(address: &str, page: PageContext) -> String {
    let owner = Owner::new();
    owner.with(|| {
        leptos_meta::provide_meta_context();
        show(Visit::at(address, page)).to_html()
    })
}

#[test]
fn an_address_survives_being_put_into_a_query() {
    assert_eq!(encode("/t/halden/keys?before=7&x=é"), "/t/halden/keys%3Fbefore%3D7%26x%3D%C3%A9");
}

#[test]
fn every_screen_shows_a_page_even_when_nothing_can_be_loaded() {
    for screen in SCREENS {
        let address = screen.path.replace(":team", "halden").replace(':', "");
        let page = match screen.place {
            Place::Public => PageContext::nobody(),
            Place::Account | Place::Team => seen_by(Role::Owner),
        };
        let html = html(&address, page);
        assert!(!html.is_empty(), "{address}");
        assert!(!html.contains("style="), "{address} has a style of its own");
        if screen.name != "home" {
            assert_eq!(html.matches("<h1").count(), 1, "{address}: {html}");
            assert_eq!(html.matches("<main").count(), 1, "{address}");
            assert!(html.contains("href=\"#main\""), "{address} has no skip link");
        }
    }
}

#[test]
fn a_page_inside_shows_its_viewers_time() {
    let shown = |address: &str| {
        let mut page = seen_by(Role::Owner);
        let viewer = page.viewer.as_mut().expect("somebody looks");
        (viewer.zone, viewer.dates) = ("Europe/Oslo".into(), DateStyle::German);
        Owner::new().with(|| {
            leptos_meta::provide_meta_context();
            drop(show(Visit::at(address, page)));
            Local::current()
        })
    };
    let own = Local::new("Europe/Oslo", DateStyle::German);
    assert_eq!(shown("/t/halden/audit"), own);
    assert_eq!(shown("/sign-in"), Local::default());
}

#[test]
fn nobody_sees_a_page_that_needs_a_session() {
    for screen in SCREENS.iter().filter(|screen| screen.place != Place::Public) {
        let html = html(&screen.path.replace(":team", "halden"), PageContext::nobody());
        assert!(!html.contains("<h1"), "{}", screen.path);
    }
}

#[test]
fn a_page_that_needs_step_up_asks_for_it() {
    let mut page = seen_by(Role::Owner);
    page.viewer.as_mut().expect("somebody looks").confirmed_until = None;
    let html = html("/account/passkeys/new", page);
    assert!(html.contains("/account/confirm?next=/account/passkeys/new"), "{html}");
}

#[test]
fn an_unknown_address_and_another_team_look_the_same() {
    for address in ["/nothing", "/t/others", "/t/others/keys"] {
        let html = html(address, seen_by(Role::Owner));
        assert!(html.contains("Nothing here"), "{html}");
        assert!(html.contains("There is nothing here, or you may not see it."), "{html}");
        assert!(html.contains("req_00000000000000000000000000000000"), "{html}");
    }
}

#[test]
fn a_viewer_is_told_which_role_a_page_needs() {
    let html = html("/t/halden/keys/new", seen_by(Role::Viewer));
    assert!(html.contains("This needs the role Admin or above."), "{html}");
    assert!(html.contains("Needs Member"), "the sidebar says why keys are out of reach: {html}");
}

#[test]
fn a_refused_request_is_told_whatever_its_path() {
    let owner = Owner::new();
    let html = owner.with(|| {
        leptos_meta::provide_meta_context();
        provide_context(Trouble { title: None, failure: Failure::TooMany { retry_after: 61 } });
        show(Visit::at("/sign-in", PageContext::nobody())).to_html()
    });
    assert!(html.contains("Too many tries. Wait 2 minutes and try again."), "{html}");
}

#[test]
fn the_name_of_a_team_cannot_become_markup() {
    let html = html("/teams/new", seen_by(Role::Owner));
    assert!(html.contains("Halden &amp; &lt;Sons&gt;") && !html.contains("<Sons>"), "{html}");
}
