//! What is sent at each door. Who may stands in [`app::doors`].

/// Its path, what is sent (it would be right for the team's owner), and the answer to somebody who
/// knows nothing.
pub(super) type Sent = (&'static str, &'static [(&'static str, &'static str)], u16);

/// The answer of every door that is not open to anyone.
pub(super) const SIGN_IN: u16 = 401;

pub(super) const TEAM: &str = "halden-freight";
/// Put in by the test: a key, a session and a browser of the owner's.
pub(super) const KEY: &str = "(key)";
pub(super) const SESSION: &str = "(session)";
pub(super) const DEVICE: &str = "(device)";
/// Somebody of the team, put in by the test.
pub(super) const PERSON: &str = "(person)";
/// An open invitation of the team, put in by the test.
pub(super) const INVITATION: &str = "(invitation)";
const OF_INVITATION: &[(&str, &str)] = &[("form[team]", TEAM), ("form[invitation]", INVITATION)];
pub(super) const INVITE: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[emails]", "ben@example.com"), ("form[role]", "viewer")];
const SETTINGS: &[(&str, &str)] = &[
    ("form[team]", TEAM),
    ("form[name]", "Halden"),
    ("form[slug]", "halden"),
    ("form[crest]", "plum"),
    ("form[time_zone]", "UTC"),
];
const ROLE: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[person]", PERSON), ("form[role]", "viewer")];
/// A role that the team made, put in by the test.
pub(super) const CUSTOM: &str = "(role)";
pub(super) const NEW_ROLE: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[name]", "Support"), ("form[keys_view]", "yes")];
const OF_ROLE: &[(&str, &str)] = &[("form[team]", TEAM), ("form[role]", CUSTOM)];
const NAMED_ROLE: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[role]", CUSTOM), ("form[name]", "Help")];
/// A new key.
pub(super) const NEW_KEY: &[(&str, &str)] = &[
    ("form[team]", TEAM),
    ("form[name]", "x"),
    ("form[environment]", "live"),
    ("form[days]", "90"),
];
const RENAMED: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[key]", KEY), ("form[name]", "another")];
const ROTATE: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[key]", KEY), ("form[overlap]", "24")];
const PROFILE: &[(&str, &str)] =
    &[("form[name]", "Eve"), ("form[time_zone]", "UTC"), ("form[date_style]", "british")];
/// A rule and a program of the team, put in by the test.
pub(super) const RULE: &str = "(rule)";
pub(super) const PROGRAM: &str = "(program)";
pub(super) const NEW_RULE: &[(&str, &str)] = &[
    ("form[team]", TEAM),
    ("form[keyword]", "shoes"),
    ("form[matching]", "phrase"),
    ("form[url]", "https://shop.example/"),
    ("form[enabled]", "yes"),
];
const CHANGED_RULE: &[(&str, &str)] = &[
    ("form[team]", TEAM),
    ("form[rule]", RULE),
    ("form[keyword]", "boots"),
    ("form[matching]", "phrase"),
    ("form[url]", "https://shop.example/"),
    ("form[enabled]", "yes"),
];
const OF_RULE: &[(&str, &str)] = &[("form[team]", TEAM), ("form[rule]", RULE)];
pub(super) const NEW_PROGRAM: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[name]", "Nordly"), ("form[tag]", "ada-21")];
const OF_DELETION: &[(&str, &str)] = &[("form[team]", TEAM), ("form[name]", "x")];
/// An export of the team's log, put in by the test.
pub(super) const EXPORT: &str = "(export)";
pub(super) const NEW_EXPORT: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[search]", ""), ("form[format]", "csv")];
/// An export of everything, put in by the test.
pub(super) const DATA_EXPORT: &str = "(data export)";
pub(super) const NEW_DATA_EXPORT: &[(&str, &str)] = &[("form[team]", TEAM), ("form[hashes]", "no")];
const OF_DATA_EXPORT: &[(&str, &str)] = &[("form[team]", TEAM), ("form[export]", DATA_EXPORT)];
/// A search that somebody keeps, put in by the test.
pub(super) const SEARCH: &str = "(search)";
pub(super) const NEW_SEARCH: &[(&str, &str)] = &[
    ("form[team]", TEAM),
    ("form[name]", "Keys"),
    ("form[search]", "category:keys"),
    ("form[whose]", "me"),
];
const OF_SEARCH: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[saved]", SEARCH), ("form[whose]", "me")];
const CHANGED_SEARCH: &[(&str, &str)] = &[
    ("form[team]", TEAM),
    ("form[saved]", SEARCH),
    ("form[whose]", "me"),
    ("form[name]", "All keys"),
    ("form[search]", "category:keys"),
];

