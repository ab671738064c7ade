//! Streams of audit logs.

use super::{
    super::{Command::*, Rule, Table},
    columns, guard, rule,
};
use crate::task::Task;
use model::Permission;

/// Whoever lets the log flow somewhere may read all of it, and has proved that it is them.
const DIRECTS: &str = "(select app.may('audit.view')) and (select app.confirmed())";

/// The task reads in the ledger of a team that has a stream which flows, and nowhere else.
pub(super) const STREAMED_LEDGER: &str = "kind = 'team' and ledger = (select app.team()) and exists (select from audit_stream s join team t \
     on t.id = s.team_id where s.team_id = (select app.team()) and s.state = 'active' \
     and t.suspended_at is null and t.closing_at is null)";

/// All columns but the sealed ones, which nobody reads who is a person, and who holds it.
const SEEN: &str = "team_id, id, name, kind, shown, previous_ends_at, person_id, made_at, state, \
                    start_at, started_at, seq, delivered, last_success, failures, failing_since, \
                    next_try";

/// What a new stream is given; the rest follows.
const NEW: &str = "team_id, id, name, kind, shown, sealed, secret, person_id, made_at, start_at, \
                   started_at";

/// In their own name.
const MAKES: &str = "(select app.may('audit.view')) and (select app.confirmed()) \
                     and person_id = (select app.person()) and state = 'active'";

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "audit_stream",
        guard: guard(
            "team",
            "team_id",
            "insert or delete or update of name, kind, shown, sealed, secret, state, started_at",
        ),
        policies: &[
            columns(Select, SEEN, Rule::May(Permission::AuditExport)),
            columns(Insert, NEW, Rule::MayAnd(Permission::AuditExport, MAKES)),
            // Not where it goes: whoever wants it elsewhere makes another one.
            columns(
                Update,
                "secret, previous_ends_at, state, start_at, started_at",
                Rule::MayAnd(Permission::AuditExport, DIRECTS),
            ),
            rule(Delete, Rule::MayAnd(Permission::AuditExport, DIRECTS)),
            rule(Select, Rule::TaskSql(Task::AuditStream, "true")),
            columns(
                Update,
                "seq, tried_to, delivered, last_success, failures, failing_since, next_try, held_by, \
                 held_until",
                Rule::Task(Task::AuditStream),
            ),
        ],
        internal: &[Select, Update],
    },
    Table {
        name: "audit_stream_error",
        guard: None,
        policies: &[
            rule(Select, Rule::May(Permission::AuditExport)),
            rule(Select, Rule::Task(Task::AuditStream)),
            rule(Insert, Rule::Task(Task::AuditStream)),
            rule(Delete, Rule::Task(Task::AuditStream)),
        ],
        internal: &[],
    },
];
