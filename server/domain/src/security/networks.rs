//! From where the team can be entered.

use super::{begin, changed, words};
use crate::{Cx, Error, Result};
use ipnet::IpNet;
use model::{
    Permission,
    security::{SetNetworks, bounds},
};
use std::{collections::BTreeSet, net::IpAddr};

/// Sets the networks from which members can enter the team; none takes all.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but an owner; [`Error::Unconfirmed`] without step-up; a
/// sentence at `networks`, also for a list that would lock out whoever sets it.
pub async fn set_networks(cx: &Cx, form: SetNetworks) -> Result<()> {
    cx.require(Permission::SecurityManage)?;
    let networks = read(&form.networks, cx.ip()).map_err(|said| Error::field("networks", said))?;
    let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
    let mut change = begin(cx).await?;
    let team = cx.seat()?.id.0;
    let mut before =
        sqlx::query_scalar!("delete from team_network where team_id = $1 returning network", team)
            .fetch_all(change.sql())
            .await?;
    before.sort_unstable();
    sqlx::query!(
        "insert into team_network (team_id, network)
         select $1, n from unnest($2::text[]) as t (n)",
        team,
        &networks
    )
    .execute(change.sql())
    .await?;
    change.commit(changed("networks", before, networks)).await.map(drop)
}

/// Networks as people write them, v4 and v6.
pub(crate) fn parse(typed: &str) -> std::result::Result<BTreeSet<IpNet>, String> {
    let mut networks = BTreeSet::new();
    for word in words(typed) {
        let network = word.parse().ok().or_else(|| word.parse::<IpAddr>().ok().map(IpNet::from));
        let Some(network) = network else {
            let word: String = word.chars().take(60).collect();
            return Err(format!(
                "This is not a network: {word}. Write each like 203.0.113.0/24 or 2001:db8::/32."
            ));
        };
        networks.insert(network.trunc());
    }
    if networks.len() > bounds::NETWORKS {
        return Err(format!(
            "These are {} networks. Use at most {}.",
            networks.len(),
            bounds::NETWORKS
        ));
    }
    Ok(networks)
}

/// The same, if whoever sets them is in one.
fn read(typed: &str, own: Option<IpAddr>) -> std::result::Result<BTreeSet<IpNet>, String> {
    let networks = parse(typed)?;
    if !networks.is_empty() && !own.is_some_and(|ip| networks.iter().any(|n| n.contains(&ip))) {
        let you = own.map_or_else(|| "unknown".to_owned(), |ip| ip.to_string());
        return Err(format!(
            "Your own address, {you}, is in none of these: you would lock yourself out. Add its \
             network."
        ));
    }
    Ok(networks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(typed: &str, own: &str) -> std::result::Result<Vec<String>, String> {
        read(typed, own.parse().ok()).map(|read| read.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn networks_are_read_as_cidr_or_single_addresses() {
        let read = said("203.0.113.77/24, 2001:DB8::1\n203.0.113.0/24", "203.0.113.9");
        assert_eq!(read, Ok(vec!["203.0.113.0/24".into(), "2001:db8::1/128".into()]));
        assert_eq!(said("", "203.0.113.9"), Ok(Vec::new()));
        assert!(said("203.0.113.0/33", "203.0.113.9").unwrap_err().starts_with("This is not a"));
    }

    #[test]
    fn nobody_locks_themself_out() {
        let refused = "Your own address, 198.51.100.7, is in none of these: you would lock \
                       yourself out. Add its network.";
        assert_eq!(said("203.0.113.0/24", "198.51.100.7"), Err(refused.to_owned()));
        assert!(said("203.0.113.0/24", "nowhere").unwrap_err().contains("unknown"));
    }
}
