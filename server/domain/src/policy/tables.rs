//! The rows of the policy table.

use super::{Command::*, Guard, Policy, Rule, Table};
use crate::task::Task;
use model::Permission;

const fn rule(command: super::Command, rule: Rule) -> Policy {
    Policy { command, columns: "", rule }
}

const fn columns(command: super::Command, columns: &'static str, rule: Rule) -> Policy {
    Policy { command, columns, rule }
}

const fn guard(ledger: &'static str, column: &'static str, on: &'static str) -> Option<Guard> {
    Some(Guard { ledger, column, on })
}

/// All columns of a key but its hash, which only the lookup behind verify compares.
const KEY_COLUMNS: &str = "team_id, id, name, environment, start, created_at, created_by, \
                           expires_at, revoked_at, revoked_by, first_used_at";

/// What may be said of a letter when it is posted; what became of it is said by its sender.
const POSTED: &str = "id, owner_kind, owner_id, letter, sealed, created_at, next_at";

const ANY: &str = "insert or update or delete";

/// Every table of the schema `public`, except the migrations' own.
pub const TABLES: &[Table] = &[
    Table {
        name: "person",
        guard: guard("person", "id", ANY),
        policies: &[
            rule(
                Select,
                Rule::Sql(
                    "id = (select app.person()) or exists (select from member m \
                     where m.team_id = (select app.team()) and m.person_id = person.id)",
                ),
            ),
            rule(Insert, Rule::Own("id")),
        ],
        internal: &[Select],
    },
    Table {
        name: "credential",
        guard: guard("person", "person_id", ANY),
        policies: &[rule(Insert, Rule::Own("person_id"))],
        internal: &[Select],
    },
    Table {
        name: "session",
        guard: guard("person", "person_id", "insert or update of ended_at"),
        policies: &[
            rule(Select, Rule::Own("person_id")),
            rule(Insert, Rule::Own("person_id")),
            columns(Update, "ended_at", Rule::Own("person_id")),
            rule(Select, Rule::TaskSql(Task::SessionSweep, "true")),
            rule(
                Delete,
                Rule::TaskSql(
                    Task::SessionSweep,
                    "coalesce(ended_at, expires_at) < now() - interval '30 days'",
                ),
            ),
        ],
        internal: &[Select, Update],
    },
    Table {
        name: "team",
        guard: guard("team", "id", ANY),
        policies: &[rule(
            Select,
            Rule::Sql(
                "(id = (select app.team()) and (select app.may('team.view'))) \
                 or exists (select from member m \
                 where m.team_id = team.id and m.person_id = (select app.person()))",
            ),
        )],
        internal: &[Select, Insert],
    },
    Table {
        name: "member",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(Select, Rule::May(Permission::MembersView)),
            rule(Select, Rule::Own("person_id")),
            rule(
                Insert,
                Rule::MayAnd(
                    Permission::MembersManage,
                    "(role <> 'owner' or (select app.may('security.manage')))",
                ),
            ),
        ],
        internal: &[Select, Insert],
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
                    "created_by = (select app.person()) and revoked_at is null",
                ),
            ),
            columns(Update, "revoked_at, revoked_by", Rule::May(Permission::KeysManage)),
            columns(Select, KEY_COLUMNS, Rule::Task(Task::KeyFirstUse)),
            columns(Update, "first_used_at", Rule::Task(Task::KeyFirstUse)),
        ],
        internal: &[Select],
    },
    Table {
        name: "key_usage",
        guard: None,
        policies: &[
            rule(Select, Rule::May(Permission::UsageView)),
            rule(Select, Rule::Task(Task::KeyUsage)),
            rule(Insert, Rule::Task(Task::KeyUsage)),
            rule(Update, Rule::Task(Task::KeyUsage)),
        ],
        internal: &[],
    },
    Table {
        name: "ledger_head",
        guard: None,
        policies: &[rule(
            Select,
            Rule::Sql(
                "kind = 'team' and ledger = (select app.team()) \
                 and (select app.may('team.view'))",
            ),
        )],
        internal: &[Select, Insert, Update],
    },
    Table {
        name: "audit_event",
        guard: None,
        policies: &[rule(
            Select,
            Rule::Sql(
                "(kind = 'team' and ledger = (select app.team()) \
                 and ((select app.may('audit.view')) \
                 or ((select app.may('team.view')) and actor_id = (select app.person())))) \
                 or (kind = 'person' and ledger = (select app.person()))",
            ),
        )],
        internal: &[Select, Insert],
    },
    Table { name: "instance", guard: None, policies: &[], internal: &[Select, Update] },
    Table {
        name: "limit_bucket",
        guard: None,
        policies: &[
            rule(Select, Rule::TaskSql(Task::LimitSweep, "true")),
            rule(Delete, Rule::TaskSql(Task::LimitSweep, "full_at < now()")),
        ],
        internal: &[Select, Insert, Update],
    },
    Table {
        name: "mail",
        guard: None,
        policies: &[
            columns(
                Insert,
                POSTED,
                Rule::Sql("(owner_kind = 'instance' or owner_id = (select app.person()))"),
            ),
            columns(Insert, POSTED, Rule::AnyTask("true")),
            rule(Select, Rule::TaskSql(Task::MailSend, "true")),
            columns(
                Update,
                "sealed, next_at, tries, sent_at, failed_at, last_error",
                Rule::TaskSql(Task::MailSend, "true"),
            ),
            rule(Select, Rule::TaskSql(Task::MailSweep, "true")),
            rule(
                Delete,
                Rule::TaskSql(
                    Task::MailSweep,
                    "coalesce(sent_at, failed_at) < now() - interval '30 days'",
                ),
            ),
        ],
        internal: &[],
    },
];
