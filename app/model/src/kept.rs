//! What is kept about a person: one table, for the page that tells them and for the test that no column with
//! something personal is missing from it.

/// Something that is kept about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub what: &'static str,
    pub why: &'static str,
    pub how_long: &'static str,
    /// In which form.
    pub how: &'static str,
    /// Tables and their columns that hold it.
    pub columns: &'static [(&'static str, &'static [&'static str])],
}

const CLEAR: &str = "As it is";
const HASHED: &str = "Only what it is checked with";
const SEALED: &str = "Sealed with a key of your own";
const BY_TEAM: &str = "Sealed with a key of the team";
const MIXED: &str = "As it is; addresses and browsers sealed with a key of your own";

/// Everything, in the order in which people ask for it.
pub const KEPT: &[Kept] = &[
    Kept {
        what: "Your name, e-mail address, time zone and how dates are written",
        why: "So that others in your teams know who you are, and letters reach you.",
        how_long: "Until you delete your account.",
        how: CLEAR,
        columns: &[
            ("person", &["id", "email", "name", "time_zone", "date_style"]),
            ("member_order", &["person_id", "sort_key"]),
        ],
    },
    Kept {
        what: "Your password",
        why: "To recognise you. It cannot be read back, and a newer one replaces it.",
        how_long: "Until you change it or delete your account.",
        how: HASHED,
        columns: &[("credential", &["person_id", "password_hash"])],
    },
    Kept {
        what: "Your passkeys, with the names that you gave them, and recovery codes",
        why: "To recognise you, also without a password or when a device is lost.",
        how_long: "Until you remove them or delete your account.",
        how: HASHED,
        columns: &[
            ("passkey", &["person_id", "id", "name", "credential_id", "credential"]),
            ("recovery_code", &["person_id", "code_hash"]),
            ("ceremony", &["bound_to", "state"]),
        ],
    },
    Kept {
        what: "The secret of your authenticator app",
        why: "To check the codes that it shows.",
        how_long: "Until you remove it or delete your account.",
        how: SEALED,
        columns: &[("totp", &["person_id", "secret"]), ("totp_offer", &["person_id", "secret"])],
    },
    Kept {
        what: "Your sessions and browsers: from which address, with which browser, when, and how you signed in",
        why: "So that you can see and end them, and notice somebody else.",
        how_long: "Sessions until 30 days after their end; browsers until you forget them or delete your account.",
        how: MIXED,
        columns: &[
            (
                "session",
                &[
                    "id",
                    "id_hash",
                    "person_id",
                    "device_id",
                    "origin",
                    "first_proof",
                    "second_proof",
                    "confirmed_by",
                ],
            ),
            ("device", &["person_id", "id", "token_hash", "origin"]),
        ],
    },
    Kept {
        what: "What you did, in the log of your own account and in those of your teams",
        why: "So that you and your teams can tell afterwards what happened, and prove it.",
        how_long: "In your own log for good, in a team's as long as it keeps its log (30 days to 10 years). After you \
                   delete your account \"deleted person\" stands there, and addresses open no more.",
        how: MIXED,
        columns: &[("audit_event", &["ledger", "record", "sealed", "id", "actor_id", "target_id"])],
    },
    Kept {
        what: "What you did in a team that came here from another Probity, in the log that it had there",
        why: "So that the team can still prove what happened before.",
        how_long: "As long as the team exists.",
        how: BY_TEAM,
        columns: &[("former_file", &["name", "sealed"])],
    },
    Kept {
        what: "Your teams: your role in each, since when and until when, who added you",
        why: "To decide what you may do, and so that a team can review who could do what.",
        how_long: "Roles until you leave; the times that you were a member as long as the team exists.",
        how: CLEAR,
        columns: &[
            ("member", &["team_id", "person_id", "role", "added_by", "custom_role"]),
            ("access_period", &["team_id", "id", "person_id", "role", "permissions"]),
            ("ownership_offer", &["id", "offered_by", "offered_to", "outcome"]),
            ("mfa_reminder", &["team_id", "person_id"]),
        ],
    },
    Kept {
        what: "Invitations: to which address, from whom, with which words",
        why: "So that the link in the letter works, and the team sees whom it invited.",
        how_long: "Your address and the words until 30 days after it was answered, taken back or over; the rest as long as the team exists.",
        how: CLEAR,
        columns: &[(
            "invitation",
            &[
                "team_id",
                "id",
                "email",
                "role",
                "message",
                "mailed_hash",
                "copied_hash",
                "mail_id",
                "sent_by",
                "ended_by",
                "outcome",
                "custom_role",
            ],
        )],
    },
    Kept {
        what: "Letters to you",
        why: "They wait here until the mail server takes them.",
        how_long: "Their words until they are sent, and that they were sent for 30 days.",
        how: SEALED,
        columns: &[(
            "mail",
            &["id", "owner_kind", "owner_id", "letter", "sealed", "last_error", "for_team"],
        )],
    },
    Kept {
        what: "Links in letters to you, and sign-ups and second steps that are under way",
        why: "So that a link works once, and for whom it was meant.",
        how_long: "A day after they have run out, links to change something 30 days.",
        how: CLEAR,
        columns: &[
            ("link", &["token_hash", "person_id", "purpose", "email"]),
            ("sign_up", &["token_hash", "person_id", "email", "name", "password_hash"]),
            ("challenge", &["id_hash", "person_id"]),
        ],
    },
    Kept {
        what: "How often something was tried, by address or account",
        why: "So that nobody guesses passwords or floods the service.",
        how_long: "Minutes to hours, at most two days.",
        how: HASHED,
        columns: &[("limit_bucket", &["name", "subject"]), ("sign_in_curve", &["subject"])],
    },
    Kept {
        what: "Searches that you saved, files that you are about to import, exports that you started",
        why: "So that you find them again.",
        how_long: "Searches until you remove them or leave the team, imports an hour, exports a day.",
        how: CLEAR,
        columns: &[
            ("own_search", &["team_id", "person_id", "id", "name", "search"]),
            ("rule_draft", &["team_id", "person_id", "id", "csv"]),
            ("audit_export", &["id", "person_id", "search", "name"]),
            ("team_export", &["id", "person_id", "name"]),
        ],
    },
    Kept {
        what: "Which API keys and streams of a team you made, switched off or revoked, and whether you asked for its \
               deletion",
        why: "So that the team knows whom to ask.",
        how_long: "As long as the team has them. After you delete your account, \"deleted person\".",
        how: CLEAR,
        columns: &[
            ("api_key", &["created_by", "revoked_by", "disabled_by"]),
            ("audit_stream", &["person_id"]),
            ("key_notice", &["person_id"]),
            ("team", &["created_by"]),
            ("team_deletion", &["asked_by", "confirmed_by"]),
        ],
    },
    Kept {
        what: "Addresses from which a team's API keys were used: of machines, and of people who work on them",
        why: "So that the team notices a key in wrong hands.",
        how_long: "30 days; the last address of each key as long as the key.",
        how: CLEAR,
        columns: &[("key_address", &["address"]), ("key_seen", &["last_ip"])],
    },
    Kept {
        what: "Answers to calls of the REST API, which a program can ask for again",
        why: "So that a call that is repeated does nothing twice.",
        how_long: "24 hours.",
        how: BY_TEAM,
        columns: &[("api_answer", &["named", "request", "id", "sealed"])],
    },
];
