//! What each permission lets somebody do to the database: the statements that the self-probe runs
//! past the program's own check.
//!
//! **To add a policy** that asks for a permission, add the statement here that it decides about; a
//! test holds that no policy is without one.

use model::{HeldRole, Permission};

/// One statement that a policy decides about. It is run by a synthetic person in a synthetic team,
/// and undone.
#[derive(Debug)]
pub struct Trial {
    /// The table and the command that the policy is for.
    pub on: (&'static str, &'static str),
    /// What else it needs: an update must also see its row.
    pub needs: &'static [Permission],
    /// What passes it as well: nothing is said of a role that holds it.
    pub unless: &'static [Permission],
    /// Whether of those who hold the permission only an owner gets through.
    pub for_owners: bool,
    pub sql: &'static str,
}

const fn trial(table: &'static str, command: &'static str, sql: &'static str) -> Trial {
    Trial { on: (table, command), needs: &[], unless: &[], for_owners: false, sql }
}

impl Trial {
    const fn needs(self, needs: &'static [Permission]) -> Self {
        Self { needs, ..self }
    }

    const fn unless(self, unless: &'static [Permission]) -> Self {
        Self { unless, ..self }
    }

    const fn for_owners(self) -> Self {
        Self { for_owners: true, ..self }
    }

    /// Whether it says something about `permission` in this role: not, where the role holds it and lacks
    /// what else is needed. Whoever lacks both must be refused all the more.
    pub(super) fn fits(&self, role: &HeldRole, permission: Permission) -> bool {
        let held = role.permissions().with(permission);
        let holds = |permission: &Permission| held.holds(*permission);
        let owners = self.for_owners && role.holds(permission) && !role.is_owner();
        let hindered = role.holds(permission) && !self.needs.iter().all(holds);
        !owners && !hindered && !self.unless.iter().any(holds)
    }
}

/// The statements of a permission. `{spare}` is a role that holds nothing, `{dummy}` a member who
/// holds it, `{outsider}` a person of no team, `{idle}` a role that nobody holds and that holds
/// `members.manage`.
pub const fn of(permission: Permission) -> &'static [Trial] {
    match permission {
        Permission::TeamView => TEAM_VIEW,
        Permission::MembersView => MEMBERS_VIEW,
        Permission::UsageView => USAGE_VIEW,
        Permission::KeysView => KEYS_VIEW,
        Permission::KeysManage => KEYS_MANAGE,
        Permission::MembersManage => MEMBERS_MANAGE,
        Permission::TeamUpdate => TEAM_UPDATE,
        Permission::AuditView => AUDIT_VIEW,
        Permission::AuditExport => AUDIT_EXPORT,
        Permission::AuditRecord => AUDIT_RECORD,
        Permission::SecurityManage => SECURITY_MANAGE,
        Permission::RulesView => RULES_VIEW,
        Permission::RulesEdit => RULES_EDIT,
        // Nothing in the database asks for these yet but `app.may` itself.
        Permission::BillingView
        | Permission::ExplorerUse
        | Permission::BillingManage
        | Permission::TeamDelete => &[],
        Permission::DataExport => DATA_EXPORT,
    }
}

const TEAM_VIEW: &[Trial] = &[
    trial(
        "ledger_head",
        "select",
        "select from ledger_head where kind = 'team' and ledger = app.team()",
    ),
    trial(
        "audit_event",
        "select",
        "select from audit_event
         where kind = 'team' and ledger = app.team() and actor_id = app.person()",
    )
    .unless(&[Permission::AuditView]),
    trial("team_role", "select", "select from team_role where team_id = app.team()"),
    trial(
        "team_role_permission",
        "select",
        "select from team_role_permission where team_id = app.team()",
    ),
    trial(
        "own_search",
        "insert",
        "insert into own_search (team_id, person_id, id, name, search)
         values (app.team(), app.person(), gen_random_uuid(), gen_random_uuid()::text, 'x')",
    ),
];

const MEMBERS_VIEW: &[Trial] = &[trial(
    "member",
    "select",
    "select from member where team_id = app.team() and person_id <> app.person()",
)];

const USAGE_VIEW: &[Trial] = &[
    trial("key_usage", "select", "select from key_usage where team_id = app.team()"),
    trial("key_address", "select", "select from key_address where team_id = app.team()"),
    trial("key_quota", "select", "select from key_quota where team_id = app.team()"),
];

const KEYS_VIEW: &[Trial] = &[
    trial("api_key", "select", "select id from api_key where team_id = app.team()"),
    trial("key_seen", "select", "select from key_seen where team_id = app.team()"),
];

const KEYS_MANAGE: &[Trial] = &[
    trial(
        "api_key",
        "insert",
        "insert into api_key (team_id, id, name, environment, start, secret_hash, created_at,
                              created_by, expires_at)
         values (app.team(), gen_random_uuid(), 'x', 'test', 'x',
                 sha256(gen_random_uuid()::text::bytea), app.at(), app.person(),
                 app.at() + interval '1 day')",
    ),
    trial(
        "api_key",
        "update",
        "update api_key set revoked_at = app.at(), revoked_by = app.person()
         where team_id = app.team()",
    )
    .needs(&[Permission::KeysView]),
];

