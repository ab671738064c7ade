//! Values that are opened, sealed under the present version, and put back where they were, one by one.

use super::{Whose, place};
use crate::{Cx, Error, Result, crypto::DataKey, policy::Actor, task::Task};
use uuid::Uuid;

/// Values that are read at once.
const BATCH: i32 = 50;

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) resealed: i64,
    /// That do not open: they stay as they are.
    pub(super) stuck: i64,
    /// Whether no other is left.
    pub(super) is_all: bool,
}

struct Value {
    place: String,
    row: Uuid,
    ident: String,
    value: Vec<u8>,
}

/// Seals anew so many of an owner's values.
pub(super) async fn anew(cx: &Cx, whose: &Whose, key: &DataKey, most: usize) -> Result<Values> {
    let (mut values, mut tried) = (Values::default(), 0);
    while tried < most {
        let batch = batch(cx, whose, key.id(), values.stuck).await?;
        if batch.is_empty() {
            values.is_all = true;
            break;
        }
        tried += batch.len();
        for value in batch {
            let place = place(&value.place, value.row)?;
            match key.open(&place, &value.value) {
                Ok(plain) => {
                    let new = key.seal(cx.deps().random(), &place, &plain)?;
                    values.resealed += i64::from(put(cx, whose, &value, &new).await?);
                }
                Err(Error::Seal(_)) => values.stuck += 1,
                Err(other) => return Err(other),
            }
        }
    }
    Ok(values)
}

async fn batch(cx: &Cx, whose: &Whose, version: Uuid, skip: i64) -> Result<Vec<Value>> {
    let mut change = cx.change_as(Task::KeyringRenew, Actor::default()).await?;
    let values = sqlx::query_as!(
        Value,
        r#"select place as "place!", row_id as "row!", ident as "ident!", value as "value!"
           from app.sealed_before($1, $2, $3, $4, $5)"#,
        whose.kind,
        whose.id,
        version,
        i32::try_from(skip).unwrap_or(i32::MAX),
        BATCH
    )
    .fetch_all(change.sql())
    .await?;
    change.commit_unaudited("looking changes nothing").await?;
    Ok(values)
}

/// In a transaction of its own: nobody waits for a value while another one is waited for. False when it is not
/// there any more; what came in its place is looked at with the next batch.
async fn put(cx: &Cx, whose: &Whose, value: &Value, new: &[u8]) -> Result<bool> {
    let mut change = cx.change_as(Task::KeyringRenew, Actor::default()).await?;
    let put = sqlx::query_scalar!(
        r#"select app.reseal($1, $2, $3, $4, $5, $6) as "put!""#,
        whose.kind,
        whose.id,
        value.place,
        value.ident,
        value.value,
        new
    )
    .fetch_one(change.sql())
    .await?;
    change.commit_unaudited("what is sealed anew is the same").await?;
    Ok(put)
}
