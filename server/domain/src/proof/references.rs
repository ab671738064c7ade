//! The attack on references: a row of ours that names another team's row does not open that one.

use super::{
    catalogue::{Column, Relation},
    known::POINTERS,
    rows::indexed,
    scratch::Outcome,
    tables::Attack,
};
use crate::Result;

/// Points every column that may be altered at everything of the other team, as the owner of ours,
/// and looks what shows.
pub(super) async fn point(attack: &mut Attack<'_, '_>, relations: &[Relation]) -> Result<()> {
    attack.world.act_as(&attack.ours.owner, Some(attack.ours.id)).await?;
    let look = look(attack, relations);
    for relation in relations.iter().filter(|relation| !relation.view) {
        let pointers = relation.columns.iter().filter(|it| it.update && it.kind == "uuid");
        for column in pointers {
            if let Some(rows) = shows(attack, relation, column, &look).await? {
                judge(attack, &format!("{}.{}", relation.name, column.name), rows);
            }
        }
    }
    Ok(())
}

/// How many rows show when this column names something of the other team.
async fn shows(
    attack: &mut Attack<'_, '_>,
    relation: &Relation,
    column: &Column,
    look: &str,
) -> Result<Option<u64>> {
    for id in &attack.theirs.ids {
        attack.found.tries += 1;
        let point = format!("update {} set {} = '{id}'", relation.name, column.name);
        // Alone first: together with the look, its own rows would count.
        if !matches!(attack.world.attempt(&point).await?, Outcome::Rows(1..)) {
            continue;
        }
        attack.world.save().await?;
        attack.world.run(&point).await?;
        let seen = attack.world.attempt(look).await?;
        attack.world.restore().await?;
        if let Outcome::Rows(rows @ 1..) = seen {
            return Ok(Some(rows));
        }
    }
    Ok(None)
}

fn judge(attack: &mut Attack<'_, '_>, pointer: &str, rows: u64) {
    if POINTERS.iter().any(|(known, _)| *known == pointer) {
        attack.found.excused.push(pointer.to_owned());
        return;
    }
    attack.found.leak(format!(
        "column {pointer}: pointed at another team, it shows {rows} row(s) of that team"
    ));
}

/// One statement for all rows of the other team that can be seen.
fn look(attack: &Attack<'_, '_>, relations: &[Relation]) -> String {
    let looks = relations.iter().filter_map(|relation| {
        let theirs = indexed(relation, attack.theirs)?;
        Some(format!("select 1 from {} where {theirs}", relation.name))
    });
    looks.collect::<Vec<_>>().join(" union all ")
}
