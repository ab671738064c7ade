//! A key as verify remembers it, and what it says of a request.

use super::meter::Meter;
use crate::{Error, Result, event::rfc3339};
use ipnet::IpNet;
use model::{
    KeyId, TeamId,
    key::{Environment, KeyState, VerifyCode},
};
use serde_json::value::RawValue;
use std::{
    net::IpAddr,
    sync::{Arc, atomic::AtomicBool},
};
use time::OffsetDateTime;
use uuid::Uuid;

/// A key. Small, because there may be very many: what few of them have is apart.
#[derive(Debug)]
pub struct Known {
    pub team: TeamId,
    pub id: KeyId,
    pub name: Box<str>,
    pub environment: Environment,
    /// When it ends, or this secret of it.
    pub expires_at: Option<OffsetDateTime>,
    pub(super) state: Switch,
    /// Whether its first use is on record.
    pub(super) is_used: AtomicBool,
    pub(super) more: Option<Box<More>>,
}

/// What has been done to a key, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Switch {
    Revoked,
    Suspended,
    Disabled,
    On,
}

/// What few keys have.
#[derive(Debug, Default)]
pub(super) struct More {
    networks: Vec<IpNet>,
    /// The team asks each of its keys for networks.
    needs_networks: bool,
    scopes: Vec<Box<str>>,
    metadata: Option<Box<RawValue>>,
    pub(super) rate: Option<RateLimit>,
    pub(super) quota: Option<u64>,
    pub(super) meter: Arc<Meter>,
}

/// So many calls in so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RateLimit {
    pub(super) limit: u32,
    pub(super) seconds: u32,
}

/// What is asked about a key.
#[derive(Debug, Clone, Default)]
pub struct Ask<'a> {
    /// Where its bearer's request came from. A key that names networks is accepted from these only,
    /// and never from an unknown one.
    pub ip: Option<IpAddr>,
    /// All of these it must have.
    pub scopes: Vec<std::borrow::Cow<'a, str>>,
    /// What the scopes are asked for; none for anything.
    pub resource: Option<std::borrow::Cow<'a, str>>,
    /// What Probity itself is asked for: a key that has scopes needs this one, too; one without
    /// any was not narrowed down.
    pub own: Option<&'static str>,
    /// Calls that this one counts as; none for one.
    pub cost: Option<u32>,
}

impl Known {
    /// Whether it is to be accepted, as far as it can be told without counting.
    pub(super) fn code(&self, ask: &Ask<'_>, now: OffsetDateTime) -> VerifyCode {
        let state = self.state(now);
        if state != KeyState::Working {
            return state.code();
        }
        match &self.more {
            Some(more) if !more.lets_in(ask.ip) => VerifyCode::ForbiddenIp,
            Some(more) if !more.holds_all(ask) => VerifyCode::InsufficientScope,
            None if !ask.scopes.is_empty() => VerifyCode::InsufficientScope,
            _ => VerifyCode::Valid,
        }
    }

    /// The state it is in, whoever asks.
    pub fn state(&self, now: OffsetDateTime) -> KeyState {
        match self.state {
            Switch::Revoked => KeyState::Revoked,
            Switch::Suspended => KeyState::Suspended,
            Switch::Disabled => KeyState::Disabled,
            Switch::On if self.expires_at.is_some_and(|end| end <= now) => KeyState::Ended,
            Switch::On => KeyState::Working,
        }
    }

    /// What it may, in the words of the team's own API.
    pub fn scopes(&self) -> &[Box<str>] {
        self.more.as_ref().map_or(&[], |more| &more.scopes)
    }

    /// When it ends: RFC 3339, UTC.
    pub fn ends(&self) -> Option<String> {
        self.expires_at.map(rfc3339)
    }

    /// A JSON object.
    pub fn metadata(&self) -> Option<&RawValue> {
        self.more.as_ref()?.metadata.as_deref()
    }
}

impl More {
    fn lets_in(&self, ip: Option<IpAddr>) -> bool {
        if self.networks.is_empty() {
            return !self.needs_networks;
        }
        let ip = ip.map(|ip| ip.to_canonical());
        ip.is_some_and(|ip| self.networks.iter().any(|network| network.contains(&ip)))
    }

    fn holds_all(&self, ask: &Ask<'_>) -> bool {
        let resource = ask.resource.as_deref();
        let held = |wanted: &str| self.scopes.iter().any(|scope| covers(scope, wanted, resource));
        let own = ask.own.filter(|_| !self.scopes.is_empty());
        ask.scopes.iter().all(|wanted| held(wanted)) && own.is_none_or(held)
    }
}

