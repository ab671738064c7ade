//! The attack that `probity doctor` runs: it finds nothing in our schema, leaves nothing behind,
//! and turns red on what somebody might do to the schema, with no test edited.

use crate::{
    permissions::new_key,
    support::{World, run},
};
use domain::{
    Signup, key,
    proof::{Isolation, isolation, known},
};
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};

async fn attack(world: &World) -> Isolation {
    isolation(world.deps.app(), &*world.clock, &*world.random).await.unwrap()
}

/// The leaks after a superuser has done this to a database of its own.
async fn leaks_after(done: &str) -> Vec<String> {
    let world = World::new().await;
    run(&mut world.superuser().await, done).await;
    attack(&world).await.leaks
}

#[track_caller]
fn said(leaks: &[String], sentence: &str) {
    assert!(leaks.iter().any(|leak| leak.starts_with(sentence)), "{sentence}\nnot in {leaks:#?}");
}

#[tokio::test]
async fn no_way_leads_to_another_team() {
    let found = attack(&World::new().await).await;
    assert_eq!(found.leaks, Vec::<String>::new());
    let tables = domain::policy::tables().count();
    assert_eq!((found.tables, found.views), (tables, 0));
    assert!(found.seeded >= 18, "{found:?}");
    assert!(found.functions >= 50 && found.references >= 25 && found.indexes >= 30, "{found:?}");
    assert!(found.tries >= 10 * tables + 8 * found.functions, "{found:?}");
}

#[tokio::test]
async fn what_is_excused_is_still_needed() {
    let told: BTreeSet<String> = attack(&World::new().await).await.excused.into_iter().collect();
    let lists = known::TELLERS.iter().chain(known::POINTERS);
    let excused = lists.map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(told, excused, "an excuse that nothing needs goes");
}

#[tokio::test]
async fn the_attack_leaves_no_row_behind_and_needs_one_connection() {
    let world = World::with(Signup::Open, 1).await;
    let team = world.team(&world.person("Ada").await, "Halden").await;
    key::create(&team, new_key()).await.unwrap();
    run(&mut world.superuser().await, USED).await;
    let before = counts(&world).await;
    assert!(before["audit_event"] > 0 && before["limit_bucket"] > 0, "{before:?}");
    assert_eq!(attack(&world).await.leaks, Vec::<String>::new());
    assert_eq!(counts(&world).await, before);
    // Also when it fails half-way.
    run(&mut world.superuser().await, "revoke insert on team_domain from probity_app").await;
    let failed = isolation(world.deps.app(), &*world.clock, &*world.random).await.unwrap_err();
    assert!(failed.to_string().contains("permission denied for table team_domain"), "{failed}");
    assert_eq!(counts(&world).await, before);
    world.deps.app().ready().await.unwrap();
}

async fn counts(world: &World) -> BTreeMap<&'static str, i64> {
    let mut conn = world.superuser().await;
    let mut counts = BTreeMap::new();
    for table in domain::policy::tables() {
        let count = format!("select count(*) from {}", table.name);
        let count = sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(&mut conn).await.unwrap();
        counts.insert(table.name, count);
    }
    counts
}

#[tokio::test]
async fn a_table_without_a_policy_is_found_and_entered() {
    let leaks = leaks_after(
        "create table forgotten (team_id uuid, note text);
         grant select, insert, update, delete on forgotten to probity_app",
    )
    .await;
    said(&leaks, "table forgotten: a table without a policy, row-level security is off");
    said(&leaks, "forgotten: it belongs to postgres and not to probity_owner");
    for verb in ["select", "insert", "update", "delete"] {
        said(&leaks, &format!("table public.forgotten: {verb} reached 1 row(s) of another team"));
    }
}

#[tokio::test]
async fn a_table_whose_policies_do_not_bind_its_owner_is_found() {
    let leaks = leaks_after("alter table mail no force row level security").await;
    assert_eq!(leaks, ["table mail: row-level security does not bind its owner"]);
    let leaks = leaks_after("alter table mail disable row level security").await;
    said(&leaks, "table mail: a table without a policy, row-level security is off");
    said(&leaks, "table public.mail: insert passed the policies and was stopped only by: ");
}

