//! Verifying a key: what the API in front of us asks on each of its requests.
//!
//! What happens rarely (asking the database, recording a first use) is boxed where it is awaited:
//! else each call would carry the room that it might need, some kB, through every layer.

use super::{
    cache::Hash,
    first_use,
    known::{Ask, Known},
    look_up::{look_up, look_up_all},
    meter::Left,
    usage::Call,
};
use crate::{Cx, Result, crypto::token};
use model::{
    Typed,
    key::{VerifyCode, bounds},
};
use std::sync::{Arc, atomic::Ordering};
use time::OffsetDateTime;

/// Whether a key is to be accepted, and which it is.
#[derive(Debug)]
pub struct Verdict {
    pub code: VerifyCode,
    /// None for a key that is not found: whoever has it learns nothing.
    pub key: Option<Arc<Known>>,
    /// What is left of its rate; none when it has none, or was refused before.
    pub rate: Option<Left>,
    /// The same of its quota.
    pub quota: Option<Left>,
}

impl Verdict {
    const NOT_FOUND: Self = Self { code: VerifyCode::NotFound, key: None, rate: None, quota: None };

    pub const fn is_valid(&self) -> bool {
        matches!(self.code, VerifyCode::Valid)
    }
}

/// Whether this key is to be accepted for what is asked, and whose it is. Calls are taken from its
/// quota only if nothing else is against it. Before the verdict is told, it must be
/// [settled](crate::Deps::settle) that the call is counted.
///
/// # Errors
/// When the database does not answer and must be asked: a key that cannot be looked up is not
/// accepted.
pub async fn verify(cx: &Cx, key: &Typed, ask: &Ask<'_>) -> Result<Verdict> {
    let (verdict, call) = one(cx, token::hash_of_key(key), ask).await?;
    cx.deps().usage().note(&call);
    Ok(verdict)
}

/// The same of many at once, in their order. They are looked up and noted together; each takes from
/// its own rate and quota.
///
/// # Errors
/// As [`verify`]: one key that cannot be looked up, and none is accepted.
pub async fn verify_all(cx: &Cx, asked: &[(Typed, Ask<'_>)]) -> Result<Vec<Verdict>> {
    let hashes: Vec<_> = asked.iter().map(|(key, _)| token::hash_of_key(key)).collect();
    Box::pin(look_up_all(cx, hashes.iter().copied().flatten())).await?;
    let (mut verdicts, mut calls) =
        (Vec::with_capacity(asked.len()), Vec::with_capacity(asked.len()));
    for (hash, (_, ask)) in hashes.into_iter().zip(asked) {
        let (verdict, call) = one(cx, hash, ask).await?;
        verdicts.push(verdict);
        calls.extend(call);
    }
    cx.deps().usage().note(&calls);
    Ok(verdicts)
}

/// The verdict, and the call to be noted before it is told. `hash`: none for what is no key.
async fn one(cx: &Cx, hash: Option<Hash>, ask: &Ask<'_>) -> Result<(Verdict, Option<Call>)> {
    let Some(hash) = hash else { return Ok((Verdict::NOT_FOUND, None)) };
    let Some(known) = known(cx, hash).await? else { return Ok((Verdict::NOT_FOUND, None)) };
    let now = cx.now();
    let (code, rate, quota) = judge(cx, &known, ask, now).await?;
    let is_used = || known.is_used.load(Ordering::Acquire);
    if code == VerifyCode::Valid && !is_used() && !known.is_used.swap(true, Ordering::AcqRel) {
        Box::pin(record_first_use(cx, &known)).await?;
    }
    let call = Call {
        team: known.team.0,
        key: known.id.0,
        code,
        ip: ask.ip,
        country: ask.ip.and_then(|ip| cx.deps().places().country(ip)),
        at: now,
    };
    let key = (code != VerifyCode::NotFound).then_some(known);
    Ok((Verdict { code, key, rate, quota }, Some(call)))
}

/// The key of this hash, from memory or from the database.
pub(super) async fn known(cx: &Cx, hash: Hash) -> Result<Option<Arc<Known>>> {
    let (cache, clock) = (cx.deps().keys(), cx.deps().clock());
    match cache.get(&hash, clock.elapsed()).found() {
        Some(found) => Ok(found),
        None => Box::pin(look_up(cx, hash)).await,
    }
}

type Counted = (VerifyCode, Option<Left>, Option<Left>);

/// Reasons in their fixed order, the first that holds is told.
async fn judge(cx: &Cx, known: &Known, ask: &Ask<'_>, now: OffsetDateTime) -> Result<Counted> {
    let code = known.code(ask, now);
    let Some(more) = known.more.as_ref().filter(|_| code == VerifyCode::Valid) else {
        return Ok((code, None, None));
    };
    let cost = ask.cost.unwrap_or(1).min(bounds::COST_MOST);
    let quota = match more.quota {
        None => None,
        Some(quota) => {
            let key = (known.team, known.id);
            let (fits, left) = more.meter.quota(cx.deps(), key, quota, cost).await?;
            if !fits {
                return Ok((VerifyCode::QuotaExceeded, None, Some(left)));
            }
            Some(left)
        }
    };
    let Some(rate) = more.rate else { return Ok((code, None, quota)) };
    let (fits, left) = more.meter.rate(rate, cost, cx.deps().clock().elapsed());
    if fits {
        return Ok((code, Some(left), quota));
    }
    let quota = quota.map(|quota| {
        more.meter.give_back(cost);
        Left { remaining: (quota.remaining + u64::from(cost)).min(quota.limit), ..quota }
    });
    Ok((VerifyCode::RateLimited, Some(left), quota))
}

/// Whoever comes with it next records it, if this cannot.
async fn record_first_use(cx: &Cx, known: &Known) -> Result<()> {
    let recorded = first_use::record(cx, known.team, known.id).await;
    if recorded.is_err() {
        known.is_used.store(false, Ordering::Release);
    }
    recorded
}
