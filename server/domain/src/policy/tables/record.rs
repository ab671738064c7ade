//! Ledgers, mail and the instance itself.

use super::{
    super::{Command::*, Rule, Table},
    ANY, IMPORTED, columns, guard, rule,
    streams::STREAMED_LEDGER,
};
use crate::task::Task;
use model::Permission;

/// What may be said of a letter when it is posted; what became of it is said by its sender.
const POSTED: &str = "id, owner_kind, owner_id, letter, sealed, created_at, next_at, for_team";

/// Nobody writes a letter under somebody else's key, or for a team whose invitations they do not
/// send.
const POSTS: &str = "(owner_kind = 'instance' or owner_id = (select app.person())) \
                     and (for_team is null or (for_team = (select app.team()) \
                     and (select app.may('members.manage'))))";

/// The state of a letter to somebody who is invited, for whoever sees the invitation.
const INVITES: &str = "for_team = (select app.team()) and exists (select from invitation i \
                       where i.team_id = (select app.team()) and i.mail_id = mail.id)";

/// Of the roles that every team has, for everybody; of a team's own, for its members.
const PROVEN: &str = "(team_id = '00000000-0000-0000-0000-000000000000' \
                      and (select app.person()) is not null) \
                      or (team_id = (select app.team()) and (select app.may('team.view')))";

/// How far the ledger of one's team reaches, and one's own.
const OWN_LEDGER: &str = "(kind = 'team' and ledger = (select app.team()) \
                          and (select app.may('team.view'))) \
                          or (kind = 'person' and ledger = (select app.person()))";

/// Whoever sees the whole log, and everybody what they did themselves. As a case: what it asks is what the
/// query asked already, and counted twice the planner would take a large ledger for a small one.
const SEES_RECORD: &str = "case kind \
                           when 'team' then ledger = (select app.team()) \
                           and ((select app.may('audit.view')) \
                           or ((select app.may('team.view')) and actor_id = (select app.person()))) \
                           when 'person' then ledger = (select app.person()) \
                           else false end";

/// Whoever sees how far the team's ledger reaches sees where it begins.
const SEES_LEDGER: &str = "team_id = (select app.team()) and exists (select from ledger_head h \
                           where h.kind = 'team' and h.ledger = ledger_floor.team_id)";

/// One ledger in each transaction.
const WALKED: &str = "case kind \
                      when 'team' then ledger = (select app.team()) \
                      when 'person' then ledger = (select app.person()) \
                      else true end";

