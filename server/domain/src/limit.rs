//! Rate limits, counted in PostgreSQL. If they cannot be counted, the answer is no.

use crate::{Cx, Deps, Error, Result, policy::Actor, task::Task};
use model::Limit;
use sha2::{Digest, Sha256};
use std::net::{IpAddr, Ipv6Addr};

/// Counts one try of `subject` against `limit`.
///
/// It commits at once, apart from the operation's own transaction: a try that fails counts too.
///
/// # Errors
/// [`Error::TooMany`] when the bucket is empty; a database error when it cannot be counted.
pub(crate) async fn take(cx: &Cx, limit: Limit, subject: &str) -> Result<()> {
    // A hash, so that the table holds no e-mail or network address.
    let subject = Sha256::digest(subject.as_bytes());
    let wait = sqlx::query_scalar!(
        r#"select app.limit_take($1, $2, $3, $4, $5) as "wait!""#,
        limit.name(),
        subject.as_slice(),
        i32::try_from(limit.burst()).expect("the table of limits holds small numbers"),
        i32::try_from(limit.seconds()).expect("the table of limits holds small numbers"),
        cx.now()
    )
    .fetch_one(cx.deps().app().nobody())
    .await?;
    match u32::try_from(wait) {
        Ok(0) => Ok(()),
        Ok(retry_after) => Err(Error::TooMany { retry_after }),
        Err(_) => Err(Error::Inconsistent("a negative wait")),
    }
}

/// Gives one try of `subject` back: it went well, so it was no guess.
pub(crate) async fn give_back(cx: &Cx, limit: Limit, subject: &str) -> Result<()> {
    let subject = Sha256::digest(subject.as_bytes());
    sqlx::query!(
        "select app.limit_return($1, $2, $3, $4)",
        limit.name(),
        subject.as_slice(),
        i32::try_from(limit.burst()).expect("the table of limits holds small numbers"),
        i32::try_from(limit.seconds()).expect("the table of limits holds small numbers")
    )
    .execute(cx.deps().app().nobody())
    .await?;
    Ok(())
}

/// The same for the network address of this request.
pub(crate) async fn give_back_by_address(cx: &Cx, limit: Limit) -> Result<()> {
    give_back(cx, limit, &subject(cx.origin().ip)).await
}

/// Counts one try from the network address of this request.
pub(crate) async fn take_by_address(cx: &Cx, limit: Limit) -> Result<()> {
    take(cx, limit, &subject(cx.origin().ip)).await
}

/// Removes buckets that are full again: they say the same as none.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(deps: &Deps) -> Result<()> {
    let mut change = Cx::system(deps).change_as(Task::LimitSweep, Actor::default()).await?;
    sqlx::query!("delete from limit_bucket where full_at < now()").execute(change.sql()).await?;
    change.commit_unaudited("a full bucket says the same as none").await
}

fn subject(ip: Option<IpAddr>) -> String {
    ip.map_or_else(|| "unknown".to_owned(), |ip| network(ip).to_string())
}

/// What an address counts as: of IPv6 its network of 64 bits, which one household or server holds
/// whole.
pub(crate) fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.into(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_network_are_one_subject() {
        let of = |text: &str| subject(text.parse().ok());
        assert_eq!(of("2001:db8:1:2::3"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::3"), of("2001:db8:1:3::3"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    }
}
