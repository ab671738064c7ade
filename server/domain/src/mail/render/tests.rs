//! Both forms of every letter, as people read them.

use super::*;
use crate::mail::{KeyEnd, Remedy};
use model::deletion::Stage;
use time::macros::datetime;

const URL: &str = "https://probity.example.com";

fn read(letter: &Letter, name: &str) -> Rendered {
    let at = datetime!(2026-11-22 08:05 UTC);
    render(letter, &Reader { name, public_url: URL, at })
}

fn all() -> Vec<Letter> {
    let token = || SecretString::from("t0k3n");
    let at = datetime!(2026-11-22 09:30 +1);
    vec![
        Letter::ConfirmSignUp { token: token() },
        Letter::SignUpExists,
        Letter::ConfirmEmail { token: token() },
        Letter::EmailChanged { to: "a***@example.com".into() },
        Letter::ResetPassword { token: token() },
        Letter::PasswordChanged,
        Letter::NewDevice { agent: "Firefox on Linux".into(), place: "Norway".into(), at },
        Letter::FactorAdded { what: "passkey \"Office <key>\"".into() },
        Letter::FactorRemoved { what: "authenticator app".into() },
        Letter::RecoveryCodeUsed { left: 1 },
        Letter::RecoveryCodesRenewed,
        Letter::SignInBlocked { at },
        Letter::AccountDeleted,
        Letter::ResetByOperator { token: token() },
    ]
    .into_iter()
    .chain(of_teams())
    .chain(of_keys())
    .collect()
}

fn of_teams() -> [Letter; 14] {
    let (team, slug) = (|| "Halden <& Co>".to_owned(), || "halden".to_owned());
    let by = || "Ada".to_owned();
    let from = datetime!(2026-12-01 00:00 UTC);
    let what = "networks 192.0.2.0/24, two-step sign-in".into();
    let (role, message) = ("Admin".into(), "Come <in>".into());
    [
        Letter::Invitation { team: team(), by: by(), role, message, token: "t0k3n".into() },
        Letter::OwnershipOffered { team: team(), slug: slug(), by: by() },
        Letter::OwnershipTaken { team: team(), by: by() },
        Letter::SecondFactorDue { team: team(), from },
        Letter::PolicyLifted { team: team(), slug: slug(), what },
        Letter::TeamSuspended { team: team(), slug: slug() },
        Letter::TeamResumed { team: team(), slug: slug() },
        Letter::DeletionAsked { by: "Ada".into(), team: "Halden".into(), slug: "halden".into() },
        Letter::DeletionBegins {
            due: datetime!(2026-11-29 09:30 +1),
            by: "Ada".into(),
            team: "Halden".into(),
            slug: "halden".into(),
        },
        Letter::DeletionUndone { by: "Ada".into(), team: "Halden".into(), slug: "halden".into() },
        Letter::DeletionLeft {
            team: "Halden".into(),
            due: datetime!(2026-11-29 09:30 +1),
            link: "t0k3n".into(),
        },
        Letter::TeamDeleted {
            team: "Halden".into(),
            stages: vec![(Stage::Key, datetime!(2026-11-29 09:30 +1))],
            link: "t0k3n".into(),
            certificate: format!("{{\"rows\":\"{}\"}}", "x".repeat(3_000)),
        },
        Letter::ExportReady { team: team(), slug: slug(), export: "data_1".into() },
        Letter::InvitationAsked { email: "ben@example.com".into(), team: team(), slug: slug() },
    ]
}

fn of_keys() -> [Letter; 4] {
    let (team, page) = (|| "Halden <& Co>".to_owned(), || "/t/halden/keys/key_1".to_owned());
    let key = || "billing <sync> (pby_live_9TqWx9sY…)".to_owned();
    let at = datetime!(2026-12-01 00:00 UTC);
    let end = |last_used_at| KeyEnd { key: key(), at, last_used_at };
    let (host, remedy) = ("github.com".into(), Remedy::SwitchedOff);
    let keys = [Some(at), None].into_iter().cycle().map(end).take(23).collect();
    [
        Letter::KeyFound { team: team(), key: key(), page: page(), host, remedy },
        Letter::KeysEnd { team: team(), slug: "halden".into(), keys },
        Letter::QuotaUsed { team: team(), key: key(), page: page(), quota: 1_000, percent: 80 },
        Letter::StreamFails {
            team: team(),
            stream: "SIEM <1>".into(),
            since: at,
            page: "/t/halden/audit/streams/stream_1".into(),
        },
    ]
}

