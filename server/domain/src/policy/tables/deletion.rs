//! Deletions of teams: those that wait, and what was done.

use super::{
    super::{Command::*, Rule, Table},
    ANY, columns, guard, rule,
};
use crate::task::Task;
use model::Permission;

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "team_deletion",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(Select, Rule::May(Permission::TeamDelete)),
            columns(Select, "team_id, due_at", Rule::TaskSql(Task::TeamDelete, "true")),
        ],
        internal: &[Select, Insert, Update, Delete],
    },
    Table {
        name: "deletion",
        guard: None,
        policies: &[
            rule(Select, Rule::TaskSql(Task::TeamDelete, "true")),
            columns(
                Update,
                "statement, key_id, key_at, access_at, files, files_at, rows_at",
                Rule::Task(Task::TeamDelete),
            ),
            columns(Select, "team_id, statement", Rule::TaskSql(Task::AuditProve, "true")),
        ],
        internal: &[Select, Insert, Update],
    },
    Table {
        name: "deletion_count",
        guard: None,
        policies: &[rule(Select, Rule::Task(Task::TeamDelete))],
        internal: &[Select, Insert, Update],
    },
];
