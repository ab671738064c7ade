//! Accounts, and what proves who somebody is.

use super::{
    super::{Command::*, Rule, Table},
    ANY, OWN_OR_TASK, columns, guard, rule,
};
use crate::task::Task;

/// Another session than the one that acts is ended only by somebody confirmed, or by the link
/// that sets a new password.
const ENDS_SESSION: &str = "person_id = (select app.person()) \
     and (id_hash = (select app.session()) or (select app.confirmed()) \
     or (select app.link_spent('reset')))";

/// Who shows a proof of theirs to a password, or a link that was mailed to them.
const SETS_PASSWORD: &str = "person_id = (select app.person()) \
     and ((select app.confirmed()) or (select app.link_spent('reset')))";

const CONFIRMED: &str = "person_id = (select app.person()) and (select app.confirmed())";

/// Records that are streamed name who acted and is in the team.
const NAMES_MEMBERS: &str = "exists (select from member m \
                             where m.team_id = (select app.team()) and m.person_id = person.id)";

pub(super) const TABLES: &[Table] = &[
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
            columns(Select, "id, name", Rule::TaskSql(Task::AuditStream, NAMES_MEMBERS)),
            columns(Select, "id, name, email", Rule::TaskSql(Task::TeamDelete, NAMES_MEMBERS)),
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
        internal: &[Select, Update, Delete],
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
];
