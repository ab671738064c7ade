//! Doors to keyword rules.

use leptos::prelude::*;
use model::{
    Failure, Next,
    rule::{self as form, DryRun, ImportQuery, Offer, RulePage, RuleQuery, RulesPage, TryRules},
};

/// A page of the team's rules.
#[server(prefix = "/do", endpoint = "rule/list")]
pub async fn load_rules(team: String, query: RuleQuery) -> Result<RulesPage, Failure> {
    use crate::server;
    server::told(domain::rule::list(&server::in_team(&team).await?, query).await)
}

/// One rule, and the programs that it could name.
#[server(prefix = "/do", endpoint = "rule/find")]
pub async fn load_rule(team: String, rule: String) -> Result<RulePage, Failure> {
    use crate::server;
    let id = rule.parse().map_err(|_| Failure::NotFound)?;
    let found = domain::rule::find(&server::in_team(&team).await?, id).await;
    server::told(found)?.ok_or(Failure::NotFound)
}

/// Makes a rule.
#[server(prefix = "/do", endpoint = "rule/create")]
pub async fn create_rule(form: form::RuleForm) -> Result<Next, Failure> {
    use crate::server;
    let cx = server::in_team(&form.team).await?;
    server::told(domain::rule::create(&cx, &form).await)?;
    let said = format!("The rule for {} is made.", form.keyword.trim());
    Ok(Next::say(format!("/t/{}/rules", form.team), said))
}

/// Changes a rule.
#[server(prefix = "/do", endpoint = "rule/update")]
pub async fn change_rule(form: form::RuleForm) -> Result<Next, Failure> {
    use crate::server;
    let id = form.rule.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    server::told(domain::rule::update(&cx, id, &form).await)?;
    let said = format!("The rule for {} is changed.", form.keyword.trim());
    Ok(Next::say(format!("/t/{}/rules", form.team), said))
}

/// Leaves a rule out until it is switched on.
#[server(prefix = "/do", endpoint = "rule/disable")]
pub async fn disable_rule(form: form::OneRule) -> Result<Next, Failure> {
    use crate::server;
    let id = form.rule.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let keyword = server::told(domain::rule::disable(&cx, id).await)?;
    let page = format!("/t/{}/rules/{}", form.team, form.rule);
    Ok(Next::say(page, format!("The rule for {keyword} is switched off.")))
}

/// Lets a rule count again.
#[server(prefix = "/do", endpoint = "rule/enable")]
pub async fn enable_rule(form: form::OneRule) -> Result<Next, Failure> {
    use crate::server;
    let id = form.rule.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let keyword = server::told(domain::rule::enable(&cx, id).await)?;
    let page = format!("/t/{}/rules/{}", form.team, form.rule);
    Ok(Next::say(page, format!("The rule for {keyword} is switched on.")))
}

/// Deletes a rule.
#[server(prefix = "/do", endpoint = "rule/delete")]
pub async fn remove_rule(form: form::OneRule) -> Result<Next, Failure> {
    use crate::server;
    let id = form.rule.parse().map_err(|_| Failure::NotFound)?;
    let cx = server::in_team(&form.team).await?;
    let keyword = server::told(domain::rule::delete(&cx, id).await)?;
    let list = format!("/t/{}/rules", form.team);
    Ok(Next::say(list, format!("The rule for {keyword} is deleted.")))
}

/// What a message matches.
#[server(prefix = "/do", endpoint = "rule/try")]
pub async fn try_message(team: String, tried: TryRules) -> Result<Vec<Offer>, Failure> {
    use crate::server;
    server::told(domain::rule::try_out(&server::in_team(&team).await?, tried).await)
}

/// Takes a file of rules in, to be looked at.
#[server(prefix = "/do", endpoint = "rule/upload")]
pub async fn upload_rules(form: form::ImportFile) -> Result<Next, Failure> {
    use crate::server;
    let page = format!("/t/{}/rules/import", form.team);
    let cx = server::in_team(&form.team).await?;
    server::told(domain::rule::import::upload(&cx, form).await)?;
    Ok(Next::go(page))
}

/// What the file would change.
#[server(prefix = "/do", endpoint = "rule/dry-run")]
pub async fn load_dry_run(team: String, query: ImportQuery) -> Result<Option<DryRun>, Failure> {
    use crate::server;
    server::told(domain::rule::import::dry_run(&server::in_team(&team).await?, &query).await)
}

/// Imports the file that was looked at.
#[server(prefix = "/do", endpoint = "rule/import")]
pub async fn import_rules(form: form::ImportRules) -> Result<Next, Failure> {
    use crate::{format, server};
    let cx = server::in_team(&form.team).await?;
    let done = server::told(domain::rule::import::apply(&cx, &form).await)?;
    let counts = [done.new, done.changed, done.unchanged, done.bad].map(|n| n as i64);
    let [new, changed, unchanged, bad] = counts.map(format::count);
    let left = if done.bad > 0 { format!(", {bad} left out") } else { String::new() };
    let said = format!("Imported: {new} new, {changed} changed, {unchanged} unchanged{left}.");
    Ok(Next::say(format!("/t/{}/rules", form.team), said))
}
