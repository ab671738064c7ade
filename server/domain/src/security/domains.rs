//! Which addresses may come in.

use super::{begin, changed, words};
use crate::{Cx, Error, Result, text};
use model::{
    Permission,
    security::{SetDomains, bounds},
};
use std::collections::BTreeSet;

/// Sets the domains whose addresses may come in; none takes all. Who is in stays in.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but an owner; [`Error::Unconfirmed`] without step-up; a
/// sentence at `domains`.
pub async fn set_domains(cx: &Cx, form: SetDomains) -> Result<()> {
    cx.require(Permission::SecurityManage)?;
    let domains = read(&form.domains).map_err(|said| Error::field("domains", said))?;
    let domains: Vec<String> = domains.into_iter().collect();
    let mut change = begin(cx).await?;
    let team = cx.seat()?.id.0;
    let mut before =
        sqlx::query_scalar!("delete from team_domain where team_id = $1 returning domain", team)
            .fetch_all(change.sql())
            .await?;
    before.sort_unstable();
    sqlx::query!(
        "insert into team_domain (team_id, domain) select $1, d from unnest($2::text[]) as t (d)",
        team,
        &domains
    )
    .execute(change.sql())
    .await?;
    change.commit(changed("domains", before, domains)).await.map(drop)
}

fn read(typed: &str) -> std::result::Result<BTreeSet<String>, String> {
    let domains: BTreeSet<String> =
        words(typed).iter().map(|word| word.trim_start_matches('@').to_owned()).collect();
    let is_domain = |domain: &&String| {
        text::email(&format!("a@{domain}")).is_ok() && domain.contains('.') && domain.len() <= 253
    };
    match domains.iter().find(|domain| !is_domain(domain)) {
        Some(wrong) => {
            let wrong: String = wrong.chars().take(60).collect();
            Err(format!("This is not a domain: {wrong}. Write each like example.com."))
        }
        None if domains.len() > bounds::DOMAINS => {
            Err(format!("These are {} domains. Use at most {}.", domains.len(), bounds::DOMAINS))
        }
        None => Ok(domains),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn domains_are_read_with_and_without_the_sign() {
        let read = |typed| read(typed).map(Vec::from_iter);
        let two = Ok(vec!["example.com".to_owned(), "example.org".to_owned()]);
        assert_eq!(read("@Example.com, example.org\nexample.com"), two);
        assert_eq!(read("  "), Ok(Vec::new()));
        assert_eq!(
            read("example.com localhost"),
            Err("This is not a domain: localhost. Write each like example.com.".to_owned())
        );
    }
}
