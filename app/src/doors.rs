//! The one table of doors: each server function and endpoint, and who may go through it.
//!
//! The page about roles and `docs/permissions.md` list from it what a permission opens. That the
//! operations behind agree, and that no door is missing, is held by the census in the server's
//! tests, which tries each one as whoever may not.

use model::Permission;

/// Who may go through a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// Everybody; why.
    Anyone(&'static str),
    /// Whoever is signed in, to what is their own.
    Own,
    /// Everybody in the team, whatever their role; why.
    Member(&'static str),
    /// Whoever holds the permission in the team.
    Holder(Permission),
}

/// A server function or an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    /// Of an endpoint with its method before it, as `POST /v1/keys/verify`.
    pub path: &'static str,
    pub may: May,
    /// Whether its caller must have confirmed within the last minutes that it is them (step-up).
    pub confirmed: bool,
}

/// Every server function.
pub const DOORS: &[Door] = &[
    own("/do/account/activity"),
    own("/do/account/ask-email").confirmed(),
    anyone("/do/account/confirm", "a link from a mail is the proof"),
    anyone("/do/account/confirm-email", "a link from a mail is the proof"),
    own("/do/account/delete").confirmed(),
    own("/do/account/deletion"),
    own("/do/account/export").confirmed(),
    own("/do/account/own-export"),
    anyone("/do/account/email-card", "a link from a mail is the proof"),
    anyone("/do/account/entrance", "what the sign-in page needs to know"),
    own("/do/account/profile"),
    anyone("/do/account/set-up", "the link that the operator reads is the proof"),
    anyone("/do/account/sign-in", "the password is the proof"),
    anyone("/do/account/sign-out", "ends what the browser holds"),
    anyone("/do/account/sign-up", "nobody is anybody yet"),
    anyone("/do/account/sign-up-card", "a link from a mail is the proof"),
    holder("/do/audit/activity", Permission::TeamView),
    holder("/do/audit/cancel-export", Permission::AuditExport),
    holder("/do/audit/edit-search", Permission::TeamView),
    holder("/do/audit/export", Permission::AuditExport),
    holder("/do/audit/exports", Permission::AuditExport),
    holder("/do/audit/find", Permission::TeamView),
    anyone("/do/audit/key", "what exports are checked with is public"),
    holder("/do/audit/link-export", Permission::AuditExport).confirmed(),
    holder("/do/audit/list", Permission::TeamView),
    holder("/do/audit/remove-search", Permission::TeamView),
    holder("/do/audit/save-search", Permission::TeamView),
    holder("/do/audit/searches", Permission::TeamView),
    holder("/do/audit/start-export", Permission::AuditExport).confirmed(),
    holder("/do/audit/tail", Permission::TeamView),
    own("/do/confirm/passkey"),
    own("/do/confirm/passkey-options"),
    own("/do/confirm/password"),
    holder("/do/data/cancel-export", Permission::DataExport),
    holder("/do/data/export", Permission::DataExport),
    holder("/do/data/link-export", Permission::DataExport).confirmed(),
    holder("/do/data/page", Permission::DataExport),
    holder("/do/data/start-export", Permission::DataExport).confirmed(),
    holder("/do/deletion/ask", Permission::TeamDelete).confirmed(),
    anyone("/do/deletion/card", "a link from a mail is the proof"),
    holder("/do/deletion/confirm", Permission::TeamDelete).confirmed(),
    holder("/do/deletion/load", Permission::TeamDelete),
    own("/do/deletion/stages"),
    holder("/do/deletion/undo", Permission::TeamDelete),
    own("/do/device/forget"),
    holder("/do/explorer/call", Permission::ExplorerUse),
    member("/do/explorer/forget-key", "it takes a cookie from whoever asks, and nothing else"),
    holder("/do/explorer/keep-key", Permission::ExplorerUse),
    holder("/do/explorer/load", Permission::ExplorerUse),
    holder("/do/explorer/make-key", Permission::KeysManage).confirmed(),
    own("/do/invitation/accept"),
    anyone("/do/invitation/ask", "a link from a mail is the proof"),
    anyone("/do/invitation/card", "a link from a mail is the proof"),
    own("/do/invitation/decline"),
    anyone("/do/invitation/join", "a link from a mail is the proof"),
    holder("/do/invitation/link", Permission::MembersManage).confirmed(),
    holder("/do/invitation/list", Permission::MembersManage),
    own("/do/invitation/mine"),
    holder("/do/invitation/resend", Permission::MembersManage).confirmed(),
    holder("/do/invitation/revoke", Permission::MembersManage).confirmed(),
    holder("/do/invitation/send", Permission::MembersManage).confirmed(),
    holder("/do/key/create", Permission::KeysManage).confirmed(),
    holder("/do/key/disable", Permission::KeysManage),
    holder("/do/key/dismiss-leak", Permission::KeysManage),
    holder("/do/key/enable", Permission::KeysManage).confirmed(),
    holder("/do/key/end-overlap", Permission::KeysManage),
    holder("/do/key/find", Permission::KeysView),
    holder("/do/key/list", Permission::KeysView),
    holder("/do/key/revoke", Permission::KeysManage),
    holder("/do/key/rotate", Permission::KeysManage).confirmed(),
    holder("/do/key/update", Permission::KeysManage).confirmed(),
    holder("/do/member/change-role", Permission::MembersManage).confirmed(),
    holder("/do/member/find", Permission::MembersView),
    member("/do/member/leave", "everybody may go").confirmed(),
    holder("/do/member/list", Permission::MembersView),
    holder("/do/member/remove", Permission::MembersManage).confirmed(),
    holder("/do/ownership/accept", Permission::MembersView).confirmed(),
    holder("/do/ownership/decline", Permission::MembersView),
    holder("/do/ownership/offer", Permission::SecurityManage).confirmed(),
    holder("/do/ownership/withdraw", Permission::SecurityManage),
    own("/do/passkey/add").confirmed(),
    own("/do/passkey/options").confirmed(),
    own("/do/passkey/remove").confirmed(),
    own("/do/passkey/rename"),
    own("/do/password/change").confirmed(),
    anyone("/do/password/forgot", "answers alike whether or not there is an account"),
    anyone("/do/password/reset", "a link from a mail is the proof"),
    anyone("/do/password/reset-card", "a link from a mail is the proof"),
    anyone("/do/password/strength", "looks at nothing that is kept"),
    holder("/do/policy/domains", Permission::SecurityManage).confirmed(),
    holder("/do/policy/factor", Permission::SecurityManage).confirmed(),
    holder("/do/policy/keys", Permission::SecurityManage).confirmed(),
    holder("/do/policy/load", Permission::SecurityManage),
    holder("/do/policy/networks", Permission::SecurityManage).confirmed(),
    holder("/do/policy/sessions", Permission::SecurityManage).confirmed(),
    holder("/do/policy/retention", Permission::SecurityManage).confirmed(),
    holder("/do/program/create", Permission::RulesEdit).confirmed(),
    holder("/do/program/delete", Permission::RulesEdit),
    holder("/do/program/list", Permission::RulesView),
    holder("/do/program/rename", Permission::RulesEdit).confirmed(),
    holder("/do/program/replace-key", Permission::RulesEdit).confirmed(),
    own("/do/recovery/renew").confirmed(),
    holder("/do/review/list", Permission::AuditView),
    holder("/do/role/create", Permission::MembersManage).confirmed(),
    holder("/do/role/delete", Permission::MembersManage).confirmed(),
    holder("/do/role/find", Permission::MembersManage),
    holder("/do/role/list", Permission::TeamView),
    holder("/do/role/matrix", Permission::TeamView),
    holder("/do/role/try", Permission::SecurityManage),
    holder("/do/role/update", Permission::MembersManage).confirmed(),
    holder("/do/rule/create", Permission::RulesEdit),
    holder("/do/rule/delete", Permission::RulesEdit),
    holder("/do/rule/disable", Permission::RulesEdit),
    holder("/do/rule/dry-run", Permission::RulesEdit),
    holder("/do/rule/enable", Permission::RulesEdit),
    holder("/do/rule/find", Permission::RulesView),
    holder("/do/rule/import", Permission::RulesEdit),
    holder("/do/rule/list", Permission::RulesView),
    holder("/do/rule/try", Permission::RulesView),
    holder("/do/rule/update", Permission::RulesEdit),
    holder("/do/rule/upload", Permission::RulesEdit),
    own("/do/security/load"),
    own("/do/session/end").confirmed(),
    own("/do/session/end-others").confirmed(),
    own("/do/session/list"),
    anyone("/do/sign-in/abandon", "ends what the browser holds"),
    anyone("/do/sign-in/choices", "the first step is the proof"),
    anyone("/do/sign-in/code", "the first step is the proof"),
    anyone("/do/sign-in/passkey", "the passkey is the proof"),
    anyone("/do/sign-in/passkey-hindrance", "looks at nothing that is kept"),
    anyone("/do/sign-in/passkey-options", "gives a challenge and nothing else"),
    holder("/do/stream/create", Permission::AuditExport).confirmed(),
    holder("/do/stream/find", Permission::AuditExport),
    holder("/do/stream/list", Permission::AuditExport),
    holder("/do/stream/pause", Permission::AuditExport).confirmed(),
    holder("/do/stream/remove", Permission::AuditExport).confirmed(),
    holder("/do/stream/restart", Permission::AuditExport).confirmed(),
    holder("/do/stream/resume", Permission::AuditExport).confirmed(),
    holder("/do/stream/rotate", Permission::AuditExport).confirmed(),
    holder("/do/stream/test", Permission::AuditExport),
    own("/do/team/create"),
    holder("/do/team/overview", Permission::TeamView),
    holder("/do/team/settings", Permission::TeamView),
    holder("/do/team/update", Permission::TeamUpdate),
    anyone("/do/theme/set", "a cookie of the browser, and nothing else"),
    own("/do/totp/begin").confirmed(),
    own("/do/totp/confirm").confirmed(),
    own("/do/totp/offer").confirmed(),
    own("/do/totp/remove").confirmed(),
    holder("/do/usage/load", Permission::UsageView),
];

