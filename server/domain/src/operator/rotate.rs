//! Another master key for the keyring.

use crate::{
    Cx, Deps, Result,
    crypto::MasterKey,
    event::{Event, Ledger},
    policy::Actor,
    task::Task,
};
use model::AuditAction;

/// Records that the master key is about to be rotated, by the names of both keys.
///
/// # Errors
/// When the database does not answer.
pub async fn rotate_master_key(deps: &Deps, from: &MasterKey, to: &MasterKey) -> Result<()> {
    let cx = Cx::system(deps);
    let change = cx.change_as(Task::Operator, Actor::default()).await?;
    let event = Event::new(Ledger::Instance, AuditAction::KeyringRotate)
        .on("master_key", to.name(), "")
        .with("from", from.name());
    change.commit(event).await.map(drop)
}