/// Whether a scope that is held is enough for one that is asked for. `orders:*` covers what begins
/// with `orders:`; `read@invoices` covers `read` for the resource `invoices` only.
fn covers(held: &str, wanted: &str, resource: Option<&str>) -> bool {
    let (word, bound) = match held.split_once('@') {
        Some((word, bound)) => (word, Some(bound)),
        None => (held, None),
    };
    let fits = match word.strip_suffix('*') {
        Some(front) => wanted.starts_with(front),
        None => word == wanted,
    };
    held == wanted || fits && (bound.is_none() || bound == resource)
}

/// What the database says of a key.
#[cfg_attr(test, derive(Default))]
pub(super) struct Row {
    /// The one that was asked about.
    pub(super) hash: Vec<u8>,
    pub(super) team_id: Uuid,
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) environment: String,
    pub(super) expires_at: Option<OffsetDateTime>,
    pub(super) revoked_at: Option<OffsetDateTime>,
    pub(super) suspended_at: Option<OffsetDateTime>,
    pub(super) disabled_at: Option<OffsetDateTime>,
    pub(super) first_used_at: Option<OffsetDateTime>,
    /// Apart by spaces, as scopes.
    pub(super) networks: String,
    pub(super) needs_networks: bool,
    pub(super) scopes: String,
    pub(super) metadata: String,
    pub(super) rate_limit: Option<i32>,
    pub(super) rate_seconds: Option<i32>,
    pub(super) quota: Option<i64>,
}

impl Row {
    /// `meter`: what counts the key's calls, if it must be counted.
    pub(super) fn known(self, meter: impl FnOnce(KeyId) -> Arc<Meter>) -> Result<Known> {
        let environment = Environment::from_name(&self.environment)
            .ok_or(Error::Inconsistent("an unknown environment"))?;
        let state = match (self.revoked_at, self.suspended_at, self.disabled_at) {
            (Some(_), ..) => Switch::Revoked,
            (_, Some(_), _) => Switch::Suspended,
            (.., Some(_)) => Switch::Disabled,
            _ => Switch::On,
        };
        Ok(Known {
            team: TeamId(self.team_id),
            id: KeyId(self.id),
            environment,
            expires_at: self.expires_at,
            state,
            is_used: self.first_used_at.is_some().into(),
            more: self.more(meter)?,
            name: self.name.into(),
        })
    }

    fn more(&self, meter: impl FnOnce(KeyId) -> Arc<Meter>) -> Result<Option<Box<More>>> {
        let positive = |number: i32| u32::try_from(number).ok();
        let rate = self.rate_limit.zip(self.rate_seconds).and_then(|(limit, seconds)| {
            Some(RateLimit { limit: positive(limit)?, seconds: positive(seconds)? })
        });
        let quota = self.quota.and_then(|quota| u64::try_from(quota).ok());
        let is_plain = self.networks.is_empty()
            && !self.needs_networks
            && self.scopes.is_empty()
            && self.metadata.is_empty();
        if is_plain && rate.is_none() && quota.is_none() {
            return Ok(None);
        }
        let networks = self.networks.split_whitespace().map(str::parse);
        let metadata = match self.metadata.is_empty() {
            true => None,
            false => Some(RawValue::from_string(self.metadata.clone())),
        };
        Ok(Some(Box::new(More {
            networks: networks
                .collect::<std::result::Result<_, _>>()
                .map_err(|_| Error::Inconsistent("a key's network"))?,
            needs_networks: self.needs_networks,
            scopes: self.scopes.split_whitespace().map(Into::into).collect(),
            metadata: metadata.transpose().map_err(|_| Error::Inconsistent("a key's metadata"))?,
            rate,
            quota,
            meter: match (rate, quota) {
                (None, None) => Arc::default(),
                _ => meter(KeyId(self.id)),
            },
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_scope_covers_itself_what_its_star_says_and_only_its_own_resource() {
        assert!(covers("orders:read", "orders:read", None));
        assert!(covers("orders:read", "orders:read", Some("17")));
        assert!(!covers("orders:read", "orders:write", None));
        assert!(covers("orders:*", "orders:write", None));
        assert!(covers("*", "anything", Some("x")));
        assert!(!covers("orders:*", "order", None));
        assert!(covers("read@invoices", "read", Some("invoices")));
        assert!(!covers("read@invoices", "read", Some("orders")));
        assert!(!covers("read@invoices", "read", None));
        assert!(covers("read@invoices", "read@invoices", None), "asked for in so many words");
        assert!(!covers("read", "read@invoices", None));
        assert!(!covers("", "read", None));
    }
}
