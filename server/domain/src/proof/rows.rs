//! How statements name another team's rows, and what they put into one.

use super::{
    catalogue::{Column, Relation},
    scratch::{Scratch, Team},
};
use std::fmt::Write;
use uuid::Uuid;

/// The condition under which a row is this team's: something in it is theirs alone. It uses
/// columns that may be read, or all, to be refused.
pub(super) fn theirs(relation: &Relation, team: &Team) -> String {
    let ids = list(&team.ids);
    let open = relation.columns.iter().any(|column| column.select);
    let mut condition = String::from("false");
    for Column { name, kind, .. } in relation.columns.iter().filter(|it| it.select || !open) {
        match kind.as_str() {
            "uuid" => write!(condition, " or {name} in ({ids})"),
            "text" | "character varying" => {
                write!(condition, " or strpos({name}, '{}') > 0", team.canary)
            }
            _ => write!(condition, " or ({name} is null and false)"),
        }
        .expect("a String takes any text");
    }
    condition
}

/// The condition under which a row belongs to anybody but this team, which reaches teams outside
/// of the scratch world. What is the nil id's is everybody's.
pub(super) fn others(relation: &Relation, team: &Team) -> String {
    let ids = format!("'{}', {}", Uuid::nil(), list(&team.ids));
    let owners = relation.columns.iter().filter(|column| column.select && column.is_owner());
    let conditions: Vec<_> =
        owners.map(|column| format!("{} not in ({ids})", column.name)).collect();
    if conditions.is_empty() { "false".to_owned() } else { conditions.join(" or ") }
}

/// The condition of the same rows as [`theirs`] by the one column that has an index.
pub(super) fn indexed(relation: &Relation, team: &Team) -> Option<String> {
    let readable = || relation.columns.iter().filter(|it| it.select && it.kind == "uuid");
    let column =
        readable().find(|it| it.key).or_else(|| readable().find(|it| !it.whose.is_empty()))?;
    Some(format!("{} in ({})", column.name, list(&team.ids)))
}

fn list(ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("'{id}'")).collect();
    ids.join(", ")
}

/// Everything that may be altered, as it is.
pub(super) fn itself(relation: &Relation) -> String {
    let open = relation.columns.iter().any(|column| column.update);
    let altered = relation.columns.iter().filter(|column| column.update || !open);
    let set: Vec<String> = altered
        .map(|column| match column.select {
            true => format!("{0} = {0}", column.name),
            false => format!("{} = {}", column.name, value(column)),
        })
        .collect();
    set.join(", ")
}

/// An insert for this team and person, or for nobody where a row may be nobody's. The policies are
/// asked before any constraint is, so that the rest may be whatever its type allows.
pub(super) fn insert(
    world: &Scratch<'_>,
    relation: &Relation,
    team: Option<Uuid>,
    person: Option<Uuid>,
) -> String {
    let open = relation.columns.iter().any(|column| column.insert);
    let columns = relation.columns.iter().filter(|column| column.insert || !open);
    let (names, values): (Vec<&str>, Vec<String>) = columns
        .map(|column| {
            let owner = match column.whose.as_str() {
                "team" => Some(team),
                "person" => Some(person),
                _ => None,
            };
            let value = match (owner, column.kind.as_str()) {
                (Some(Some(owner)), _) => format!("'{owner}'"),
                (Some(None), _) => value(column),
                (None, "uuid") if !column.nullable => format!("'{}'", world.new_id()),
                _ => value(column),
            };
            (column.name.as_str(), value)
        })
        .unzip();
    let (names, values) = (names.join(", "), values.join(", "));
    format!("insert into {} ({names}) values ({values})", relation.name)
}

/// An insert that hands a copy of our own row to the other team or, in a table of people, person:
/// all is as it should be, but whose it is.
pub(super) fn copy(world: &Scratch<'_>, relation: &Relation, theirs: &Team) -> Option<String> {
    let (whose, to) = match relation.has("team") {
        true => ("team", theirs.id),
        false => ("person", theirs.owner.id),
    };
    let copied = || relation.columns.iter().filter(|column| column.insert);
    copied().find(|column| column.select).filter(|_| relation.has(whose))?;
    let (names, values): (Vec<&str>, Vec<String>) = copied()
        .map(|column| {
            let value = match column {
                Column { whose: own, .. } if own == whose => format!("'{to}'::uuid"),
                Column { key: true, kind, whose, .. } if kind == "uuid" && whose.is_empty() => {
                    format!("'{}'::uuid", world.new_id())
                }
                Column { select: true, name, .. } => format!("x.{name}"),
                _ => value(column),
            };
            (column.name.as_str(), value)
        })
        .unzip();
    let (name, names, values) = (&relation.name, names.join(", "), values.join(", "));
    Some(format!("insert into {name} ({names}) select {values} from {name} x limit 1"))
}

/// Nothing where that is allowed, so that what ends a row is not set; else what its type allows.
pub(super) fn value(column: &Column) -> String {
    if column.nullable {
        return format!("null::{}", column.kind);
    }
    match column.kind.as_str() {
        "text" | "character varying" => "'x'".to_owned(),
        "bytea" => format!("'\\x{}'::bytea", "07".repeat(32)),
        "boolean" => "false".to_owned(),
        "smallint" | "integer" | "bigint" => "1".to_owned(),
        "timestamp with time zone" => "now()".to_owned(),
        kind => format!("null::{kind}"),
    }
}