/// A stream of the team's log, put in by the test.
pub(super) const STREAM: &str = "(stream)";
pub(super) const NEW_STREAM: &[(&str, &str)] = &[
    ("form[team]", TEAM),
    ("form[kind]", "https"),
    ("form[name]", "siem"),
    ("form[begin]", "now"),
    ("form[url]", "https://siem.invalid/in"),
];
const OF_STREAM: &[(&str, &str)] = &[("form[team]", TEAM), ("form[stream]", STREAM)];
const RESTARTED: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[stream]", STREAM), ("form[begin]", "now")];
const OF_EXPORT: &[(&str, &str)] = &[("form[team]", TEAM), ("form[export]", EXPORT)];
const OF_PROGRAM: &[(&str, &str)] = &[("form[team]", TEAM), ("form[program]", PROGRAM)];
const NAMED_PROGRAM: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[program]", PROGRAM), ("form[name]", "Other")];
const KEYED_PROGRAM: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[program]", PROGRAM), ("form[tag]", "eve-21")];
/// A call that needs no key of the explorer's.
const CALL: &[(&str, &str)] =
    &[("form[team]", TEAM), ("form[endpoint]", "verifyKey"), ("form[body_key]", "pby_test_x")];
/// A new password that would do.
const GOOD: &str = "quite another sentence";
/// A passkey that nobody has.
const PASSKEY: &str = "01a202dd-b922-7d2c-adc3-0f021ba7bbf9";