/// The words of an HTML page, as a browser shows them.
fn shown(html: &str) -> String {
    let body = html.split_once("<body").expect("a body").1;
    let mut words = String::new();
    for piece in body.split('<') {
        words.push_str(piece.split_once('>').map_or("", |(_, text)| text));
        words.push(' ');
    }
    for (escaped, plain) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        words = words.replace(escaped, plain);
    }
    one_line(&words)
}

#[test]
fn both_forms_of_every_letter_say_the_same() {
    for letter in all() {
        let rendered = read(&letter, "Ada");
        let shown = shown(rendered.html.expose_secret());
        let text = rendered.text.expose_secret().replacen("-- \n", "", 1);
        for paragraph in text.split("\n\n") {
            let said = paragraph.replace(":\nhttps", " https");
            assert!(shown.contains(&one_line(&said)), "{}: {said}\n{shown}", letter.name());
        }
        assert!(shown.contains(&rendered.subject));
    }
}

#[test]
fn every_letter_has_a_name_of_its_own_and_a_subject() {
    let names: std::collections::BTreeSet<_> = all().iter().map(Letter::name).collect();
    assert_eq!(names.len(), all().len());
    assert!(all().iter().all(|letter| !read(letter, "Ada").subject.is_empty()));
}

#[test]
fn every_link_begins_with_the_public_url() {
    for letter in all() {
        let rendered = read(&letter, "Ada");
        for form in [&rendered.text, &rendered.html] {
            for (at, _) in form.expose_secret().match_indices("http") {
                let rest = &form.expose_secret()[at..];
                assert!(rest.starts_with(URL), "{}: {rest}", letter.name());
            }
        }
        let html = rendered.html.expose_secret();
        for remote in ["src=", "url(", "@import", "<link", "<script"] {
            assert!(!html.contains(remote), "{} loads something: {remote}", letter.name());
        }
    }
}

#[test]
fn each_link_is_the_page_that_it_promises() {
    let path = |letter: &Letter| {
        let text = read(letter, "Ada").text;
        let after = text.expose_secret().split_once(":\nhttps://probity.example.com");
        after.map(|(_, rest)| rest.lines().next().unwrap().to_owned())
    };
    let paths: Vec<_> = all().iter().map(|letter| (letter.name(), path(letter))).collect();
    let expected = [
        ("confirm_sign_up", Some("/sign-up/confirm/t0k3n")),
        ("sign_up_exists", Some("/sign-in")),
        ("confirm_email", Some("/email/t0k3n")),
        ("email_changed", Some("/account/security")),
        ("reset_password", Some("/reset/t0k3n")),
        ("password_changed", Some("/forgot")),
        ("new_device", Some("/account/sessions")),
        ("factor_added", Some("/account/security")),
        ("factor_removed", Some("/account/security")),
        ("recovery_code_used", Some("/account/security")),
        ("recovery_codes_renewed", Some("/account/security")),
        ("sign_in_blocked", Some("/forgot")),
        ("account_deleted", None),
        ("reset_by_operator", Some("/reset/t0k3n")),
        ("invitation", Some("/invitation/t0k3n")),
        ("ownership_offered", Some("/t/halden/members")),
        ("ownership_taken", Some("/account/security")),
        ("second_factor_due", Some("/account/security")),
        ("policy_lifted", Some("/t/halden/policy")),
        ("team_suspended", Some("/t/halden/audit")),
        ("team_resumed", Some("/t/halden/keys")),
        ("deletion_asked", Some("/t/halden/data/delete")),
        ("deletion_begins", Some("/t/halden/data/delete")),
        ("deletion_undone", Some("/t/halden")),
        ("deletion_left", Some("/deleted/t0k3n")),
        ("team_deleted", Some("/deleted/t0k3n")),
        ("export_ready", Some("/t/halden/data/data_1")),
        ("invitation_asked", Some("/t/halden/members/invitations")),
        ("key_found", Some("/t/halden/keys/key_1")),
        ("keys_end", Some("/t/halden/keys?sort=ends")),
        ("quota_used", Some("/t/halden/keys/key_1")),
        ("stream_fails", Some("/t/halden/audit/streams/stream_1")),
    ];
    assert_eq!(paths, expected.map(|(name, path)| (name, path.map(str::to_owned))));
}