/// Every policy of every table, opened: the first of each table, then the second of each, so that
/// no other policy of the same table helps.
#[tokio::test]
async fn a_policy_that_lets_everybody_through_is_found_whichever_it_is() {
    let found = weakened("^.*$", &[]).await;
    assert!(found >= 50, "{found}");
}

#[tokio::test]
async fn a_policy_that_forgets_whose_a_row_is_is_found_whichever_it_is() {
    let whose =
        r"\((\w+\.)?(team_id|person_id|owner_id|ledger|id) = \( SELECT app\.\w+\(\) AS \w+\)\)";
    // Mail is seen through invitations, whose own policy stands; an offer is answered by whom it
    // is made to, whatever the team; an answer is its key's.
    let held = ["api_answer_1", "api_answer_2", "mail_3", "ownership_offer_4"];
    let found = weakened(whose, &held).await;
    assert!(found >= 45, "{found}");
}

#[tokio::test]
async fn a_policy_that_forgets_who_may_is_found_whichever_it_is() {
    let may = r"\( SELECT app\.may\('[a-z.]+'::text\) AS may\)|app\.may(_give)?\([^)]*\)";
    // Who is offered a team must be seen as its member, and who answers be that one; usage, verdicts,
    // errors and what was imported are of teams only that nobody invented, and so is a deletion that waits; a
    // file of rules and a search are their person's.
    let held = [
        "audit_stream_error_1",
        "former_file_1",
        "key_address_1",
        "key_quota_1",
        "key_seen_1",
        "key_usage_1",
        "ledger_proof_1",
        "own_search_1",
        "own_search_3",
        "own_search_4",
        "ownership_offer_2",
        "ownership_offer_4",
        "probe_verdict_1",
        "rule_draft_1",
        "rule_draft_3",
        "team_deletion_1",
        "team_origin_1",
    ];
    let found = weakened(may, &held).await;
    assert!(found >= 20, "{found}");
}

/// Puts true in place of what matches in each policy that binds requests, one of each table at a
/// time, and holds that each is found but those that something else holds; says how many there are.
async fn weakened(pattern: &str, held_otherwise: &[&str]) -> usize {
    let policies = policies(&World::new().await, pattern).await;
    let rounds = policies.values().map(Vec::len).max().unwrap();
    let mut otherwise = Vec::new();
    for round in 0..rounds {
        let world = World::new().await;
        let used = world.team(&world.person("Ada").await, "Halden").await;
        key::create(&used, new_key()).await.unwrap();
        let mut superuser = world.superuser().await;
        // What no request may write, of a team outside of the scratch world.
        run(&mut superuser, USED).await;
        let weak = policies.iter().filter_map(|(table, of)| Some((table, of.get(round)?)));
        let weak: Vec<_> = weak.collect();
        for (table, policy) in &weak {
            run(&mut superuser, &format!("alter policy {} on {table} {}", policy.0, policy.2))
                .await;
        }
        let leaks = attack(&world).await.leaks;
        for (table, (policy, command, _)) in weak {
            let sentence = format!("table public.{table}: {command} ");
            let found = leaks.iter().any(|leak| leak.starts_with(&sentence));
            let held = held_otherwise.contains(&policy.as_str());
            if found == held {
                otherwise.push(policy.clone());
            }
        }
    }
    assert_eq!(otherwise, Vec::<String>::new(), "not found, or no longer held");
    policies.values().map(Vec::len).sum()
}