pub(super) const SENT: &[Sent] = &[
    ("/do/account/activity", &[("around[before]", "9")], SIGN_IN),
    ("/do/account/ask-email", &[("form[email]", "ada@new.example")], SIGN_IN),
    ("/do/account/confirm", &[("form[token]", "x"), ("form[password]", GOOD)], 404),
    ("/do/account/confirm-email", &[("form[token]", "x")], 404),
    ("/do/account/delete", &[("form[email]", "ada@example.com")], SIGN_IN),
    ("/do/account/deletion", &[], SIGN_IN),
    ("/do/account/export", &[], SIGN_IN),
    ("/do/account/own-export", &[("query[link]", "")], SIGN_IN),
    ("/do/account/email-card", &[("token", "x")], 404),
    ("/do/account/entrance", &[], 200),
    ("/do/account/profile", PROFILE, SIGN_IN),
    ("/do/account/set-up", &[("form[token]", "x")], 422),
    ("/do/account/sign-in", &[("form[email]", "ada@example.com")], 422),
    ("/do/account/sign-out", &[], 200),
    ("/do/account/sign-up", &[("form[name]", "")], 422),
    ("/do/account/sign-up-card", &[("token", "x")], 404),
    ("/do/audit/activity", &[("team", TEAM)], SIGN_IN),
    ("/do/audit/cancel-export", OF_EXPORT, SIGN_IN),
    ("/do/audit/edit-search", CHANGED_SEARCH, SIGN_IN),
    ("/do/audit/export", &[("team", TEAM), ("export", EXPORT), ("query[link]", "")], SIGN_IN),
    ("/do/audit/exports", &[("team", TEAM)], SIGN_IN),
    ("/do/audit/find", &[("team", TEAM), ("seq", "1")], SIGN_IN),
    ("/do/audit/key", &[], 200),
    ("/do/audit/link-export", OF_EXPORT, SIGN_IN),
    ("/do/audit/list", &[("team", TEAM), ("query[before]", "9")], SIGN_IN),
    ("/do/audit/remove-search", OF_SEARCH, SIGN_IN),
    ("/do/audit/save-search", NEW_SEARCH, SIGN_IN),
    ("/do/audit/searches", &[("team", TEAM)], SIGN_IN),
    ("/do/audit/start-export", NEW_EXPORT, SIGN_IN),
    ("/do/audit/tail", &[("team", TEAM), ("query[after]", "9")], SIGN_IN),
    ("/do/confirm/passkey", &[("form[ceremony]", PASSKEY), ("form[response]", "{}")], SIGN_IN),
    ("/do/confirm/passkey-options", &[], SIGN_IN),
    ("/do/confirm/password", &[("form[password]", GOOD)], SIGN_IN),
    ("/do/data/cancel-export", OF_DATA_EXPORT, SIGN_IN),
    ("/do/data/export", &[("team", TEAM), ("export", DATA_EXPORT), ("query[link]", "")], SIGN_IN),
    ("/do/data/link-export", OF_DATA_EXPORT, SIGN_IN),
    ("/do/data/page", &[("team", TEAM)], SIGN_IN),
    ("/do/data/start-export", NEW_DATA_EXPORT, SIGN_IN),
    ("/do/deletion/ask", OF_DELETION, SIGN_IN),
    ("/do/deletion/card", &[("token", "x")], 404),
    ("/do/deletion/confirm", OF_DELETION, SIGN_IN),
    ("/do/deletion/load", &[("team", TEAM)], SIGN_IN),
    ("/do/deletion/stages", &[("team", TEAM)], SIGN_IN),
    ("/do/deletion/undo", &[("form[team]", TEAM)], SIGN_IN),
    ("/do/device/forget", &[("form[device]", DEVICE)], SIGN_IN),
    ("/do/explorer/call", CALL, SIGN_IN),
    ("/do/explorer/forget-key", &[("form[team]", TEAM)], SIGN_IN),
    ("/do/explorer/keep-key", &[("form[team]", TEAM), ("form[token]", "x")], SIGN_IN),
    ("/do/explorer/load", &[("team", TEAM)], SIGN_IN),
    ("/do/explorer/make-key", &[("form[team]", TEAM), ("form[may]", "look")], SIGN_IN),
    ("/do/invitation/accept", &[("form[invitation]", INVITATION)], SIGN_IN),
    ("/do/invitation/ask", &[("form[token]", "x")], 404),
    ("/do/invitation/card", &[("token", "x")], 404),
    ("/do/invitation/decline", &[("form[invitation]", INVITATION)], SIGN_IN),
    ("/do/invitation/join", &[("form[token]", "x"), ("form[password]", GOOD)], 404),
    ("/do/invitation/link", OF_INVITATION, SIGN_IN),
    ("/do/invitation/list", &[("team", TEAM)], SIGN_IN),
    ("/do/invitation/mine", &[], SIGN_IN),
    ("/do/invitation/resend", OF_INVITATION, SIGN_IN),
    ("/do/invitation/revoke", OF_INVITATION, SIGN_IN),
    ("/do/invitation/send", INVITE, SIGN_IN),
    ("/do/key/create", NEW_KEY, SIGN_IN),
    ("/do/key/disable", &[("form[team]", TEAM), ("form[key]", KEY)], SIGN_IN),
    ("/do/key/dismiss-leak", &[("form[team]", TEAM), ("form[key]", KEY)], SIGN_IN),
    ("/do/key/enable", &[("form[team]", TEAM), ("form[key]", KEY)], SIGN_IN),
    ("/do/key/end-overlap", &[("form[team]", TEAM), ("form[key]", KEY)], SIGN_IN),
    ("/do/key/find", &[("team", TEAM), ("key", KEY)], SIGN_IN),
    ("/do/key/list", &[("team", TEAM), ("query[before]", KEY)], SIGN_IN),
    ("/do/key/revoke", &[("form[team]", TEAM), ("form[key]", KEY)], SIGN_IN),
    ("/do/key/rotate", ROTATE, SIGN_IN),
    ("/do/key/update", RENAMED, SIGN_IN),
    ("/do/member/change-role", ROLE, SIGN_IN),
    ("/do/member/find", &[("team", TEAM), ("person", PERSON)], SIGN_IN),
    ("/do/member/leave", &[("form[team]", TEAM)], SIGN_IN),
    ("/do/member/list", &[("team", TEAM), ("query[q]", "ada")], SIGN_IN),
    ("/do/member/remove", &[("form[team]", TEAM), ("form[person]", PERSON)], SIGN_IN),
    ("/do/ownership/accept", &[("form[team]", TEAM)], SIGN_IN),
    ("/do/ownership/decline", &[("form[team]", TEAM)], SIGN_IN),
    ("/do/ownership/offer", &[("form[team]", TEAM), ("form[person]", PERSON)], SIGN_IN),
    ("/do/ownership/withdraw", &[("form[team]", TEAM)], SIGN_IN),
    ("/do/passkey/add", &[("form[ceremony]", PASSKEY), ("form[name]", "x")], SIGN_IN),
    ("/do/passkey/options", &[], SIGN_IN),
    ("/do/passkey/remove", &[("form[passkey]", PASSKEY)], SIGN_IN),
    ("/do/passkey/rename", &[("form[passkey]", PASSKEY), ("form[name]", "x")], SIGN_IN),
    ("/do/password/change", &[("form[password]", GOOD)], SIGN_IN),
    ("/do/password/forgot", &[("form[email]", "")], 422),
    ("/do/password/reset", &[("form[token]", "x"), ("form[password]", GOOD)], 404),
    ("/do/password/reset-card", &[("token", "x")], 404),
    ("/do/password/strength", &[("password", "x")], 200),
    ("/do/policy/domains", &[("form[team]", TEAM)], SIGN_IN),
    ("/do/policy/factor", &[("form[team]", TEAM), ("form[day]", "2030-01-01")], SIGN_IN),
    ("/do/policy/keys", &[("form[team]", TEAM), ("form[days]", "30")], SIGN_IN),
    ("/do/policy/load", &[("team", TEAM)], SIGN_IN),
    ("/do/policy/networks", &[("form[team]", TEAM)], SIGN_IN),
    ("/do/policy/sessions", &[("form[team]", TEAM), ("form[hours]", "8")], SIGN_IN),
    (
        "/do/policy/retention",
        &[("form[team]", TEAM), ("form[days]", "90"), ("form[hold]", "")],
        SIGN_IN,
    ),
    ("/do/program/create", NEW_PROGRAM, SIGN_IN),
    ("/do/program/delete", OF_PROGRAM, SIGN_IN),
    ("/do/program/list", &[("team", TEAM)], SIGN_IN),
    ("/do/program/rename", NAMED_PROGRAM, SIGN_IN),
    ("/do/program/replace-key", KEYED_PROGRAM, SIGN_IN),
    ("/do/recovery/renew", &[], SIGN_IN),
    ("/do/review/list", &[("team", TEAM), ("query[from]", "2026-01-01")], SIGN_IN),
    ("/do/role/create", NEW_ROLE, SIGN_IN),
    ("/do/role/delete", OF_ROLE, SIGN_IN),
    ("/do/role/find", &[("team", TEAM), ("role", CUSTOM)], SIGN_IN),
    ("/do/role/list", &[("team", TEAM)], SIGN_IN),
    ("/do/role/matrix", &[("team", TEAM)], SIGN_IN),
    ("/do/role/try", &[("form[team]", TEAM)], SIGN_IN),
    ("/do/role/update", NAMED_ROLE, SIGN_IN),
    ("/do/rule/create", NEW_RULE, SIGN_IN),
    ("/do/rule/delete", OF_RULE, SIGN_IN),
    ("/do/rule/disable", OF_RULE, SIGN_IN),
    ("/do/rule/dry-run", &[("team", TEAM), ("query[line]", "1")], SIGN_IN),
    ("/do/rule/enable", OF_RULE, SIGN_IN),
    ("/do/rule/find", &[("team", TEAM), ("rule", RULE)], SIGN_IN),
    ("/do/rule/import", &[("form[team]", TEAM), ("form[draft]", PASSKEY)], SIGN_IN),
    ("/do/rule/list", &[("team", TEAM), ("query[q]", "shoe")], SIGN_IN),
    ("/do/rule/try", &[("team", TEAM), ("tried[message]", "shoe")], SIGN_IN),
    ("/do/rule/update", CHANGED_RULE, SIGN_IN),
    ("/do/rule/upload", &[("form[team]", TEAM), ("form[file]", "keyword,url\n")], SIGN_IN),
    ("/do/security/load", &[], SIGN_IN),
    ("/do/session/end", &[("form[session]", SESSION)], SIGN_IN),
    ("/do/session/end-others", &[], SIGN_IN),
    ("/do/session/list", &[], SIGN_IN),
    ("/do/sign-in/abandon", &[], 200),
    ("/do/sign-in/choices", &[], 200),
    ("/do/sign-in/code", &[("form[code]", "000000")], 409),
    ("/do/sign-in/passkey", &[("form[ceremony]", PASSKEY), ("form[response]", "{}")], 422),
    ("/do/sign-in/passkey-hindrance", &[], 200),
    // Passkeys need an address that is a name; in these tests it is a number.
    ("/do/sign-in/passkey-options", &[], 422),
    ("/do/stream/create", NEW_STREAM, SIGN_IN),
    ("/do/stream/find", &[("team", TEAM), ("stream", STREAM)], SIGN_IN),
    ("/do/stream/list", &[("team", TEAM)], SIGN_IN),
    ("/do/stream/pause", OF_STREAM, SIGN_IN),
    ("/do/stream/remove", OF_STREAM, SIGN_IN),
    ("/do/stream/restart", RESTARTED, SIGN_IN),
    ("/do/stream/resume", OF_STREAM, SIGN_IN),
    ("/do/stream/rotate", OF_STREAM, SIGN_IN),
    ("/do/stream/test", OF_STREAM, SIGN_IN),
    ("/do/team/create", &[("form[name]", "Mal")], SIGN_IN),
    ("/do/team/settings", &[("team", TEAM)], SIGN_IN),
    ("/do/team/overview", &[("team", TEAM)], SIGN_IN),
    ("/do/team/update", SETTINGS, SIGN_IN),
    ("/do/theme/set", &[("form[theme]", "dark")], 200),
    ("/do/totp/begin", &[], SIGN_IN),
    ("/do/totp/confirm", &[("form[code]", "000000")], SIGN_IN),
    ("/do/totp/offer", &[], SIGN_IN),
    ("/do/totp/remove", &[], SIGN_IN),
    ("/do/usage/load", &[("team", TEAM), ("query[span]", "7d")], SIGN_IN),
];

/// Pages that show or begin what needs step-up: where it is stale, they ask for it.
pub(super) const CONFIRMED_PAGES: &[&str] = &["/account/passkeys/new", "/account/two-step"];
