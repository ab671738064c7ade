//! What operators read when a setting is wrong, word for word.

use super::*;

fn read(variables: &[(&str, &str)]) -> Result<Settings, Wrong> {
    Settings::read(&Source::of_environment(variables.iter().copied())?)
}

fn refused(variables: &[(&str, &str)]) -> String {
    match read(variables) {
        Ok(_) => panic!("{variables:?} was accepted"),
        Err(wrong) => wrong.to_string(),
    }
}

#[test]
fn every_default_is_right_and_nothing_needs_to_be_set() {
    let settings = read(&[]).expect("defaults are right");
    assert_eq!(settings.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(settings.signup, Signup::Invitation);
    assert!(matches!(settings.database, DatabaseSettings::Embedded { binaries: None }));
}

#[test]
fn every_plain_setting_refuses_nonsense_by_name_and_value_and_says_what_to_write() {
    let free = [
        Setting::DataDir,
        Setting::PostgresBin,
        Setting::SiteDir,
        Setting::GeoipFile,
        Setting::StreamDir,
    ];
    let plain = Setting::ALL.iter().filter(|it| !it.row().is_secret && !free.contains(it));
    for setting in plain {
        let row = setting.row();
        let said = refused(&[(row.variable, "?!")]);
        assert_eq!(said, format!("{} is \"?!\": write {}.", row.variable, row.write));
    }
}

#[test]
fn a_wrong_secret_is_named_and_not_repeated() {
    for setting in Setting::ALL.iter().filter(|it| it.row().is_secret) {
        let said = refused(&[(setting.row().variable, "hunter2")]);
        assert!(!said.contains("hunter2"), "{said}");
        let expected = format!("{setting} is not usable; its value is secret and so not shown");
        assert!(said.starts_with(&expected), "{said}");
    }
}

#[test]
fn a_secret_is_read_from_the_file_it_names() {
    let path = std::env::temp_dir().join(format!("probity-config-{}", std::process::id()));
    std::fs::write(&path, format!("{}\n", "ab".repeat(32))).expect("written");
    let path_text = path.to_str().expect("UTF-8");
    let settings = read(&[("PROBITY_MASTER_KEY_FILE", path_text)]).expect("right");
    assert!(settings.master_key.is_some());
    std::fs::remove_file(path).expect("removed");
}

#[test]
fn a_secret_file_that_is_not_there_is_named() {
    let said = refused(&[("PROBITY_MASTER_KEY_FILE", "/nowhere/key")]);
    assert_eq!(
        said,
        "PROBITY_MASTER_KEY_FILE is \"/nowhere/key\", which cannot be read (No such file or \
         directory (os error 2)): write the path of a file that holds 64 hexadecimal digits, \
         e.g. from `openssl rand -hex 32`."
    );
}

#[test]
fn a_secret_given_twice_is_refused() {
    let said = refused(&[("PROBITY_MASTER_KEY", "a"), ("PROBITY_MASTER_KEY_FILE", "b")]);
    assert_eq!(
        said,
        "PROBITY_MASTER_KEY and PROBITY_MASTER_KEY_FILE are both set: write only one of them."
    );
}

#[test]
fn an_unknown_variable_is_refused_and_the_nearest_name_suggested() {
    let said = refused(&[("PROBITY_LISEN", "127.0.0.1:3000")]);
    assert_eq!(said, "PROBITY_LISEN is not a setting: write PROBITY_LISTEN, or remove it.");
    let said = refused(&[("PROBITY_MASTERKEY_FILE", "x")]);
    assert!(said.contains("write PROBITY_MASTER_KEY_FILE"), "{said}");
    assert!(read(&[("PROBITY_TEST_DATABASE_URL", "x"), ("PATH", "y")]).is_ok());
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    assert!(read(&[("PROBITY_LISTEN", ""), ("PROBITY_MASTER_KEY", " ")]).is_ok());
}

#[test]
fn everything_wrong_is_told_at_once() {
    let said = refused(&[("PROBITY_LISTEN", "x"), ("PROBITY_SIGNUP", "y")]);
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn an_address_others_can_reach_needs_a_public_url() {
    let said = refused(&[("PROBITY_LISTEN", "0.0.0.0:3000")]);
    assert!(said.starts_with("PROBITY_PUBLIC_URL is not set, and other machines can reach"));
    let public = ("PROBITY_PUBLIC_URL", "https://probity.example.com");
    assert!(read(&[("PROBITY_LISTEN", "0.0.0.0:3000"), public]).is_ok());
}

#[test]
fn the_two_roles_of_another_server_are_given_together() {
    let url = "postgres://a:b@host/probity";
    let said = refused(&[("PROBITY_DATABASE_URL", url)]);
    assert_eq!(
        said,
        "PROBITY_DATABASE_URL is set and PROBITY_JOB_DATABASE_URL is not: write \
         postgres://probity_job:password@host/database."
    );
    let both = read(&[("PROBITY_DATABASE_URL", url), ("PROBITY_JOB_DATABASE_URL", url)]);
    assert!(matches!(both.expect("right").database, DatabaseSettings::External(_)));
}

#[test]
fn a_mail_server_elsewhere_needs_a_sender() {
    let server = ("PROBITY_SMTP_URL", "smtps://probity:secret@mail.example.com:465");
    assert_eq!(
        refused(&[server]),
        "PROBITY_SMTP_URL is set and PROBITY_MAIL_FROM is not: write a name and an address, e.g. \
         Probity <probity@example.com>."
    );
    assert!(read(&[server, ("PROBITY_MAIL_FROM", "probity@example.com")]).is_ok());
    assert!(read(&[("PROBITY_SMTP_URL", "smtp://127.0.0.1:2525")]).is_ok());
}

#[test]
fn a_session_cannot_idle_longer_than_it_lasts() {
    let said = refused(&[("PROBITY_SESSION_IDLE", "8d")]);
    assert_eq!(
        said,
        "PROBITY_SESSION_IDLE is longer than PROBITY_SESSION_LIFETIME: write the same or less."
    );
}

#[test]
fn a_file_of_places_that_is_not_there_or_something_else_is_refused_with_the_reason() {
    let write = "write the path of a country or city database in MaxMind's format (.mmdb)";
    assert_eq!(
        refused(&[("PROBITY_GEOIP_FILE", "/nowhere/country.mmdb")]),
        format!(
            "PROBITY_GEOIP_FILE is \"/nowhere/country.mmdb\", which cannot be used (No such file \
             or directory (os error 2)): {write}, or nothing."
        )
    );
    let other = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    assert_eq!(
        refused(&[("PROBITY_GEOIP_FILE", other)]),
        format!(
            "PROBITY_GEOIP_FILE is \"{other}\", which cannot be used (it is not in MaxMind's \
             format): {write}, or nothing."
        )
    );
    assert!(read(&[("PROBITY_GEOIP_FILE", "")]).expect("right").places.is_none());
}
