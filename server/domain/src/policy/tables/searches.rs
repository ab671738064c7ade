//! Saved searches of the audit log.

use super::{
    super::{Command::*, Rule, Table},
    ANY, IMPORTED, columns, guard, rule,
};
use crate::task::Task;
use model::Permission;

/// One's own, whatever one's role.
const OWN: Rule = Rule::MayAnd(Permission::TeamView, "person_id = (select app.person())");

/// A search of the team's is of no use to who does not see the whole log.
const KEEPS: Rule = Rule::MayAnd(Permission::TeamUpdate, "(select app.may('audit.view'))");

const CHANGES: &str = "name, search";

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "own_search",
        guard: None,
        policies: &[
            rule(Select, OWN),
            rule(Insert, OWN),
            columns(Update, CHANGES, OWN),
            rule(Delete, OWN),
        ],
        internal: &[],
    },
    Table {
        name: "team_search",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(Select, Rule::May(Permission::AuditView)),
            rule(Insert, KEEPS),
            columns(Update, CHANGES, KEEPS),
            rule(Delete, KEEPS),
            // Whoever puts one in counts them.
            rule(Select, Rule::TaskSql(Task::TeamImport, IMPORTED)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[],
    },
];
