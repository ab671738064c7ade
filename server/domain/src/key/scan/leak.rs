//! A key that others can read: those who can rotate it are told, and where their team's policy says
//! so it is switched off.

use super::source;
use crate::{
    Cx, Error, Result,
    change::Change,
    event::{Event, Ledger},
    key,
    key::Known,
    mail::{self, Letter, MailOwner, Remedy, To},
    policy::Actor,
    task::Task,
};
use model::{
    AuditAction, KeyId, Permission,
    key::{KeyRow, KeyState, Reporter},
};
use uuid::Uuid;

/// Tells those who can rotate the key, once a day however often it is found, and whenever it is
/// switched off for it. When this returns, a key that is switched off is refused.
pub(super) async fn report(cx: &Cx, known: &Known, by: Reporter, source: &str) -> Result<()> {
    let about = Actor { team: Some(known.team.0), ..Actor::default() };
    let mut change = cx.change_as(Task::KeyLeak, about).await?;
    let Some(leak) = mark(&mut change, known, by, source).await? else { return Ok(()) };
    tell(&mut change, known, &leak, source).await?;
    let event = |action| Event::new(Ledger::Team, action).on("key", known.id, &leak.name);
    if leak.is_off_now {
        change.record(event(AuditAction::KeyDisable).with("why", "found in public")).await?;
    }
    let event = event(AuditAction::KeyLeak)
        .with("start", leak.start.as_str())
        .with("source", source)
        .with("reported_by", by.name())
        .with("switched_off", leak.is_off_now);
    change.commit(event).await?;
    key::forget(cx.deps(), known.id);
    Ok(())
}

/// What was written of it.
struct Marked {
    name: String,
    start: String,
    is_off_now: bool,
}

/// None if there is nothing more to say today: of many reports at once, one is written.
async fn mark(
    change: &mut Change,
    known: &Known,
    by: Reporter,
    source: &str,
) -> Result<Option<Marked>> {
    let now = change.cx().now();
    let marked = sqlx::query_as!(
        Marked,
        r#"update api_key k
           set leaked_at = $1, leaked_where = $2, leaked_by = $3,
               disabled_at = case when p.off then coalesce(k.disabled_at, $1) else k.disabled_at end
           from (select coalesce((select key_leak_off from team_policy where team_id = $4),
                                 false) as off) p
           where k.team_id = $4 and k.id = $5 and k.revoked_at is null
               and (k.leaked_at is null or k.leaked_at <= $1::timestamptz - interval '1 day'
                    or (p.off and k.disabled_at is null))
           returning k.name, k.start, (p.off and k.disabled_at = $1) as "is_off_now!""#,
        now,
        source,
        by.name(),
        known.team.0,
        known.id.0
    )
    .fetch_optional(change.sql())
    .await?;
    Ok(marked)
}

/// Writes to everybody who can do something about it.
async fn tell(change: &mut Change, known: &Known, leak: &Marked, source: &str) -> Result<()> {
    let (host, was) = (source::host(source), known.state(change.cx().now()));
    for keeper in keepers(change).await? {
        let letter = Letter::KeyFound {
            team: keeper.team,
            page: format!("/t/{}/keys/{}", keeper.slug, known.id),
            key: format!("{} ({}…)", leak.name, leak.start),
            host: host.clone().unwrap_or_default(),
            remedy: match was {
                _ if leak.is_off_now => Remedy::SwitchedOff,
                KeyState::Working => Remedy::None,
                _ => Remedy::OffBefore,
            },
        };
        let owner = MailOwner::Person(keeper.id);
        let to = To { email: keeper.email, name: keeper.name, owner };
        mail::post(change, &to, letter).await?;
    }
    Ok(())
}

struct Keeper {
    id: Uuid,
    name: String,
    email: String,
    team: String,
    slug: String,
}

async fn keepers(change: &mut Change) -> Result<Vec<Keeper>> {
    let keepers = sqlx::query_as!(
        Keeper,
        r#"select id as "id!", name as "name!", email as "email!", team as "team!", slug as "slug!"
           from app.key_keepers()"#
    )
    .fetch_all(change.sql())
    .await?;
    Ok(keepers)
}

/// Ends the warning of a key that was found in public, until it is found again.
///
/// # Errors
/// [`Error::Forbidden`] without `keys.manage`; [`Error::NotFound`] for another team's key;
/// [`Error::Conflict`] when there is no warning of it.
pub async fn dismiss_leak(cx: &Cx, id: KeyId) -> Result<KeyRow> {
    let mut change = cx.change(Permission::KeysManage).await?;
    let name = sqlx::query_scalar!(
        "update api_key set leak_dismissed_at = $1
         where team_id = $2 and id = $3
             and app.leak_stands(leaked_at, rotated_at, leak_dismissed_at, revoked_at)
         returning name",
        cx.now(),
        cx.seat()?.id.0,
        id.0
    )
    .fetch_optional(change.sql())
    .await?;
    let Some(name) = name else {
        drop(change);
        let key = key::find(cx, id).await?.ok_or(Error::NotFound)?;
        return Err(Error::Conflict(format!("There is no warning of {}.", key.name)));
    };
    let event = Event::new(Ledger::Team, AuditAction::KeyLeakDismiss).on("key", id, &name);
    change.commit(event).await?;
    key::find(cx, id).await?.ok_or(Error::Inconsistent("a key with a warning vanished"))
}
