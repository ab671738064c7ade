//! Teams and what is theirs.

use super::{
    super::{Command::*, Rule, Table},
    ANY, IMPORTED, IN_TEAM, OWN_OR_TASK, columns, guard, rule,
};
use crate::task::Task;
use model::Permission;

/// All columns of a key but its hash, which only the lookup behind verify compares.
const KEY_COLUMNS: &str = "team_id, id, name, environment, start, created_at, created_by, \
                           created_with, expires_at, revoked_at, revoked_by, first_used_at, networks, \
                           scopes, metadata, rate_limit, rate_seconds, quota, disabled_at, \
                           disabled_by, rotated_at, previous_start, previous_ends_at, \
                           leaked_at, leaked_where, leaked_by, leak_dismissed_at";

/// What is written when a key is changed, revoked, switched off or on, or rotated, or a
/// warning of it is dismissed; `app.keep_key`
/// sees to it which of it needs step-up.
const KEY_CHANGES: &str = "name, networks, scopes, rate_limit, rate_seconds, quota, metadata, \
                           revoked_at, revoked_by, disabled_at, disabled_by, secret_hash, start, \
                           rotated_at, previous_ends_at, leak_dismissed_at";

/// Of the key that acts.
const OWN_ANSWER: &str = "team_id = (select app.team()) and key_id = (select app.acting_key())";

/// Nobody gives, changes or takes a role that holds more than their own; owners are for owners.
const MANAGES: &str = "(select app.confirmed()) and app.may_give(role, custom_role)";

const CONFIRMED: &str = "(select app.confirmed())";

/// Nobody changes a role that holds more than their own.
const EDITS_ROLE: &str = "(select app.confirmed()) and app.may_give('custom', id)";

/// Nor puts into one, or takes from it, what they lack.
const GRANTS: &str = "(select app.confirmed()) and app.may_give('custom', role_id) \
                      and app.may(permission)";

/// All columns of an invitation but the hashes of its links.
const INVITATION_COLUMNS: &str = "team_id, id, email, role, custom_role, message, mail_id, \
                                  sent_by, sent_at, expires_at, asked_at, ended_at, ended_by, \
                                  outcome";

const INVITATION_CHANGES: &str = "mailed_hash, copied_hash, mail_id, sent_by, sent_at, \
                                  expires_at, asked_at, ended_at, ended_by, outcome";

/// The same in an invitation, which names its sender.
const INVITES: &str = "(select app.confirmed()) and app.may_give(role, custom_role) \
                       and sent_by = (select app.person()) and ended_at is null";

/// What was over a month ago.
const FORGOTTEN: &str = "coalesce(ended_at, expires_at) < (select app.at()) - interval '30 days'";

/// An owner, confirmed, offers the team to somebody in it.
const OFFERS: &str = "offered_by = (select app.person()) and ended_at is null \
                      and (select app.confirmed()) and (select app.may_give('owner', null)) \
                      and exists (select from member m where m.team_id = (select app.team()) \
                      and m.person_id = offered_to)";