const RULES_VIEW: &[Trial] = &[
    trial("keyword_rule", "select", "select from keyword_rule where team_id = app.team()"),
    trial(
        "affiliate_program",
        "select",
        "select id from affiliate_program where team_id = app.team()",
    ),
    trial("rule_state", "select", "select from rule_state where team_id = app.team()"),
];

const RULES_EDIT: &[Trial] = &[
    trial(
        "keyword_rule",
        "insert",
        "insert into keyword_rule (team_id, id, keyword, folded, matching, language, url, priority,
                                   enabled, changed_at)
         values (app.team(), gen_random_uuid(), 'y', gen_random_uuid()::text, 'exact', '',
                 'https://x.invalid', 0, true, app.at())",
    ),
    trial(
        "keyword_rule",
        "update",
        "update keyword_rule set enabled = false where team_id = app.team()",
    )
    .needs(&[Permission::RulesView]),
    trial("keyword_rule", "delete", "delete from keyword_rule where team_id = app.team()")
        .needs(&[Permission::RulesView]),
    trial(
        "affiliate_program",
        "insert",
        "insert into affiliate_program (team_id, id, name, sealed, key_set_at, created_at)
         values (app.team(), gen_random_uuid(), gen_random_uuid()::text, '\\x07', app.at(),
                 app.at())",
    ),
    trial(
        "affiliate_program",
        "update",
        "update affiliate_program set sealed = '\\x08' where team_id = app.team()",
    )
    .needs(&[Permission::RulesView]),
    trial(
        "affiliate_program",
        "delete",
        "delete from affiliate_program where team_id = app.team() and name = 'unused'",
    )
    .needs(&[Permission::RulesView]),
    trial(
        "rule_draft",
        "insert",
        "insert into rule_draft (team_id, person_id, id, made_at, csv)
         values (app.team(), app.person(), gen_random_uuid(), app.at(), 'x')",
    ),
];

const MEMBERS_MANAGE: &[Trial] = &[
    trial(
        "member",
        "insert",
        "insert into member (team_id, person_id, role, custom_role, joined_at)
         values (app.team(), '{outsider}', 'custom', '{spare}', app.at())",
    ),
    trial(
        "member",
        "update",
        "update member set role = role where team_id = app.team() and person_id = '{dummy}'",
    )
    .needs(&[Permission::MembersView]),
    trial(
        "member",
        "delete",
        "delete from member where team_id = app.team() and person_id = '{dummy}'",
    )
    .needs(&[Permission::MembersView]),
    trial("invitation", "select", "select id from invitation where team_id = app.team()"),
    trial(
        "invitation",
        "insert",
        "insert into invitation (team_id, id, email, role, custom_role, message, mailed_hash,
                                 sent_by, sent_at, expires_at)
         values (app.team(), gen_random_uuid(), gen_random_uuid() || '@x.invalid', 'custom',
                 '{spare}', '', sha256(gen_random_uuid()::text::bytea), app.person(), app.at(),
                 app.at() + interval '1 day')",
    ),
    trial(
        "invitation",
        "update",
        "update invitation set asked_at = app.at()
         where team_id = app.team() and custom_role = '{spare}'",
    ),
    trial("team_domain", "select", "select from team_domain where team_id = app.team()"),
    trial(
        "team_role",
        "insert",
        "insert into team_role (team_id, id, name, created_at)
         values (app.team(), gen_random_uuid(), 'x', app.at())",
    ),
    trial(
        "team_role",
        "update",
        "update team_role set name = 'y' where team_id = app.team() and id = '{idle}'",
    )
    .needs(&[Permission::TeamView]),
    trial(
        "team_role",
        "delete",
        "delete from team_role where team_id = app.team() and id = '{idle}'",
    )
    .needs(&[Permission::TeamView]),
    trial(
        "team_role_permission",
        "insert",
        "insert into team_role_permission (team_id, role_id, permission)
         values (app.team(), '{spare}', 'members.manage')",
    ),
    trial(
        "team_role_permission",
        "delete",
        "delete from team_role_permission where team_id = app.team() and role_id = '{idle}'",
    )
    .needs(&[Permission::TeamView]),
];

const TEAM_UPDATE: &[Trial] = &[
    trial("team", "update", "update team set name = 'x' where id = app.team()"),
    SAVE_SEARCH.needs(&[Permission::AuditView]),
    CHANGE_SEARCH.needs(&[Permission::AuditView]),
    REMOVE_SEARCH.needs(&[Permission::AuditView]),
];

const SAVE_SEARCH: Trial = trial(
    "team_search",
    "insert",
    "insert into team_search (team_id, id, name, search)
     values (app.team(), gen_random_uuid(), gen_random_uuid()::text, 'x')",
);