#[test]
fn a_letter_reads_like_this() {
    let rendered = read(&Letter::ResetPassword { token: "t0k3n".into() }, "Ada Lovelace");
    assert_eq!(rendered.subject, "Choose a new password");
    assert_eq!(
        rendered.text.expose_secret(),
        "Hello Ada Lovelace,\n\n\
         Somebody, hopefully you, asked for a new password for your account. The link\n\
         is good for 30 minutes and works once. A new password ends all your\n\
         sessions; your second factors stay as they are.\n\n\
         If it was not you, do nothing: without this link nothing happens. Do not\n\
         pass the link on.\n\n\
         Choose a new password:\n\
         https://probity.example.com/reset/t0k3n\n\n\
         -- \n\
         Sent by the Probity at https://probity.example.com.\n"
    );
}

#[test]
fn a_notice_says_what_happened_and_when_in_utc() {
    let at = datetime!(2026-11-22 09:30 +1);
    let letter = Letter::NewDevice { agent: "Firefox".into(), place: "Norway".into(), at };
    let text = one_line(read(&letter, "Ada").text.expose_secret());
    let said = "On 22 November 2026, 08:30 UTC somebody signed in to your account from Firefox, \
                Norway.";
    assert!(text.contains(said), "{text}");
    let text = one_line(read(&Letter::PasswordChanged, "Ada").text.expose_secret());
    let said = "On 22 November 2026, 08:05 UTC the password of your account was changed.";
    assert!(text.contains(said), "{text}");
}

#[test]
fn markup_in_a_name_is_text() {
    let html = read(&Letter::PasswordChanged, "<b onclick='x'>\"A\" & B</b>").html;
    let html = html.expose_secret();
    assert!(!html.contains("<b onclick"), "{html}");
    let escaped = "Hello &lt;b onclick=&#39;x&#39;&gt;&quot;A&quot; &amp; B&lt;/b&gt;,";
    assert!(html.contains(escaped), "{html}");
}

#[test]
fn a_name_that_a_stranger_may_have_typed_is_not_used() {
    for letter in [Letter::ConfirmSignUp { token: "t0k3n".into() }, Letter::SignUpExists] {
        let rendered = read(&letter, "You won a prize");
        assert!(!rendered.text.expose_secret().contains("prize"));
        assert!(!rendered.html.expose_secret().contains("prize"));
    }
}

#[test]
fn a_line_break_begins_no_new_line() {
    assert_eq!(one_line("Hello\r\nBcc: eve@example.com\u{85}x"), "Hello Bcc: eve@example.com x");
    let letter = Letter::FactorAdded { what: "passkey \"a\n\nb\"".into() };
    let text = read(&letter, "Ada\n\nClick here").text;
    assert!(text.expose_secret().starts_with("Hello Ada Click here,\n"));
    assert!(one_line(text.expose_secret()).contains("passkey \"a b\"."));
}

#[test]
fn no_line_is_too_long_for_a_mail() {
    for letter in all() {
        let rendered = read(&letter, "Ada");
        let text = rendered.text.expose_secret();
        assert!(
            text.lines().all(|line| line.starts_with(URL) || line.chars().count() <= 76),
            "{text}"
        );
        // RFC 5322, 2.1.1.
        assert!(rendered.html.expose_secret().lines().all(|line| line.len() < 998));
    }
}
