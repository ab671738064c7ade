//! Keyword rules and affiliate programs.

use super::{
    super::{Command::*, Rule, Table},
    ANY, IMPORTED, columns, guard, rule,
};
use crate::task::Task;
use model::Permission;

/// By step-up, or by a key that was made with it.
const VOUCHED: &str = "(select app.vouched())";

/// All columns of a program but its sealed key, which nobody reads who is a person.
const PROGRAM_COLUMNS: &str = "team_id, id, name, key_set_at, key_missing, created_at";

const RULE_CHANGES: &str = "keyword, folded, matching, language, url, program_id, priority, \
                            starts, ends, enabled, changed_at";

/// A draft is its person's own.
const OWN: &str = "person_id = (select app.person())";

const OVER: &str = "made_at < now() - interval '1 hour'";

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "affiliate_program",
        guard: guard("team", "team_id", ANY),
        policies: &[
            columns(Select, PROGRAM_COLUMNS, Rule::May(Permission::RulesView)),
            rule(Insert, Rule::MayAnd(Permission::RulesEdit, VOUCHED)),
            columns(
                Update,
                "name, sealed, key_set_at, key_missing",
                Rule::MayAnd(Permission::RulesEdit, VOUCHED),
            ),
            rule(Delete, Rule::May(Permission::RulesEdit)),
            rule(Select, Rule::Task(Task::RuleMatch)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select, Update],
    },
    Table {
        name: "keyword_rule",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(Select, Rule::May(Permission::RulesView)),
            rule(Insert, Rule::May(Permission::RulesEdit)),
            columns(Update, RULE_CHANGES, Rule::May(Permission::RulesEdit)),
            rule(Delete, Rule::May(Permission::RulesEdit)),
            rule(Select, Rule::Task(Task::RuleMatch)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select],
    },
    Table {
        name: "rule_state",
        guard: None,
        policies: &[
            rule(Select, Rule::May(Permission::RulesView)),
            rule(Select, Rule::Task(Task::RuleMatch)),
        ],
        internal: &[Select, Insert, Update],
    },
    Table {
        name: "rule_draft",
        guard: None,
        policies: &[
            rule(Select, Rule::MayAnd(Permission::RulesEdit, OWN)),
            rule(Insert, Rule::MayAnd(Permission::RulesEdit, OWN)),
            rule(Delete, Rule::MayAnd(Permission::RulesEdit, OWN)),
            columns(Select, "team_id, person_id, made_at", Rule::TaskSql(Task::AccountSweep, OVER)),
            rule(Delete, Rule::TaskSql(Task::AccountSweep, OVER)),
        ],
        internal: &[],
    },
];
