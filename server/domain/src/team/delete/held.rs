//! The one table of what a team's rows lie in, in the order in which they go: what points at others first.

/// When the rows of a table go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goes {
    /// With the keys, streams and members: nothing acts for the team any more.
    Access,
    /// With the other rows.
    Rows,
    /// In the end, with the team itself.
    End,
}

/// A table with rows of teams.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) table: &'static str,
    /// What is in it, as people read it.
    pub(crate) title: &'static str,
    pub(crate) goes: Goes,
}

const fn access(table: &'static str, title: &'static str) -> Held {
    Held { table, title, goes: Goes::Access }
}

const fn rows(table: &'static str, title: &'static str) -> Held {
    Held { table, title, goes: Goes::Rows }
}

const fn end(table: &'static str, title: &'static str) -> Held {
    Held { table, title, goes: Goes::End }
}

/// Every table of the schema with rows of teams, but the three about deletions themselves. That none is
/// missing is held against the catalogue by a test.
pub(crate) const HELD: &[Held] = &[
    access("key_usage", "Calls of keys, by the hour"),
    access("key_seen", "When keys were used last"),
    access("key_quota", "Calls taken from quotas"),
    access("key_notice", "Reminders about keys"),
    access("key_address", "Addresses that keys were used from"),
    access("api_answer", "Answers kept for repeated requests"),
    access("api_key", "API keys"),
    access("audit_stream_error", "Errors of streams"),
    access("audit_stream", "Streams of the audit log"),
    access("invitation", "Invitations"),
    access("ownership_offer", "Offers of ownership"),
    access("member_order", "Order of the list of members"),
    access("own_search", "Searches that members keep"),
    access("rule_draft", "Drafts of rules"),
    access("mfa_reminder", "Reminders of two-step sign-in"),
    access("member", "Memberships"),
    rows("mail", "Letters of invitation"),
    rows("team_role_permission", "Permissions of the team’s own roles"),
    rows("team_role", "The team’s own roles"),
    rows("access_period", "Who could do what, and when"),
    rows("probe_verdict", "Tries of the team’s own roles"),
    rows("team_policy", "Security policy"),
    rows("team_domain", "Email domains"),
    rows("team_network", "Networks"),
    rows("team_search", "Searches of the team"),
    rows("keyword_rule", "Keyword rules"),
    rows("affiliate_program", "Affiliate programs"),
    rows("rule_state", "State of the rules"),
    rows("usage_batch", "Batches of counted calls"),
    rows("audit_export", "Exports of the audit log"),
    rows("team_export", "Exports of everything"),
    rows("former_file", "Files of an earlier Probity"),
    rows("team_origin", "Where the team was imported from"),
    rows("audit_block", "Index of the audit log"),
    rows("audit_event", "Records of the audit log"),
    rows("ledger_floor", "What was removed from the audit log"),
    rows("ledger_proof", "What the last walk of the audit log found"),
    rows("ledger_acceptance", "What the operator accepted of the audit log"),
    end("ledger_head", "The end of the audit log"),
];