/// The ends of the ledgers that are streamed.
const HAS_STREAM: &str = "kind = 'team' and exists (select from audit_stream s \
                          where s.team_id = ledger and s.state = 'active')";

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "ledger_head",
        guard: None,
        policies: &[
            rule(Select, Rule::Sql(OWN_LEDGER)),
            columns(Select, "kind, ledger, seq, hash", Rule::TaskSql(Task::AuditProve, "true")),
            columns(Select, "kind, ledger, seq", Rule::TaskSql(Task::AuditIndex, "kind = 'team'")),
            columns(Select, "kind, ledger, seq", Rule::TaskSql(Task::AuditRetain, "kind = 'team'")),
            columns(Select, "kind, ledger, seq", Rule::TaskSql(Task::AuditStream, HAS_STREAM)),
            columns(
                Select,
                "kind, ledger, seq, hash",
                Rule::TaskSql(Task::TeamDelete, "kind = 'team' and ledger = (select app.team())"),
            ),
        ],
        internal: &[Select, Insert, Update],
    },
    Table {
        name: "audit_event",
        guard: None,
        policies: &[
            rule(Select, Rule::Sql(SEES_RECORD)),
            columns(
                Select,
                "kind, ledger, seq, record, sealed, previous_hash, hash",
                Rule::TaskSql(Task::AuditProve, WALKED),
            ),
            columns(
                Select,
                "kind, ledger, seq, record, sealed, previous_hash, hash, id, at, actor_kind, actor_id",
                Rule::TaskSql(Task::AuditIndex, "kind = 'team' and ledger = (select app.team())"),
            ),
            columns(
                Select,
                "kind, ledger, seq, hash",
                Rule::TaskSql(Task::AuditRetain, "kind = 'team' and ledger = (select app.team())"),
            ),
            columns(
                Select,
                "kind, ledger, seq, record, sealed, previous_hash, hash, id, at, actor_kind, actor_id",
                Rule::TaskSql(Task::AuditStream, STREAMED_LEDGER),
            ),
        ],
        internal: &[Select, Insert, Delete],
    },
    Table {
        name: "ledger_floor",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(Select, Rule::Sql(SEES_LEDGER)),
            rule(Select, Rule::Task(Task::AuditProve)),
            rule(Select, Rule::TaskSql(Task::AuditRetain, "true")),
        ],
        internal: &[Select, Insert, Update],
    },
    Table {
        name: "audit_block",
        guard: None,
        policies: &[
            rule(Select, Rule::TaskSql(Task::AuditIndex, "true")),
            rule(Insert, Rule::Task(Task::AuditIndex)),
            columns(Update, "terms, key_id", Rule::Task(Task::AuditIndex)),
            columns(Select, "team_id, block, last_at", Rule::TaskSql(Task::AuditRetain, "true")),
        ],
        internal: &[Select, Delete],
    },
    Table {
        name: "ledger_proof",
        guard: None,
        policies: &[
            rule(Select, Rule::Sql(OWN_LEDGER)),
            rule(Select, Rule::TaskSql(Task::AuditProve, "true")),
            rule(Insert, Rule::TaskSql(Task::AuditProve, WALKED)),
            rule(Update, Rule::TaskSql(Task::AuditProve, WALKED)),
            columns(Select, "kind, ledger", Rule::TaskSql(Task::Operator, WALKED)),
            rule(Delete, Rule::TaskSql(Task::Operator, WALKED)),
        ],
        internal: &[],
    },
    Table {
        name: "ledger_acceptance",
        guard: None,
        policies: &[
            rule(Select, Rule::TaskSql(Task::AuditProve, WALKED)),
            rule(Select, Rule::TaskSql(Task::Operator, WALKED)),
            rule(Insert, Rule::TaskSql(Task::Operator, WALKED)),
            rule(Update, Rule::TaskSql(Task::Operator, WALKED)),
        ],
        internal: &[],
    },
    Table {
        name: "audit_export",
        guard: guard("team", "team_id", "insert"),
        policies: &[
            rule(Select, Rule::May(Permission::AuditExport)),
            columns(
                Insert,
                "team_id, id, person_id, made_at, format, search, name, touched_at",
                Rule::MayAnd(
                    Permission::AuditExport,
                    "state = 'waiting' and person_id = (select app.person())",
                ),
            ),
            columns(
                Update,
                "state",
                Rule::MayAnd(
                    Permission::AuditExport,
                    "state in ('waiting', 'running', 'cancelled')",
                ),
            ),
            rule(Select, Rule::Task(Task::AuditExport)),
            columns(
                Update,
                "state, done_to, up_to, rows, bytes, failed, touched_at",
                Rule::Task(Task::AuditExport),
            ),
            rule(Select, Rule::TaskSql(Task::AuditSweep, "true")),
            columns(Update, "state, failed", Rule::TaskSql(Task::AuditSweep, "true")),
            rule(Delete, Rule::TaskSql(Task::AuditSweep, "made_at < now() - interval '1 day'")),
        ],
        internal: &[Select, Update],
    },
    Table {
        name: "team_export",
        guard: guard("team", "team_id", "insert"),
        policies: &[
            rule(Select, Rule::May(Permission::DataExport)),
            columns(
                Insert,
                "team_id, id, person_id, made_at, has_hashes, name, touched_at",
                Rule::MayAnd(
                    Permission::DataExport,
                    "state = 'waiting' and person_id = (select app.person()) \
                     and (select app.confirmed())",
                ),
            ),
            columns(
                Update,
                "state",
                Rule::MayAnd(
                    Permission::DataExport,
                    "state in ('waiting', 'running', 'cancelled')",
                ),
            ),
            rule(Select, Rule::Task(Task::DataExport)),
            columns(
                Update,
                "state, stage, done, total, bytes, sum, failed, touched_at",
                Rule::Task(Task::DataExport),
            ),
            rule(Select, Rule::TaskSql(Task::AuditSweep, "true")),
            columns(Update, "state, stage, failed", Rule::TaskSql(Task::AuditSweep, "true")),
            rule(Delete, Rule::TaskSql(Task::AuditSweep, "made_at < now() - interval '1 day'")),
        ],
        internal: &[Select],
    },
    Table {
        name: "team_origin",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(Select, Rule::May(Permission::DataExport)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[],
    },
    Table {
        name: "former_file",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(Select, Rule::MayAnd(Permission::DataExport, "(select app.may('audit.view'))")),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select, Update],
    },
    Table {
        name: "mail",
        guard: None,
        policies: &[
            columns(Insert, POSTED, Rule::Sql(POSTS)),
            columns(Insert, POSTED, Rule::AnyTask("true")),
            columns(Select, "id, sent_at, failed_at, last_error", Rule::Sql(INVITES)),
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
        internal: &[Select, Update],
    },
    Table {
        name: "key_renewal",
        guard: None,
        policies: &[
            rule(Select, Rule::TaskSql(Task::Operator, "true")),
            columns(
                Insert,
                "owner_kind, owner_id, asked_at, next_at",
                Rule::TaskSql(Task::Operator, "true"),
            ),
            columns(
                Update,
                "key_id, asked_at, begun_at, sealed_at, done_at, stopped_at, next_at, resealed, remaining, \
                 stuck, kept",
                Rule::TaskSql(Task::Operator, "true"),
            ),
            rule(Select, Rule::TaskSql(Task::KeyringRenew, "true")),
            columns(
                Update,
                "begun_at, sealed_at, done_at, next_at, resealed, remaining, stuck, kept",
                Rule::TaskSql(Task::KeyringRenew, "true"),
            ),
            rule(Delete, Rule::TaskSql(Task::KeyringRenew, "true")),
        ],
        internal: &[],
    },
    Table {
        name: "probe_verdict",
        guard: None,
        policies: &[
            rule(Select, Rule::Sql(PROVEN)),
            rule(Select, Rule::TaskSql(Task::RoleProbe, "true")),
            rule(Insert, Rule::TaskSql(Task::RoleProbe, "true")),
            rule(Update, Rule::TaskSql(Task::RoleProbe, "true")),
            rule(Delete, Rule::TaskSql(Task::RoleProbe, "true")),
        ],
        internal: &[],
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
];
