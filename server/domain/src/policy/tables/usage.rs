//! How keys are used.

use super::{
    super::{Command::*, Rule, Table},
    IMPORTED, columns, rule,
};
use crate::task::Task;
use model::Permission;

/// As `model::usage::ADDRESS_DAYS` says.
const ADDRESS_OVER: &str = "last_at < now() - interval '30 days'";

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "key_quota",
        guard: None,
        policies: &[
            rule(Select, Rule::May(Permission::UsageView)),
            rule(Select, Rule::Task(Task::KeyQuota)),
            rule(Insert, Rule::Task(Task::KeyQuota)),
            columns(Update, "taken", Rule::Task(Task::KeyQuota)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select, Insert],
    },
    Table {
        name: "key_seen",
        guard: None,
        policies: &[
            rule(Select, Rule::May(Permission::KeysView)),
            rule(Select, Rule::Task(Task::KeyUsage)),
            rule(Insert, Rule::Task(Task::KeyUsage)),
            rule(Update, Rule::Task(Task::KeyUsage)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select, Insert],
    },
    Table {
        name: "usage_batch",
        guard: None,
        policies: &[
            rule(Select, Rule::Task(Task::KeyUsage)),
            rule(Insert, Rule::Task(Task::KeyUsage)),
            rule(Select, Rule::TaskSql(Task::UsageSweep, "true")),
            rule(Delete, Rule::TaskSql(Task::UsageSweep, "added_at < now() - interval '30 days'")),
        ],
        internal: &[],
    },
    Table {
        name: "key_usage",
        guard: None,
        policies: &[
            rule(Select, Rule::May(Permission::UsageView)),
            rule(Select, Rule::Task(Task::KeyUsage)),
            rule(Insert, Rule::Task(Task::KeyUsage)),
            rule(Update, Rule::Task(Task::KeyUsage)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Insert],
    },
    Table {
        name: "key_address",
        guard: None,
        policies: &[
            rule(Select, Rule::May(Permission::UsageView)),
            rule(Select, Rule::Task(Task::KeyUsage)),
            rule(Insert, Rule::Task(Task::KeyUsage)),
            rule(Update, Rule::Task(Task::KeyUsage)),
            rule(Delete, Rule::Task(Task::KeyUsage)),
            rule(Select, Rule::TaskSql(Task::UsageSweep, ADDRESS_OVER)),
            rule(Delete, Rule::TaskSql(Task::UsageSweep, ADDRESS_OVER)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Insert],
    },
];