/// What pages link to and is no page: files.
pub const FILES: &[Door] = &[
    own("GET /account/data/:link/:file"),
    anyone("GET /deleted/:link/:file", "the link from the letter is the proof"),
    holder("GET /t/:team/audit/exports/:export/:link/:file", Permission::AuditExport),
    holder("GET /t/:team/data/:archive/:link/:file", Permission::DataExport),
    holder("GET /t/:team/review.csv", Permission::AuditExport),
    holder("GET /t/:team/rules.csv", Permission::RulesView),
    holder("GET /t/:team/usage.csv", Permission::UsageView),
];

/// Every endpoint of the REST API. None knows a session: what is sent with it is the proof, or the
/// key that acts, whose scopes then name the permission.
pub const ENDPOINTS: &[Door] = &[
    holder("GET /v1/audit/events", Permission::AuditView),
    holder("POST /v1/audit/events", Permission::AuditRecord),
    holder("POST /v1/audit/events/batch", Permission::AuditRecord),
    holder("GET /v1/audit/events/{seq}", Permission::AuditView),
    anyone("GET /v1/forward-auth", "the key that is sent is the proof; it says whether it works"),
    holder("GET /v1/keys", Permission::KeysView),
    holder("POST /v1/keys", Permission::KeysManage),
    anyone(
        "POST /v1/keys/scan",
        "whoever sends a text has the keys in it; it tells less of them than verify, and warns \
         those whose keys they are",
    ),
    anyone("POST /v1/keys/verify", "the key that is sent is the proof; it says whether it works"),
    anyone("POST /v1/keys/verify/batch", "as for one key"),
    holder("GET /v1/keys/{key}", Permission::KeysView),
    holder("PATCH /v1/keys/{key}", Permission::KeysManage),
    holder("POST /v1/keys/{key}/disable", Permission::KeysManage),
    holder("POST /v1/keys/{key}/enable", Permission::KeysManage),
    holder("POST /v1/keys/{key}/end-overlap", Permission::KeysManage),
    holder("POST /v1/keys/{key}/revoke", Permission::KeysManage),
    holder("POST /v1/keys/{key}/rotate", Permission::KeysManage),
    anyone("POST /v1/match", "the key that is sent is the proof; it is told its own team's offers"),
    holder("GET /v1/members", Permission::MembersView),
    holder("GET /v1/programs", Permission::RulesView),
    holder("POST /v1/programs", Permission::RulesEdit),
    holder("DELETE /v1/programs/{program}", Permission::RulesEdit),
    holder("GET /v1/programs/{program}", Permission::RulesView),
    holder("PATCH /v1/programs/{program}", Permission::RulesEdit),
    holder("GET /v1/rules", Permission::RulesView),
    holder("POST /v1/rules", Permission::RulesEdit),
    holder("DELETE /v1/rules/{rule}", Permission::RulesEdit),
    holder("GET /v1/rules/{rule}", Permission::RulesView),
    holder("PATCH /v1/rules/{rule}", Permission::RulesEdit),
    holder("GET /v1/team", Permission::TeamView),
    holder("GET /v1/usage", Permission::UsageView),
];

const fn anyone(path: &'static str, why: &'static str) -> Door {
    Door { path, may: May::Anyone(why), confirmed: false }
}

const fn own(path: &'static str) -> Door {
    Door { path, may: May::Own, confirmed: false }
}

const fn member(path: &'static str, why: &'static str) -> Door {
    Door { path, may: May::Member(why), confirmed: false }
}

const fn holder(path: &'static str, permission: Permission) -> Door {
    Door { path, may: May::Holder(permission), confirmed: false }
}

impl Door {
    /// The same, for whoever has confirmed that it is them.
    const fn confirmed(self) -> Self {
        Self { confirmed: true, ..self }
    }
}

/// The doors that a permission opens.
pub fn opened_by(permission: Permission) -> impl Iterator<Item = &'static Door> {
    DOORS
        .iter()
        .chain(FILES)
        .chain(ENDPOINTS)
        .filter(move |door| door.may == May::Holder(permission))
}
