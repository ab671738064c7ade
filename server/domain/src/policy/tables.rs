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

/// Tasks that act on an account for its person or for the operator.
const OWN_OR_TASK: &str = "person_id = (select app.person())";

/// Another session than the one that acts is ended only by somebody confirmed, or by the link
/// that sets a new password.
const ENDS_SESSION: &str = "person_id = (select app.person()) \
     and (id_hash = (select app.session()) or (select app.confirmed()) \
     or (select app.link_spent('reset')))";

/// Who shows a proof of theirs to a password, or a link that was mailed to them.
const SETS_PASSWORD: &str = "person_id = (select app.person()) \
     and ((select app.confirmed()) or (select app.link_spent('reset')))";

const CONFIRMED: &str = "person_id = (select app.person()) and (select app.confirmed())";

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
            columns(Update, "name, time_zone, date_style", Rule::Own("id")),
            rule(Select, Rule::TaskSql(Task::SignInRefuse, "id = (select app.person())")),
            rule(Select, Rule::TaskSql(Task::PersonSweep, "deleted_at is not null")),
            rule(Select, Rule::TaskSql(Task::Operator, "true")),
            columns(
                Update,
                "locked_at",
                Rule::TaskSql(Task::Operator, "id = (select app.person())"),
            ),
        ],
        internal: &[Select, Insert, Update],
    },
    Table {
        name: "credential",
        guard: guard("person", "person_id", ANY),
        policies: &[
            rule(Insert, Rule::Own("person_id")),
            columns(Select, "person_id, changed_at", Rule::Own("person_id")),
            columns(Update, "password_hash, changed_at", Rule::Sql(SETS_PASSWORD)),
        ],
        internal: &[Select, Insert, Update, Delete],
    },
    Table {
        name: "session",
        guard: guard("person", "person_id", "insert or update of ended_at, id_hash"),
        policies: &[
            rule(Select, Rule::Own("person_id")),
            rule(Insert, Rule::Own("person_id")),
            columns(Update, "ended_at", Rule::Sql(ENDS_SESSION)),
            rule(Select, Rule::TaskSql(Task::Operator, OWN_OR_TASK)),
            columns(Update, "ended_at", Rule::TaskSql(Task::Operator, OWN_OR_TASK)),
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
                    "(role <> 'owner' or (select app.may('security.manage'))) \
                     and (select app.confirmed())",
                ),
            ),
            rule(Select, Rule::TaskSql(Task::SignInRefuse, OWN_OR_TASK)),
            rule(Select, Rule::TaskSql(Task::Operator, OWN_OR_TASK)),
        ],
        internal: &[Select, Insert, Delete],
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
                    "created_by = (select app.person()) and revoked_at is null \
                     and (select app.confirmed())",
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
        name: "totp",
        guard: guard("person", "person_id", "insert or delete or update of secret"),
        policies: &[
            rule(Select, Rule::Own("person_id")),
            columns(Update, "last_step", Rule::Own("person_id")),
            rule(
                Delete,
                Rule::Sql(
                    "person_id = (select app.person()) and (select app.confirmed_without('totp'))",
                ),
            ),
            rule(Select, Rule::TaskSql(Task::Operator, OWN_OR_TASK)),
            rule(Delete, Rule::TaskSql(Task::Operator, OWN_OR_TASK)),
        ],
        internal: &[Select, Insert, Update, Delete],
    },
    Table {
        name: "totp_offer",
        guard: None,
        policies: &[
            rule(Select, Rule::Sql(CONFIRMED)),
            rule(Insert, Rule::Sql(CONFIRMED)),
            rule(Update, Rule::Sql(CONFIRMED)),
        ],
        internal: &[Select, Delete],
    },
    Table {
        name: "recovery_code",
        guard: guard("person", "person_id", ANY),
        policies: &[
            rule(Select, Rule::Own("person_id")),
            rule(Insert, Rule::Sql(CONFIRMED)),
            columns(Update, "used_at", Rule::Own("person_id")),
            rule(Delete, Rule::Sql(CONFIRMED)),
            rule(Select, Rule::TaskSql(Task::Operator, OWN_OR_TASK)),
            rule(Delete, Rule::TaskSql(Task::Operator, OWN_OR_TASK)),
        ],
        internal: &[Select, Delete],
    },
    Table {
        name: "passkey",
        guard: guard("person", "person_id", "insert or delete or update of name"),
        policies: &[
            rule(Select, Rule::Own("person_id")),
            rule(Insert, Rule::Sql(CONFIRMED)),
            columns(Update, "name, credential, last_used_at", Rule::Own("person_id")),
            rule(
                Delete,
                Rule::Sql(
                    "person_id = (select app.person()) \
                     and (select app.confirmed()) and app.confirmed_without('passkey:' || id)",
                ),
            ),
            rule(Select, Rule::TaskSql(Task::Operator, OWN_OR_TASK)),
            rule(Delete, Rule::TaskSql(Task::Operator, OWN_OR_TASK)),
        ],
        internal: &[Select, Delete],
    },
    Table {
        name: "ceremony",
        guard: None,
        policies: &[
            rule(Select, Rule::TaskSql(Task::AccountSweep, "expires_at < now()")),
            rule(Delete, Rule::TaskSql(Task::AccountSweep, "expires_at < now()")),
        ],
        internal: &[Select, Insert, Delete],
    },
    Table {
        name: "challenge",
        guard: None,
        policies: &[
            rule(Insert, Rule::Own("person_id")),
            rule(Select, Rule::TaskSql(Task::AccountSweep, "true")),
            rule(Delete, Rule::TaskSql(Task::AccountSweep, "expires_at < now()")),
        ],
        internal: &[Select, Update, Delete],
    },
    Table {
        name: "device",
        guard: None,
        policies: &[
            rule(Select, Rule::Own("person_id")),
            rule(Insert, Rule::Own("person_id")),
            columns(
                Update,
                "origin, last_seen_at, trusted_until, ended_at",
                Rule::Own("person_id"),
            ),
            rule(Select, Rule::TaskSql(Task::Operator, OWN_OR_TASK)),
            columns(
                Update,
                "origin, trusted_until, ended_at",
                Rule::TaskSql(Task::Operator, OWN_OR_TASK),
            ),
        ],
        internal: &[Select, Update],
    },
    Table {
        name: "sign_in_curve",
        guard: None,
        policies: &[
            rule(Select, Rule::TaskSql(Task::AccountSweep, "true")),
            rule(Delete, Rule::TaskSql(Task::AccountSweep, "last_at < now() - interval '1 day'")),
        ],
        internal: &[Select, Insert, Update, Delete],
    },
    Table {
        name: "sign_up",
        guard: None,
        policies: &[
            columns(Select, "token_hash, expires_at", Rule::TaskSql(Task::AccountSweep, "true")),
            rule(Delete, Rule::TaskSql(Task::AccountSweep, "expires_at < now()")),
        ],
        internal: &[Select, Insert, Update],
    },
    Table {
        name: "link",
        guard: None,
        policies: &[
            rule(
                Insert,
                Rule::Sql(
                    "person_id = (select app.person()) and spent_at is null and spent_in is null \
                     and (purpose = 'reset' or (select app.confirmed()))",
                ),
            ),
            rule(Insert, Rule::TaskSql(Task::Operator, OWN_OR_TASK)),
            columns(Select, "token_hash, expires_at", Rule::TaskSql(Task::AccountSweep, "true")),
            rule(Delete, Rule::TaskSql(Task::AccountSweep, "expires_at < now()")),
        ],
        internal: &[Select, Update, Delete],
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
