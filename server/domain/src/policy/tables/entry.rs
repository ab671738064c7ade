//! What waits for somebody to come in.

use super::{
    super::{Command::*, Rule, Table},
    OWN_OR_TASK, columns, rule,
};
use crate::task::Task;

pub(super) const TABLES: &[Table] = &[
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
        internal: &[Select, Insert, Update, Delete],
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
];