/// Names, commands and weaker clauses of the policies that can be weakened so, by table.
async fn policies(world: &World, pattern: &str) -> BTreeMap<String, Vec<(String, String, String)>> {
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "select tablename::text, policyname::text, lower(cmd),
             coalesce('using (' || regexp_replace(qual, $1, 'true', 'g') || ')', '')
             || coalesce(' with check (' || regexp_replace(with_check, $1, 'true', 'g') || ')', '')
         from pg_policies where schemaname = 'public' and roles = '{probity_app}'
             and coalesce(qual, with_check) ~ $1 order by 1, 2",
    )
    .bind(pattern)
    .fetch_all(&mut world.superuser().await)
    .await
    .unwrap();
    let mut policies = BTreeMap::<_, Vec<_>>::new();
    for (table, policy, command, clauses) in rows {
        policies.entry(table).or_default().push((policy, command, clauses));
    }
    policies
}

const USED: &str = "insert into ledger_proof (kind, ledger, seq, checked_at)
    select kind, ledger, seq, now() from ledger_head;
    insert into ledger_acceptance select kind, ledger, 'x' from ledger_head;
    alter table ledger_floor disable trigger ledger_floor_is_audited;
    insert into ledger_floor select id, 1, 'x', now() from team;
    alter table ledger_floor enable always trigger ledger_floor_is_audited;
    alter table team_origin disable trigger team_origin_is_audited;
    insert into team_origin select id, 'x', repeat('0', 64), id, now(), now() from team;
    alter table team_origin enable always trigger team_origin_is_audited;
    alter table former_file disable trigger former_file_is_audited;
    insert into former_file select id, 'x', 0, 'x' from team;
    alter table former_file enable always trigger former_file_is_audited;
    insert into audit_block (team_id, block, first_at, last_at, terms)
    select id, 0, now(), now(), '{1}' from team;
    alter table team_deletion disable trigger team_deletion_is_audited;
    insert into team_deletion (team_id, asked_by, asked_at, days) select id, created_by, now(), 7 from team;
    alter table team_deletion enable always trigger team_deletion_is_audited;
    insert into deletion (team_id, link_hash, asked_at, confirmed_at, begun_at)
    select id, sha256(uuid_send(id)), now(), now(), now() from team;
    insert into deletion_count select id, 'member', 1 from team;
    insert into key_usage (team_id, key_id, hour, code, calls)
    select team_id, id, now(), 'VALID', 1 from api_key;
    insert into key_address (team_id, key_id, day, address, calls, refused, last_at)
    select team_id, id, now(), '192.0.2.1', 1, 0, now() from api_key;
    insert into key_seen (team_id, key_id, last_at) select team_id, id, now() from api_key;
    insert into key_quota (team_id, key_id, month, taken) select team_id, id, now(), 1 from api_key;
    insert into api_answer (team_id, key_id, named, request, id, answered_at, sealed)
    select team_id, id, sha256('n'), sha256('r'), gen_random_uuid(), now(), 'x' from api_key;
    insert into probe_verdict
    select t.id, 'owner', 'team.view', now(), true, 'yes', 'yes', 1, '' from team t
    union all select '00000000-0000-0000-0000-000000000000', 'owner', 'team.view', now(), true,
        'yes', 'yes', 1, '';
    alter table audit_stream disable trigger user;
    insert into audit_stream (team_id, id, name, kind, shown, sealed, person_id, made_at, start_at,
                              started_at, next_try)
    select id, gen_random_uuid(), 'x', 'https', 'x', 'x', gen_random_uuid(), now(), 0, now(), now()
    from team;
    alter table audit_stream enable always trigger audit_stream_is_audited;
    alter table audit_stream enable always trigger audit_stream_is_kept;
    insert into audit_stream_error (team_id, stream_id, id, at, said)
    select team_id, id, gen_random_uuid(), now(), 'x' from audit_stream";

#[tokio::test]
async fn a_row_that_can_be_given_to_another_team_is_found() {
    let leaks = leaks_after("alter policy team_policy_3 on team_policy with check (true)").await;
    let given = "table public.team_policy: moving a row passed the policies and was stopped only \
                 by: duplicate key value violates unique constraint \"team_policy_pkey\"";
    assert_eq!(leaks, [given]);
}

