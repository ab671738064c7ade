//! The synthetic team in which the self-probe tries permissions, with something of everything that
//! its statements are about.

use super::scratch::{Person, Scratch, Team};
use crate::{Result, event::rfc3339};
use model::{HeldRole, RoleId, RoleRef};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The team and what [`super::trials::of`] names.
pub(super) struct Stage {
    team: Team,
    /// A role that holds nothing.
    spare: Uuid,
    /// A role that nobody holds, and that holds `members.manage`.
    idle: Uuid,
    /// A member who holds the spare role.
    dummy: Uuid,
    /// Somebody of no team.
    outsider: Uuid,
    domain: String,
    /// Tables into which the database let nothing be put: nothing can be tried on them.
    missing: BTreeSet<&'static str>,
}

/// What the owner puts in, each into its table. What a policy that is gone refuses is missing.
const PROPS: &[(&str, &str)] = &[
    (
        "team_role",
        "insert into team_role (team_id, id, name, created_at)
         values (app.team(), '{spare}', 'Spare', app.at()),
                (app.team(), '{idle}', 'Idle', app.at())",
    ),
    (
        "team_role_permission",
        "insert into team_role_permission (team_id, role_id, permission)
         values (app.team(), '{idle}', 'members.manage')",
    ),
    (
        "member",
        "insert into member (team_id, person_id, role, custom_role, joined_at)
         values (app.team(), '{dummy}', 'custom', '{spare}', app.at())",
    ),
    (
        "invitation",
        "insert into invitation (team_id, id, email, role, custom_role, message, mailed_hash,
                                 sent_by, sent_at, expires_at)
         values (app.team(), gen_random_uuid(), 'x@x.invalid', 'custom', '{spare}', '',
                 sha256(gen_random_uuid()::text::bytea), app.person(), app.at(),
                 app.at() + interval '1 day')",
    ),
    (
        "ownership_offer",
        "insert into ownership_offer (team_id, id, offered_by, offered_to, offered_at, expires_at)
         values (app.team(), gen_random_uuid(), app.person(), '{dummy}', app.at(),
                 app.at() + interval '1 day')",
    ),
    (
        "api_key",
        "insert into api_key (team_id, id, name, environment, start, secret_hash, created_at,
                              created_by, expires_at)
         values (app.team(), gen_random_uuid(), 'x', 'test', 'x',
                 sha256(gen_random_uuid()::text::bytea), app.at(), app.person(),
                 app.at() + interval '1 day')",
    ),
    ("key_usage", "select app.seed_usage()"),
    ("team_policy", "insert into team_policy (team_id) values (app.team())"),
    ("team_domain", "insert into team_domain (team_id, domain) values (app.team(), '{domain}')"),
    (
        "team_network",
        "insert into team_network (team_id, network) values (app.team(), '192.0.2.0/24')",
    ),
    (
        "affiliate_program",
        "insert into affiliate_program (team_id, id, name, sealed, key_set_at, created_at)
         values (app.team(), gen_random_uuid(), 'unused', '\\x07', app.at(), app.at())",
    ),
    (
        "keyword_rule",
        "insert into keyword_rule (team_id, id, keyword, folded, matching, language, url, priority,
                                   enabled, changed_at)
         values (app.team(), gen_random_uuid(), 'x', 'x', 'exact', '', 'https://x.invalid', 0, true,
                 app.at())",
    ),
    (
        "audit_export",
        "insert into audit_export (team_id, id, person_id, made_at, format, search, name, touched_at)
         values (app.team(), gen_random_uuid(), app.person(), app.at(), 'csv', '', 'x', app.at())",
    ),
    (
        "team_export",
        "insert into team_export (team_id, id, person_id, made_at, has_hashes, name, touched_at)
         values (app.team(), gen_random_uuid(), app.person(), app.at(), false, 'x', app.at())",
    ),
    (
        "team_search",
        "insert into team_search (team_id, id, name, search)
         values (app.team(), gen_random_uuid(), 'x', 'x')",
    ),
    (
        "audit_stream",
        "insert into audit_stream (team_id, id, name, kind, shown, sealed, person_id, made_at,
                                   start_at, started_at)
         values (app.team(), gen_random_uuid(), 'x', 'https', 'x', '\\x07', app.person(), app.at(), 0,
                 app.at())",
    ),
    ("audit_event", RECORD),
];

