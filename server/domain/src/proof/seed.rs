//! What a scratch team and its people have: a row in every table that requests write to.
//!
//! Tables that only background tasks write to stay empty; they are attacked all the same.

use super::scratch::{Person, Scratch, Team};
use crate::Result;

/// Run by the owner in the team. `$1` team, `$2` who acts, `$3` a new id, `$4` now, `$5` canary,
/// `$6` 32 random bytes, `$7` domain, `$8` the colleague. None of it keeps its people out.
const TEAM: &[&str] = &[
    "with letter as (
         insert into mail (id, owner_kind, owner_id, letter, sealed, created_at, next_at, for_team)
         values ($3, 'instance', null, $5, $6, $4, $4, $1))
     insert into invitation (team_id, id, email, role, message, mailed_hash, mail_id, sent_by,
                             sent_at, expires_at)
     values ($1, $3, $5 || '@' || $7, 'viewer', $5, $6, $3, $2, $4, $4 + interval '7 days')",
    "insert into ownership_offer (team_id, id, offered_by, offered_to, offered_at, expires_at)
     values ($1, $3, $2, $8, $4, $4 + interval '7 days')",
    "insert into api_key (team_id, id, name, environment, start, secret_hash, created_at,
                          created_by, expires_at)
     values ($1, $3, $5, 'test', $5, $6, $4, $2, $4 + interval '1 day')",
    "insert into team_role (team_id, id, name, created_at) values ($1, $3, $5, $4)",
    "insert into team_role_permission (team_id, role_id, permission)
     select team_id, id, 'team.view' from team_role where team_id = $1",
    "insert into team_policy (team_id) values ($1)",
    "insert into team_domain (team_id, domain) values ($1, $7)",
    "insert into team_network (team_id, network) values ($1, '192.0.2.0/24')",
    "with program as (
         insert into affiliate_program (team_id, id, name, sealed, key_set_at, created_at)
         values ($1, $3, $5, $6, $4, $4))
     insert into keyword_rule (team_id, id, keyword, folded, matching, language, url, priority,
                               enabled, changed_at)
     values ($1, $3, $5, $5, 'exact', '', $5, 0, true, $4)",
    "insert into audit_export (team_id, id, person_id, made_at, format, search, name, touched_at)
     values ($1, $3, $2, $4, 'csv', $5, $5, $4)",
    "insert into team_export (team_id, id, person_id, made_at, has_hashes, name, touched_at)
     values ($1, $3, $2, $4, false, $5, $4)",
    "insert into audit_stream (team_id, id, name, kind, shown, sealed, person_id, made_at, start_at,
                               started_at)
     values ($1, $3, $5, 'https', $5, $6, $2, $4, 0, $4)",
    "insert into rule_draft (team_id, person_id, id, made_at, csv) values ($1, $2, $3, $4, $5)",
    "insert into own_search (team_id, person_id, id, name, search) values ($1, $2, $3, $5, $5)",
    "insert into team_search (team_id, id, name, search) values ($1, $3, $5, $5)",
    "select app.append('team', $1, convert_to(json_build_object(
         'id', $3, 'at', $4, 'actor', json_build_object('kind', 'person', 'id', $2),
         'action', 'team.create', 'target', json_build_object('kind', 'team', 'id', $5),
         'outcome', 'ok')::text, 'UTF8'), $6)",
];

/// Run by each of its people, with the same values.
const PERSON: &[&str] = &[
    "insert into credential (person_id, password_hash, changed_at) values ($2, $5, $4)",
    "insert into device (person_id, id, token_hash, origin, created_at, last_seen_at)
     values ($2, $3, $6, $6, $4, $4)",
    "insert into passkey (person_id, id, name, credential_id, credential, created_at)
     values ($2, $3, $5, $6, $5, $4)",
    "insert into recovery_code (person_id, code_hash, made_at) values ($2, $6, $4)",
    "insert into totp_offer (person_id, secret, offered_at) values ($2, $6, $4)",
    "select app.set_totp($6, 0)",
    "insert into totp_offer (person_id, secret, offered_at) values ($2, $6, $4)",
    "insert into challenge (id_hash, person_id, created_at, expires_at)
     values ($6, $2, $4, $4 + interval '5 minutes')",
    "insert into link (token_hash, person_id, purpose, email, created_at, expires_at)
     values ($6, $2, 'email', $5 || '@' || $7, $4, $4 + interval '1 hour')",
    "insert into mail (id, owner_kind, owner_id, letter, sealed, created_at, next_at)
     values ($3, 'person', $2, $5, $6, $4, $4)",
    "select app.append('person', $2, convert_to(json_build_object(
         'id', $3, 'at', $4, 'actor', json_build_object('kind', 'person', 'id', $2),
         'action', 'person.create', 'target', json_build_object('kind', 'person', 'id', $5),
         'outcome', 'ok')::text, 'UTF8'), $6)",
];

/// Fills every table for this team; its owner acts afterwards.
pub(super) async fn everything(world: &mut Scratch<'_>, team: &mut Team) -> Result<()> {
    for person in [team.colleague.clone(), team.owner.clone()] {
        world.act_as(&person, Some(team.id)).await?;
        for statement in PERSON {
            run(world, team, &person, statement).await?;
        }
    }
    let named = team.ids.len();
    for statement in TEAM {
        run(world, team, &team.owner.clone(), statement).await?;
    }
    team.rows = team.ids.split_off(named);
    team.ids.extend_from_slice(&team.rows);
    Ok(())
}

async fn run(
    world: &mut Scratch<'_>,
    team: &mut Team,
    person: &Person,
    statement: &'static str,
) -> Result<()> {
    let (id, hash) = (world.new_id(), world.new_hash());
    let (at, domain) = (world.at(), world.domain().to_owned());
    sqlx::query(statement)
        .bind(team.id)
        .bind(person.id)
        .bind(id)
        .bind(at)
        .bind(&team.canary)
        .bind(hash.as_slice())
        .bind(domain)
        .bind(team.colleague.id)
        .execute(world.sql())
        .await?;
    if statement.contains("$3") {
        team.ids.push(id);
    }
    Ok(())
}
