//! The table of doors: each server function, what is sent, and who may.

/// Who may go through a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// Everybody; this is the answer to somebody who knows nothing.
    Anyone(u16),
    /// Who is signed in, to what is their own.
    Own,
    /// The same, confirmed within the last ten minutes.
    OwnConfirmed,
    /// Who is in the team, as far as their role goes.
    Team,
    /// The same, confirmed within the last ten minutes.
    TeamConfirmed,
}

use Who::{Anyone, Own, OwnConfirmed, Team, TeamConfirmed};

/// Its path, what is sent (it would be right for the team's owner), and who may.
pub(super) type Door = (&'static str, &'static [(&'static str, &'static str)], Who);

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
/// A new key.
pub(super) const NEW_KEY: &[(&str, &str)] = &[
    ("form[team]", TEAM),
    ("form[name]", "x"),
    ("form[environment]", "live"),
    ("form[days]", "90"),
];
const PROFILE: &[(&str, &str)] =
    &[("form[name]", "Eve"), ("form[time_zone]", "UTC"), ("form[date_style]", "british")];
/// A new password that would do.
const GOOD: &str = "quite another sentence";
/// A passkey that nobody has.
const PASSKEY: &str = "01a202dd-b922-7d2c-adc3-0f021ba7bbf9";

pub(super) const DOORS: &[Door] = &[
    ("/do/account/activity", &[("around[before]", "9")], Own),
    ("/do/account/ask-email", &[("form[email]", "ada@new.example")], OwnConfirmed),
    ("/do/account/confirm", &[("form[token]", "x"), ("form[password]", GOOD)], Anyone(404)),
    ("/do/account/confirm-email", &[("form[token]", "x")], Anyone(404)),
    ("/do/account/delete", &[("form[email]", "ada@example.com")], OwnConfirmed),
    ("/do/account/deletion", &[], Own),
    ("/do/account/email-card", &[("token", "x")], Anyone(404)),
    ("/do/account/entrance", &[], Anyone(200)),
    ("/do/account/profile", PROFILE, Own),
    ("/do/account/set-up", &[("form[token]", "x")], Anyone(422)),
    ("/do/account/sign-in", &[("form[email]", "ada@example.com")], Anyone(422)),
    ("/do/account/sign-out", &[], Anyone(200)),
    ("/do/account/sign-up", &[("form[name]", "")], Anyone(422)),
    ("/do/account/sign-up-card", &[("token", "x")], Anyone(404)),
    ("/do/audit/find", &[("team", TEAM), ("seq", "1")], Team),
    ("/do/audit/list", &[("team", TEAM), ("around[before]", "9")], Team),
    ("/do/confirm/passkey", &[("form[ceremony]", PASSKEY), ("form[response]", "{}")], Own),
    ("/do/confirm/passkey-options", &[], Own),
    ("/do/confirm/password", &[("form[password]", GOOD)], Own),
    ("/do/device/forget", &[("form[device]", DEVICE)], Own),
    ("/do/invitation/accept", &[("form[invitation]", INVITATION)], Own),
    ("/do/invitation/ask", &[("form[token]", "x")], Anyone(404)),
    ("/do/invitation/card", &[("token", "x")], Anyone(404)),
    ("/do/invitation/decline", &[("form[invitation]", INVITATION)], Own),
    ("/do/invitation/join", &[("form[token]", "x"), ("form[password]", GOOD)], Anyone(404)),
    ("/do/invitation/link", OF_INVITATION, TeamConfirmed),
    ("/do/invitation/list", &[("team", TEAM)], Team),
    ("/do/invitation/mine", &[], Own),
    ("/do/invitation/resend", OF_INVITATION, TeamConfirmed),
    ("/do/invitation/revoke", OF_INVITATION, TeamConfirmed),
    ("/do/invitation/send", INVITE, TeamConfirmed),
    ("/do/key/create", NEW_KEY, TeamConfirmed),
    ("/do/key/find", &[("team", TEAM), ("key", KEY)], Team),
    ("/do/key/list", &[("team", TEAM), ("around[before]", KEY)], Team),
    ("/do/key/revoke", &[("form[team]", TEAM), ("form[key]", KEY)], Team),
    ("/do/member/change-role", ROLE, TeamConfirmed),
    ("/do/member/find", &[("team", TEAM), ("person", PERSON)], Team),
    ("/do/member/leave", &[("form[team]", TEAM)], TeamConfirmed),
    ("/do/member/list", &[("team", TEAM), ("query[q]", "ada")], Team),
    ("/do/member/remove", &[("form[team]", TEAM), ("form[person]", PERSON)], TeamConfirmed),
    ("/do/ownership/accept", &[("form[team]", TEAM)], TeamConfirmed),
    ("/do/ownership/decline", &[("form[team]", TEAM)], Team),
    ("/do/ownership/offer", &[("form[team]", TEAM), ("form[person]", PERSON)], TeamConfirmed),
    ("/do/ownership/withdraw", &[("form[team]", TEAM)], Team),
    ("/do/passkey/add", &[("form[ceremony]", PASSKEY), ("form[name]", "x")], OwnConfirmed),
    ("/do/passkey/options", &[], OwnConfirmed),
    ("/do/passkey/remove", &[("form[passkey]", PASSKEY)], OwnConfirmed),
    ("/do/passkey/rename", &[("form[passkey]", PASSKEY), ("form[name]", "x")], Own),
    ("/do/password/change", &[("form[password]", GOOD)], OwnConfirmed),
    ("/do/password/forgot", &[("form[email]", "")], Anyone(422)),
    ("/do/password/reset", &[("form[token]", "x"), ("form[password]", GOOD)], Anyone(404)),
    ("/do/password/reset-card", &[("token", "x")], Anyone(404)),
    ("/do/password/strength", &[("password", "x")], Anyone(200)),
    ("/do/policy/domains", &[("form[team]", TEAM)], TeamConfirmed),
    ("/do/policy/factor", &[("form[team]", TEAM), ("form[day]", "2030-01-01")], TeamConfirmed),
    ("/do/policy/keys", &[("form[team]", TEAM), ("form[days]", "30")], TeamConfirmed),
    ("/do/policy/load", &[("team", TEAM)], Team),
    ("/do/policy/networks", &[("form[team]", TEAM)], TeamConfirmed),
    ("/do/policy/sessions", &[("form[team]", TEAM), ("form[hours]", "8")], TeamConfirmed),
    ("/do/recovery/renew", &[], OwnConfirmed),
    ("/do/security/load", &[], Own),
    ("/do/session/end", &[("form[session]", SESSION)], OwnConfirmed),
    ("/do/session/end-others", &[], OwnConfirmed),
    ("/do/session/list", &[], Own),
    ("/do/sign-in/abandon", &[], Anyone(200)),
    ("/do/sign-in/choices", &[], Anyone(200)),
    ("/do/sign-in/code", &[("form[code]", "000000")], Anyone(409)),
    ("/do/sign-in/passkey", &[("form[ceremony]", PASSKEY), ("form[response]", "{}")], Anyone(422)),
    ("/do/sign-in/passkey-hindrance", &[], Anyone(200)),
    // Passkeys need an address that is a name; in these tests it is a number.
    ("/do/sign-in/passkey-options", &[], Anyone(422)),
    ("/do/team/create", &[("form[name]", "Mal")], Own),
    ("/do/team/settings", &[("team", TEAM)], Team),
    ("/do/team/overview", &[("team", TEAM)], Team),
    ("/do/team/update", SETTINGS, Team),
    ("/do/theme/set", &[("form[theme]", "dark")], Anyone(200)),
    ("/do/totp/begin", &[], OwnConfirmed),
    ("/do/totp/confirm", &[("form[code]", "000000")], OwnConfirmed),
    ("/do/totp/offer", &[], OwnConfirmed),
    ("/do/totp/remove", &[], OwnConfirmed),
];

/// Every endpoint of the REST API. None knows a session: what is sent with it is the proof.
pub(super) const ENDPOINTS: &[(&str, &str)] = &[("post", "/v1/keys/verify")];

/// Pages that show or begin what needs step-up: where it is stale, they ask for it.
pub(super) const CONFIRMED_PAGES: &[&str] = &["/account/passkeys/new", "/account/two-step"];