/// A record by whoever acts, in the team's ledger.
const RECORD: &str = "select app.append('team', app.team(), convert_to(json_build_object(
     'id', gen_random_uuid(), 'at', app.at(),
     'actor', json_build_object('kind', 'person', 'id', app.person()),
     'action', 'role.probe', 'target', json_build_object('kind', '', 'id', ''),
     'outcome', 'ok')::text, 'UTF8'), null)";

impl Stage {
    pub(super) async fn set(world: &mut Scratch<'_>) -> Result<Self> {
        let [outsider, dummy] =
            [world.person("Outsider").await?.id, world.person("Dummy").await?.id];
        let owner = world.person("Owner").await?;
        let team = found(world, owner).await?;
        let (spare, idle, domain) = (world.new_id(), world.new_id(), world.domain().to_owned());
        let missing = BTreeSet::new();
        let mut stage = Self { team, spare, idle, dummy, outsider, domain, missing };
        for (table, sql) in PROPS {
            world.save().await?;
            if world.run(&stage.put_into(sql)).await.is_ok() {
                world.keep().await?;
            } else {
                stage.missing.insert(table);
                world.restore().await?;
            }
        }
        Ok(stage)
    }

    pub(super) fn slug(&self) -> &str {
        &self.team.slug
    }

    /// Whether there is nothing in this table because the database took nothing.
    pub(super) fn lacks(&self, table: &str) -> bool {
        self.missing.contains(table)
    }

    /// The statement, about what is on this stage.
    pub(super) fn put_into(&self, sql: &str) -> String {
        let ids = [
            ("{spare}", self.spare),
            ("{idle}", self.idle),
            ("{dummy}", self.dummy),
            ("{outsider}", self.outsider),
        ];
        let put = |sql: String, (name, id): &(&str, Uuid)| sql.replace(name, &id.to_string());
        ids.iter().fold(sql.replace("{domain}", &self.domain), put)
    }

    /// Somebody who holds the role, has left a record, and acts; none where the database refuses.
    pub(super) async fn holder(
        &mut self,
        world: &mut Scratch<'_>,
        role: &HeldRole,
    ) -> Result<Option<Person>> {
        world.save().await?;
        let Ok(person) = self.give(world, role).await else {
            world.restore().await?;
            return Ok(None);
        };
        world.keep().await?;
        world.act_as(&person, Some(self.team.id)).await?;
        world.run(RECORD).await?;
        Ok(Some(person))
    }

    async fn give(&mut self, world: &mut Scratch<'_>, role: &HeldRole) -> Result<Person> {
        let which = match role {
            HeldRole::BuiltIn(role) => RoleRef::BuiltIn(*role),
            HeldRole::Custom(role) => {
                world.act_as(&self.team.owner, Some(self.team.id)).await?;
                let names = role.permissions.names();
                RoleRef::Custom(RoleId(make(world, &names).await?))
            }
        };
        world.member(&mut self.team, which).await
    }
}

/// A team of one, who acts.
async fn found(world: &mut Scratch<'_>, owner: Person) -> Result<Team> {
    let id = world.new_id();
    let slug = format!("probe-{}", &id.simple().to_string()[..24]);
    world.act_as(&owner, Some(id)).await?;
    let at = rfc3339(world.at());
    world.run(&format!("select app.found_team('{id}', '{slug}', 'Probe', '{at}')")).await?;
    let colleague = owner.clone();
    let (ids, rows) = (Vec::new(), Vec::new());
    Ok(Team { id, slug, owner, colleague, canary: "Probe".to_owned(), ids, rows })
}

/// Makes a role of the team that holds these.
async fn make(world: &mut Scratch<'_>, permissions: &str) -> Result<Uuid> {
    let id = world.new_id();
    world
        .run(&format!(
            "insert into team_role (team_id, id, name, created_at)
             values (app.team(), '{id}', 'Tried', app.at());
             insert into team_role_permission (team_id, role_id, permission)
             select app.team(), '{id}', p from unnest(string_to_array('{permissions}', ' ')) p"
        ))
        .await?;
    Ok(id)
}
