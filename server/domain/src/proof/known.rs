//! What may pass row-level security or know several teams at once: each with its reason.

/// Functions that pass row-level security, each with its reason.
pub const DEFINERS: &[(&str, &str)] = &[
    ("accept_invitation", "only it makes a member of whoever was invited"),
    ("accept_ownership", "only it changes two roles by an offer"),
    ("addressee", "who a mail to an address reaches, before anybody is known"),
    ("append", "the one writer of ledgers"),
    ("bar_of", "reads the policy of a team that keeps its members out"),
    ("begin_ceremony", "a passkey signs in before anybody is known"),
    ("challenge_of", "the second step, before anybody is signed in"),
    ("clear_curve", "guesses are counted before anybody is known"),
    ("confirm_session", "only it moves a session to a new token"),
    ("confirmed", "reads the session that the policies ask for"),
    ("confirmed_without", "reads the session that the policies ask for"),
    ("credential_of", "sign-in, before anybody is known"),
    ("delete_person", "removes what its person may not remove piece by piece"),
    ("device_of", "sign-in, before anybody is known"),
    ("end_invitations_of", "ends what a member sent, whoever removes them"),
    ("end_offers_of", "ends what is offered by or to a member who goes"),
    ("found_team", "a team is made before anybody is in it"),
    ("has_second_factor", "sign-in, and the trigger on sessions"),
    ("hold_session", "locks the session of the one who acts"),
    ("hold_teams", "locks teams that their person may not write"),
    ("invitation_of", "a link from a mail is all that is known"),
    ("is_set_up", "asked before anybody exists"),
    ("join_by_invitation", "only it makes a person of a mailed invitation"),
    ("keep_an_owner", "reads every owner of the team that somebody leaves"),
    ("keep_required_factor", "reads the teams of whoever removes a factor"),
    ("key_allowed", "reads the policy that a new key must keep to"),
    ("key_of", "verify knows nothing but the key"),
    ("limit_return", "limits count nobody's tries too"),
    ("limit_take", "limits count nobody's tries too"),
    ("link_of", "a link from a mail is all that is known"),
    ("link_spent", "reads the link that the policies ask for"),
    ("may", "reads the membership that the policies ask for"),
    ("may_invite", "reads the membership of an invitation's sender"),
    ("may_record", "reads the membership that allows a record"),
    ("member_seen", "numbers about a member, for who sees members"),
    ("members_lacking", "tells owners whom a policy concerns"),
    ("my_invitations", "what waits for somebody who is not in the team"),
    ("offer_set_up", "at start, before anybody exists"),
    ("offer_sign_up", "somebody who is nobody yet"),
    ("own_password", "step-up compares with it; nobody may select it"),
    ("passkey_of", "a passkey signs in before anybody is known"),
    ("reminders_due", "whom to remind, in all teams, for that task only"),
    ("require_event", "reads the head that the change must have moved"),
    ("require_second_factor", "reads the factors of whoever a session is for"),
    ("seat", "finds the team of a slug, for its members only"),
    ("session_of", "finds who a session belongs to, and their teams"),
    ("seen_of", "the operator's list: numbers about people, for that task only"),
    ("set_totp", "makes an offer a factor, and nothing else may"),
    ("sign_in_of", "sign-in, before anybody is known"),
    ("sign_up_of", "a link from a mail is all that is known"),
    ("spend_challenge", "the second step, before anybody is signed in"),
    ("spend_link", "only it marks a link as spent, and by whom"),
    ("spend_set_up", "the first owner, before anybody exists"),
    ("spend_sign_up", "only it makes a person of what was kept"),
    ("strengthen_password", "compares with a hash that nobody may select"),
    ("take_address", "reads the domains and the address of whoever comes in"),
    ("take_ceremony", "a passkey signs in before anybody is known"),
    ("take_curve", "guesses are counted before anybody is known"),
    ("take_over_address", "only it changes an address, by the link just spent"),
    ("try_challenge", "the second step, before anybody is signed in"),
    ("who", "finds who a session belongs to, and their teams"),
];

/// Indexes of team tables that do not start with the team, each with its reason.
pub const GLOBAL_INDEXES: &[(&str, &str)] = &[
    ("api_key_secret_hash", "verify knows nothing but the key"),
    ("invitation_copied", "a link from a mail is all that is known"),
    ("invitation_email", "a person's own invitations"),
    ("invitation_mailed", "a link from a mail is all that is known"),
    ("member_person", "a person's own teams"),
];

/// Functions that tell about whoever their arguments name, by design, each with its reason. They
/// may be seen to tell it, and to alter nothing.
pub const TELLERS: &[(&str, &str)] = &[
    ("app.addressee(text)", "a mail to an address greets its person, before anybody is known"),
    ("app.credential_of(text)", "sign-in compares with the hash of an address"),
    ("app.seat(uuid,text)", "asked about the person whose session was found, and nobody else"),
    (
        "app.seat(uuid,text,text,timestamp with time zone,timestamp with time zone)",
        "asked about the person whose session was found, and nobody else",
    ),
    ("app.sign_in_of(text)", "sign-in compares with the hash of an address"),
];

/// Columns that show a row of another team to whoever makes them name it, each with its reason.
pub const POINTERS: &[(&str, &str)] = &[(
    "public.invitation.mail_id",
    "open: whether a mail was sent, to an admin who writes SQL and knows its random id",
)];