#[tokio::test]
async fn a_row_that_shows_to_whoever_names_it_is_found() {
    let leaks = leaks_after(
        "create policy sender on person for select to probity_app using (exists (
             select from invitation i where i.team_id = app.team() and i.sent_by = person.id))",
    )
    .await;
    let shown = "column public.invitation.sent_by: pointed at another team, it shows 1 row(s) of \
                 that team";
    assert_eq!(leaks, [shown]);
}

#[tokio::test]
async fn a_view_that_shows_what_its_owner_may_see_is_found_and_read() {
    let leaks = leaks_after(
        "create view keys as select * from api_key; grant select on keys to probity_app",
    )
    .await;
    said(&leaks, "view keys: it shows what its owner may see: it lacks security_invoker");
    said(&leaks, "view public.keys: select reached 1 row(s) of another team");
    let leaks = leaks_after(
        "create materialized view keys as select * from api_key; grant select on keys to public",
    )
    .await;
    said(&leaks, "view keys: a copy of rows, which no policy guards");
    said(&leaks, "keys: everybody may select");
}

#[tokio::test]
async fn a_function_that_tells_or_alters_what_is_another_teams_is_found() {
    let leaks = leaks_after(
        "create function app.keys_of(in_team uuid) returns setof api_key
         language sql security definer as
         $$ select * from public.api_key where team_id = in_team $$;
         create function app.rename(in_team uuid, to_name text) returns void
         language sql security definer set search_path = pg_catalog, pg_temp as
         $$ update public.team set name = to_name where id = in_team $$;
         create procedure app.forget(in_team uuid) language sql security definer as
         $$ delete from public.team_domain where team_id = in_team $$;
         create function app.current_keys() returns setof text
         language sql security definer set search_path = pg_catalog, pg_temp as
         $$ select name from public.api_key where team_id = app.team() $$;
         create function app.fail(in_team uuid) returns void language plpgsql security definer as
         $$ declare n text; begin
             select name into n from public.team where id = in_team; raise '% is closed', n;
         end $$;
         create function app.at_place(at point) returns text language sql as $$ select 'here' $$;
         grant execute on all functions in schema app to probity_app;
         grant execute on all procedures in schema app to probity_app",
    )
    .await;
    said(&leaks, "function app.keys_of(uuid): it passes row-level security and is not listed");
    said(&leaks, "function app.keys_of(uuid): it tells what is another team's");
    said(&leaks, "function app.rename(uuid,text): it alters rows of another team");
    said(&leaks, "function app.forget(uuid): it alters rows of another team");
    said(&leaks, "function app.current_keys(): it tells what is another team's");
    said(&leaks, "function app.fail(uuid): it tells what is another team's");
    said(&leaks, "function app.at_place(point): nothing here knows how to call it");
    let leaks = leaks_after("alter function app.may(text) reset search_path").await;
    let loose = "function app.may(text): it passes row-level security without a fixed search_path";
    assert_eq!(leaks, [loose]);
}

#[tokio::test]
async fn references_and_unique_indexes_across_teams_are_found() {
    let leaks = leaks_after(
        "set role probity_owner;
         create unique index key_id on api_key (id);
         create unique index key_name on api_key (lower(name));
         alter table key_usage add constraint of_key foreign key (key_id) references api_key (id)",
    )
    .await;
    let expected = [
        "table key_usage: its reference of_key could cross teams",
        "table api_key: its unique index key_id tells what other teams have",
        "table api_key: its unique index key_name tells what other teams have",
    ];
    assert_eq!(leaks, expected);
}

#[tokio::test]
async fn powers_that_no_login_role_needs_are_found() {
    let leaks = leaks_after(
        "grant truncate on team to probity_app; grant select on credential to public;
         create schema side; grant usage on schema side to probity_app;
         alter table device owner to probity_job",
    )
    .await;
    said(&leaks, "table team: probity_app may truncate");
    said(&leaks, "credential: everybody may select");
    said(&leaks, "schema side: open to requests, and nothing here looks into it");
    said(&leaks, "device: it belongs to probity_job and not to probity_owner");
    said(&leaks, "the rest could not be tried: ");
}