const CHANGE_SEARCH: Trial = trial(
    "team_search",
    "update",
    "update team_search set search = 'y' where team_id = app.team()",
);

const REMOVE_SEARCH: Trial =
    trial("team_search", "delete", "delete from team_search where team_id = app.team()");

const AUDIT_VIEW: &[Trial] = &[
    trial(
        "audit_event",
        "select",
        "select from audit_event
         where kind = 'team' and ledger = app.team() and actor_id <> app.person()",
    ),
    trial("access_period", "select", "select from access_period where team_id = app.team()"),
    trial("team_search", "select", "select from team_search where team_id = app.team()"),
    SAVE_SEARCH.needs(&[Permission::TeamUpdate]),
    CHANGE_SEARCH.needs(&[Permission::TeamUpdate]),
    REMOVE_SEARCH.needs(&[Permission::TeamUpdate]),
    LETS_FLOW.needs(&[Permission::AuditExport]),
    ALTERS_FLOW.needs(&[Permission::AuditExport]),
    ENDS_FLOW.needs(&[Permission::AuditExport]),
];

/// Streams take both: to read the log, and to let it leave.
const LETS_FLOW: Trial = trial(
    "audit_stream",
    "insert",
    "insert into audit_stream (team_id, id, name, kind, shown, sealed, person_id, made_at,
                               start_at, started_at)
     values (app.team(), gen_random_uuid(), 'x', 'https', 'x', '\\x07', app.person(), app.at(), 0,
             app.at())",
);
const ALTERS_FLOW: Trial = trial(
    "audit_stream",
    "update",
    "update audit_stream set state = 'paused' where team_id = app.team()",
);
const ENDS_FLOW: Trial =
    trial("audit_stream", "delete", "delete from audit_stream where team_id = app.team()");

const AUDIT_EXPORT: &[Trial] = &[
    trial("audit_export", "select", "select from audit_export where team_id = app.team()"),
    trial(
        "audit_export",
        "insert",
        "insert into audit_export (team_id, id, person_id, made_at, format, search, name, touched_at)
         values (app.team(), gen_random_uuid(), app.person(), app.at(), 'csv', '', 'x', app.at())",
    ),
    trial(
        "audit_export",
        "update",
        "update audit_export set state = 'cancelled' where team_id = app.team()",
    ),
    trial("audit_stream", "select", "select from audit_stream where team_id = app.team()"),
    LETS_FLOW.needs(&[Permission::AuditView]),
    ALTERS_FLOW.needs(&[Permission::AuditView]),
    ENDS_FLOW.needs(&[Permission::AuditView]),
];

const DATA_EXPORT: &[Trial] = &[
    trial("team_export", "select", "select from team_export where team_id = app.team()"),
    trial(
        "team_export",
        "insert",
        "insert into team_export (team_id, id, person_id, made_at, has_hashes, name, touched_at)
         values (app.team(), gen_random_uuid(), app.person(), app.at(), false, 'x', app.at())",
    ),
    trial(
        "team_export",
        "update",
        "update team_export set state = 'cancelled' where team_id = app.team()",
    ),
];

const AUDIT_RECORD: &[Trial] = &[trial(
    "audit_event",
    "insert",
    "select app.log(array[convert_to(json_build_object('id', gen_random_uuid(), 'at', app.at(), 'actor',
         json_build_object('kind', 'person', 'id', app.person()), 'action', 'app.x.y', 'target',
         json_build_object('kind', '', 'id', ''), 'outcome', 'ok')::text, 'UTF8')], array[''::bytea])",
)];

const SECURITY_MANAGE: &[Trial] = &[
    trial(
        "team_policy",
        "insert",
        "insert into team_policy (team_id) values (app.team()) on conflict do nothing",
    ),
    trial(
        "team_policy",
        "update",
        "update team_policy set key_days = 9 where team_id = app.team()",
    ),
    trial(
        "team_domain",
        "insert",
        "insert into team_domain (team_id, domain) values (app.team(), 'x.invalid')",
    ),
    trial("team_domain", "delete", "delete from team_domain where team_id = app.team()")
        .needs(&[Permission::MembersManage]),
    trial("team_network", "select", "select from team_network where team_id = app.team()"),
    trial(
        "team_network",
        "insert",
        "insert into team_network (team_id, network) values (app.team(), '10.0.0.0/8')",
    ),
    trial("team_network", "delete", "delete from team_network where team_id = app.team()"),
    trial("ownership_offer", "select", "select from ownership_offer where team_id = app.team()")
        .needs(&[Permission::MembersView]),
    trial(
        "ownership_offer",
        "insert",
        "insert into ownership_offer (team_id, id, offered_by, offered_to, offered_at, expires_at)
         values (app.team(), gen_random_uuid(), app.person(), '{dummy}', app.at(), app.at())
         on conflict do nothing",
    )
    .for_owners(),
    trial(
        "ownership_offer",
        "update",
        "update ownership_offer set ended_at = app.at(), outcome = 'withdrawn'
         where team_id = app.team()",
    )
    .needs(&[Permission::MembersView]),
];
