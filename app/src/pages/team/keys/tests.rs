use super::*;
use model::{Role, key::Environment};
use time::Duration;

fn team(role: Role) -> TeamCard {
    let id = format!("team_{:032x}", 1).parse().expect("an id");
    TeamCard {
        id,
        slug: "halden".into(),
        name: "Halden Freight".into(),
        role: role.into(),
        crest: model::Crest::Ink,
        bar: None,
        closing: None,
    }
}

fn in_days(days: i64) -> Option<String> {
    let at = server::now() + Duration::days(days) + Duration::hours(1);
    Some(at.format(&time::format_description::well_known::Rfc3339).expect("a time of this era"))
}

fn key(name: &str, state: KeyState, days: i64) -> KeyRow {
    KeyRow {
        id: format!("key_{:032x}", 7).parse().expect("an id"),
        name: name.into(),
        environment: Environment::Live,
        start: "pby_live_9TqWx9sY".into(),
        state,
        created_by: None,
        created_at: "2026-11-01T08:00:00Z".into(),
        expires_at: in_days(days),
        revoked_at: None,
        last_used_at: None,
        calls_24h: 48_213,
        last_used_from: String::new(),
        networks: Vec::new(),
        scopes: Vec::new(),
        rate: None,
        quota: None,
        quota_used: 0,
        metadata: String::new(),
        rotated_at: None,
        previous: None,
        leak: None,
    }
}

fn html(role: Role, rows: Vec<KeyRow>) -> String {
    let owner = Owner::new();
    let page = Page { rows, older: Some("7".into()), newer: None };
    owner.with(|| content(&team(role), &KeyQuery::default(), page).to_html())
}

#[test]
fn a_key_is_a_row_with_its_name_its_start_and_what_it_did() {
    let html = html(Role::Member, vec![key("billing-sync", KeyState::Working, 53)]);
    for words in ["billing-sync", "pby_live_9TqWx9sY", "48,213", "never", "in 53 days"] {
        assert!(html.contains(words), "{words} in {html}");
    }
    assert!(html.contains("someone who left"), "{html}");
    assert!(html.contains("href=\"/t/halden/keys?before=7\""), "{html}");
}

#[test]
fn a_key_that_ends_soon_is_marked_and_one_that_ended_is_not() {
    let soon = html(Role::Member, vec![key("route-planner", KeyState::Working, 2)]);
    assert!(soon.contains("tag-stale") && soon.contains("in 2 days"), "{soon}");
    let ended = html(Role::Member, vec![key("legacy", KeyState::Ended, -3)]);
    assert!(!ended.contains("tag-stale") && ended.contains("ended"), "{ended}");
}

#[test]
fn only_who_may_revoke_is_offered_to() {
    let rows = || vec![key("billing-sync", KeyState::Working, 53)];
    assert!(html(Role::Admin, rows()).contains("/revoke\""));
    assert!(!html(Role::Member, rows()).contains("/revoke\""));
}

#[test]
fn a_member_sees_who_could_create_a_key() {
    let owner = Owner::new();
    let html = owner
        .with(|| view! { <CreateKey team=team(Role::Member) class="btn"/> }.into_any().to_html());
    assert!(html.contains("disabled") && html.contains("Needs Admin"), "{html}");
}

#[test]
fn no_keys_say_what_a_key_is_for() {
    let owner = Owner::new();
    let none = || Page { rows: Vec::new(), older: None, newer: None };
    let html = owner.with(|| content(&team(Role::Owner), &KeyQuery::default(), none()).to_html());
    assert!(html.contains("No keys yet") && html.contains("/t/halden/keys/new"), "{html}");
    // Nothing was found: that is something else.
    let asked = KeyQuery { q: "x".into(), ..KeyQuery::default() };
    let html = owner.with(|| content(&team(Role::Owner), &asked, none()).to_html());
    assert!(html.contains("No key like that") && html.contains("value=\"x\""), "{html}");
}

#[test]
fn what_is_looked_for_stays_in_the_address_of_the_next_page() {
    let owner = Owner::new();
    let rows = vec![key("billing-sync", KeyState::Working, 53)];
    let page = Page { rows, older: Some("7".into()), newer: None };
    let asked = KeyQuery { state: "working".into(), sort: "name".into(), ..KeyQuery::default() };
    let html = owner.with(|| content(&team(Role::Owner), &asked, page).to_html());
    assert!(html.contains("/keys?state=working&amp;sort=name&amp;before=7"), "{html}");
}

#[test]
fn a_key_that_is_off_or_has_two_secrets_says_so() {
    let previous = model::key::Previous {
        start: "pby_live_00000000".into(),
        ends_at: in_days(1).unwrap_or_default(),
        works: true,
    };
    let rotating =
        KeyRow { previous: Some(previous), ..key("billing-sync", KeyState::Working, 53) };
    assert!(html(Role::Owner, vec![rotating]).contains("two secrets"));
    assert!(html(Role::Owner, vec![key("x", KeyState::Disabled, 53)]).contains(">off<"));
}