/// Everybody may go.
const LEAVES: &str = "team_id = (select app.team()) and person_id = (select app.person()) \
                      and (select app.confirmed())";

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "team",
        guard: guard("team", "id", ANY),
        policies: &[
            rule(
                Select,
                Rule::Sql(
                    "(id = (select app.team()) and (select app.may('team.view'))) \
                     or exists (select from member m \
                     where m.team_id = team.id and m.person_id = (select app.person()))",
                ),
            ),
            rule(Select, Rule::TaskSql(Task::Operator, "true")),
            columns(Select, "id, time_zone", Rule::Task(Task::RuleMatch)),
            columns(
                Select,
                "id, suspended_at, closing_at",
                Rule::TaskSql(Task::AuditStream, "true"),
            ),
            columns(Select, "id, name", Rule::Task(Task::TeamDelete)),
            columns(
                Update,
                "suspended_at",
                Rule::TaskSql(Task::Operator, "id = (select app.team())"),
            ),
            columns(
                Update,
                "name, slug, crest, time_zone",
                Rule::Sql("id = (select app.team()) and (select app.may('team.update'))"),
            ),
            rule(Insert, Rule::TaskSql(Task::TeamImport, "id = (select app.team())")),
        ],
        internal: &[Select, Insert, Update],
    },
    Table {
        name: "member",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(Select, Rule::May(Permission::MembersView)),
            rule(Select, Rule::Own("person_id")),
            rule(Insert, Rule::MayAnd(Permission::MembersManage, MANAGES)),
            columns(Update, "role, custom_role", Rule::MayAnd(Permission::MembersManage, MANAGES)),
            rule(Delete, Rule::MayAnd(Permission::MembersManage, MANAGES)),
            rule(Delete, Rule::Sql(LEAVES)),
            rule(Select, Rule::TaskSql(Task::SignInRefuse, OWN_OR_TASK)),
            rule(Select, Rule::TaskSql(Task::Operator, OWN_OR_TASK)),
            rule(Select, Rule::TaskSql(Task::Operator, IN_TEAM)),
            columns(Select, "team_id, person_id", Rule::Task(Task::AuditStream)),
            rule(Select, Rule::Task(Task::TeamDelete)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select, Insert, Update, Delete],
    },
    Table { name: "member_order", guard: None, policies: &[], internal: &[Select, Insert, Update] },
    Table {
        name: "team_role",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(Select, Rule::May(Permission::TeamView)),
            rule(Insert, Rule::MayAnd(Permission::MembersManage, CONFIRMED)),
            columns(Update, "name", Rule::MayAnd(Permission::MembersManage, EDITS_ROLE)),
            rule(Delete, Rule::MayAnd(Permission::MembersManage, EDITS_ROLE)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select],
    },
    Table {
        name: "team_role_permission",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(Select, Rule::May(Permission::TeamView)),
            rule(Insert, Rule::MayAnd(Permission::MembersManage, GRANTS)),
            rule(Delete, Rule::MayAnd(Permission::MembersManage, GRANTS)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select],
    },
    Table {
        name: "access_period",
        guard: None,
        policies: &[rule(Select, Rule::May(Permission::AuditView))],
        internal: &[Select, Insert, Update],
    },
    Table {
        name: "invitation",
        guard: guard("team", "team_id", ANY),
        policies: &[
            columns(Select, INVITATION_COLUMNS, Rule::May(Permission::MembersManage)),
            rule(Insert, Rule::MayAnd(Permission::MembersManage, INVITES)),
            columns(Update, INVITATION_CHANGES, Rule::MayAnd(Permission::MembersManage, MANAGES)),
            columns(Select, INVITATION_COLUMNS, Rule::Task(Task::InvitationAnswer)),
            columns(
                Update,
                "asked_at, ended_at, ended_by, outcome",
                Rule::Task(Task::InvitationAnswer),
            ),
            columns(
                Select,
                "team_id, id, email, expires_at, ended_at, outcome",
                Rule::TaskSql(Task::InvitationForget, FORGOTTEN),
            ),
            columns(
                Update,
                "email, message, ended_at, outcome",
                Rule::TaskSql(Task::InvitationForget, FORGOTTEN),
            ),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select, Update],
    },
    Table {
        name: "ownership_offer",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(
                Select,
                Rule::MayAnd(
                    Permission::MembersView,
                    "((select app.may('security.manage')) or offered_to = (select app.person()))",
                ),
            ),
            rule(Insert, Rule::MayAnd(Permission::SecurityManage, OFFERS)),
            columns(Update, "ended_at, outcome", Rule::May(Permission::SecurityManage)),
            columns(
                Update,
                "ended_at, outcome",
                Rule::MayAnd(Permission::MembersView, "offered_to = (select app.person())"),
            ),
        ],
        internal: &[Select, Update],
    },
    Table {
        name: "api_key",
        guard: guard("team", "team_id", ANY),
        policies: &[
            columns(Select, KEY_COLUMNS, Rule::May(Permission::KeysView)),
            rule(
                Insert,
                Rule::MayAnd(
                    Permission::KeysManage,
                    "created_by is not distinct from (select app.person()) \
                     and created_with is not distinct from (select app.acting_key()) \
                     and revoked_at is null and (select app.vouched()) \
                     and (expires_at is not null or (select app.may('security.manage'))) \
                     and app.key_allowed(environment, created_at, expires_at, networks)",
                ),
            ),
            columns(Update, KEY_CHANGES, Rule::May(Permission::KeysManage)),
            rule(
                Insert,
                Rule::TaskSql(
                    Task::Operator,
                    "team_id = (select app.team()) and created_by is null \
                     and created_with is null and revoked_at is null",
                ),
            ),
            columns(Select, "team_id, id, name", Rule::Task(Task::AuditStream)),
            columns(Select, KEY_COLUMNS, Rule::Task(Task::KeyFirstUse)),
            columns(Update, "first_used_at", Rule::Task(Task::KeyFirstUse)),
            columns(Select, KEY_COLUMNS, Rule::Task(Task::KeyLeak)),
            columns(
                Update,
                "leaked_at, leaked_where, leaked_by, disabled_at",
                Rule::Task(Task::KeyLeak),
            ),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select, Update],
    },
    Table {
        name: "api_answer",
        guard: None,
        policies: &[
            rule(Select, Rule::Sql(OWN_ANSWER)),
            rule(Insert, Rule::Sql(OWN_ANSWER)),
            rule(Select, Rule::TaskSql(Task::AnswerSweep, "true")),
            rule(
                Delete,
                Rule::TaskSql(Task::AnswerSweep, "answered_at < now() - interval '1 day'"),
            ),
        ],
        internal: &[Select, Update],
    },
    Table { name: "key_notice", guard: None, policies: &[], internal: &[Select, Insert] },
];
