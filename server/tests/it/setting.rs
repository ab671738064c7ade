//! Wrong settings end the program at once, with exit code 2 and what to write.

use crate::program::Home;

fn refused(arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let home = Home::new();
    let output = home.run(arguments, settings);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(!home.folder.exists(), "nothing was made");
    said
}

#[test]
fn a_wrong_value_is_named_and_what_to_write_is_said() {
    assert_eq!(
        refused(&["serve"], &[("PROBITY_LISTEN", "everywhere")]),
        "probity: PROBITY_LISTEN is \"everywhere\": write an address and a port, \
         e.g. 0.0.0.0:3000.\n"
    );
    assert_eq!(
        refused(&["serve", "--signup", "never"], &[]),
        "probity: --signup is \"never\": write open or invitation.\n"
    );
}

#[test]
fn an_unknown_setting_is_refused_with_the_nearest_name() {
    assert_eq!(
        refused(&["config", "check"], &[("PROBITY_SIGN_UP", "open")]),
        "probity: PROBITY_SIGN_UP is not a setting: write PROBITY_SIGNUP, or remove it.\n"
    );
}

#[test]
fn a_public_address_without_https_is_refused() {
    let said = refused(&["serve"], &[("PROBITY_PUBLIC_URL", "http://probity.example.com")]);
    assert!(said.starts_with("probity: PROBITY_PUBLIC_URL is \"http://probity.example.com\""));
    assert!(said.contains("with https unless it is this machine's own"), "{said}");
}

#[test]
fn a_wrong_secret_is_not_repeated() {
    let said = refused(&["serve"], &[("PROBITY_MASTER_KEY", "correct horse")]);
    assert!(said.contains("PROBITY_MASTER_KEY is not usable"), "{said}");
    assert!(!said.contains("correct horse"), "{said}");
}

#[test]
fn an_unknown_flag_or_command_is_refused() {
    for arguments in [&["serve", "--listn", "x"][..], &["sing"]] {
        assert!(refused(arguments, &[]).starts_with("error: "), "{arguments:?}");
    }
}

#[test]
fn right_settings_are_said_to_be_right_without_starting_anything() {
    let home = Home::new();
    let output = home.run(&["config", "check"], &[]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(said, "The settings are right; the database is a private PostgreSQL.\n");
    assert!(!home.folder.exists());
}

#[test]
fn a_file_of_places_that_cannot_be_used_is_refused_before_anything_starts() {
    for command in [&["serve"][..], &["config", "check"], &["doctor"]] {
        let said = refused(command, &[("PROBITY_GEOIP_FILE", "/nowhere/country.mmdb")]);
        assert!(said.starts_with("probity: PROBITY_GEOIP_FILE is \"/nowhere/country.mmdb\""));
        assert!(said.contains("a country or city database in MaxMind's format"), "{said}");
    }
}
