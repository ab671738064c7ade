//! What a team asks of its members beside a role.

use super::{
    super::{Command::*, Rule, Table},
    ANY, IMPORTED, IN_TEAM, columns, guard, rule,
};
use crate::task::Task;
use model::Permission;

const CONFIRMED: &str = "(select app.confirmed())";

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "team_policy",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(
                Select,
                Rule::Sql(
                    "exists (select from member m where m.team_id = team_policy.team_id \
                     and m.person_id = (select app.person())) \
                     or (team_id = (select app.team()) and (select app.acting_key()) is not null)",
                ),
            ),
            rule(Insert, Rule::MayAnd(Permission::SecurityManage, CONFIRMED)),
            rule(Update, Rule::MayAnd(Permission::SecurityManage, CONFIRMED)),
            rule(Select, Rule::Task(Task::KeyLeak)),
            columns(
                Select,
                "team_id, audit_days, audit_hold",
                Rule::TaskSql(Task::AuditRetain, "true"),
            ),
            rule(Select, Rule::TaskSql(Task::Operator, IN_TEAM)),
            columns(
                Update,
                "mfa_required_from, session_seconds",
                Rule::TaskSql(Task::Operator, IN_TEAM),
            ),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select],
    },
    Table {
        name: "team_domain",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(Select, Rule::May(Permission::MembersManage)),
            rule(Insert, Rule::MayAnd(Permission::SecurityManage, CONFIRMED)),
            rule(Delete, Rule::MayAnd(Permission::SecurityManage, CONFIRMED)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select],
    },
    Table {
        name: "team_network",
        guard: guard("team", "team_id", ANY),
        policies: &[
            rule(Select, Rule::May(Permission::SecurityManage)),
            rule(Insert, Rule::MayAnd(Permission::SecurityManage, CONFIRMED)),
            rule(Delete, Rule::MayAnd(Permission::SecurityManage, CONFIRMED)),
            rule(Select, Rule::TaskSql(Task::Operator, IN_TEAM)),
            rule(Delete, Rule::TaskSql(Task::Operator, IN_TEAM)),
            rule(Insert, Rule::TaskSql(Task::TeamImport, IMPORTED)),
        ],
        internal: &[Select],
    },
    Table {
        name: "mfa_reminder",
        guard: None,
        policies: &[
            rule(Select, Rule::TaskSql(Task::MfaRemind, "true")),
            rule(Insert, Rule::TaskSql(Task::MfaRemind, "true")),
        ],
        internal: &[Select],
    },
];
