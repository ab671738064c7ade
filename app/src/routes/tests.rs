use super::*;
use std::collections::HashSet;

#[test]
fn every_name_and_every_path_is_used_once() {
    let names: HashSet<_> = SCREENS.iter().map(|screen| screen.name).collect();
    let paths: HashSet<_> = SCREENS.iter().map(|screen| screen.path).collect();
    assert_eq!(names.len(), SCREENS.len());
    assert_eq!(paths.len(), SCREENS.len());
}

#[test]
fn every_path_leads_to_its_own_screen() {
    for screen in SCREENS {
        let (found, _) = find(screen.path).expect(screen.name);
        assert_eq!(found.name, screen.name);
    }
}

#[test]
fn a_path_that_no_row_names_leads_nowhere() {
    for path in ["/t", "/t/", "/t/halden/nothing", "/sign-in/now", "", "//", "/set-up/"] {
        assert!(find(path).is_none(), "{path}");
    }
}

#[test]
fn a_slash_at_the_end_does_not_matter() {
    assert_eq!(find("/t/halden/keys/").map(|(screen, _)| screen.name), Some("keys"));
}

#[test]
fn a_page_below_another_belongs_to_its_area() {
    let area = |path| find(path).and_then(|(screen, _)| screen.area()).map(|area| area.name);
    assert_eq!(area("/t/halden"), Some("overview"));
    assert_eq!(area("/t/halden/keys/key_7/revoke"), Some("keys"));
    assert_eq!(area("/t/halden/audit/7"), Some("audit"));
    assert_eq!(area("/sign-in"), None);
}

#[test]
fn team_pages_have_a_team_and_a_permission_and_public_ones_neither() {
    for screen in SCREENS {
        let team = screen.place == Place::Team;
        assert_eq!(screen.path.contains(":team"), team, "{}", screen.name);
        assert_eq!(screen.permission.is_some(), team, "{}", screen.name);
        assert!(team || screen.nav.is_none(), "{}", screen.name);
    }
}

#[test]
fn the_table_as_json_names_every_page() {
    let json = screens_json();
    for screen in SCREENS {
        assert!(json.contains(&format!("\"{}\"", screen.path)), "{}", screen.path);
    }
    assert!(json.contains("\"keys.manage\""));
}
