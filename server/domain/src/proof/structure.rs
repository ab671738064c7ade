//! What must be true of every table, view, function and index, whoever tries what.

use super::{
    isolation::Isolation,
    known::{DEFINERS, GLOBAL_INDEXES},
};
use crate::Result;
use sqlx::PgConnection;

/// Each returns a sentence for whatever breaks a rule.
const RULES: &[&str] = &[TABLES, VIEWS, OWNERS, EVERYBODY, GRANTS, SCHEMAS, REFERENCES];

const TABLES: &str = "
    select format('table %s: %s', c.oid::regclass, case
        when not c.relrowsecurity then 'a table without a policy, row-level security is off'
        when not c.relforcerowsecurity then 'row-level security does not bind its owner'
        else 'a table without a policy' end)
    from pg_class c
    where c.relnamespace in ('public'::regnamespace, 'app'::regnamespace)
        and c.relkind in ('r', 'p', 'f') and c.relname <> '_sqlx_migrations'
        and not (c.relrowsecurity and c.relforcerowsecurity
                 and exists (select from pg_policy p where p.polrelid = c.oid))";

const VIEWS: &str = "
    select format('view %s: %s', c.oid::regclass, case c.relkind
        when 'm' then 'a copy of rows, which no policy guards'
        else 'it shows what its owner may see: it lacks security_invoker' end)
    from pg_class c
    where c.relnamespace in ('public'::regnamespace, 'app'::regnamespace)
        and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(
            (select o.option_value::boolean from pg_options_to_table(c.reloptions) o
             where o.option_name = 'security_invoker'), false)))";

const OWNERS: &str = "
    select format('%s: it belongs to %s and not to probity_owner', o.what, o.owner::regrole)
    from (select c.oid::regclass::text, c.relowner from pg_class c
          where c.relnamespace in ('public'::regnamespace, 'app'::regnamespace)
              and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
          union all
          select p.oid::regprocedure::text, p.proowner from pg_proc p
          where p.pronamespace in ('public'::regnamespace, 'app'::regnamespace)
              and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass
                              and d.objid = p.oid and d.deptype = 'e')) o (what, owner)
    where o.owner::regrole::text <> 'probity_owner'";

const EVERYBODY: &str = "
    select format('%s: everybody may %s', o.what, lower(g.privilege_type))
    from (select c.oid::regclass::text, c.relacl from pg_class c
          where c.relnamespace in ('public'::regnamespace, 'app'::regnamespace)
          union all
          select format('%s.%I', a.attrelid::regclass, a.attname), a.attacl
          from pg_attribute a join pg_class c on c.oid = a.attrelid
          where c.relnamespace in ('public'::regnamespace, 'app'::regnamespace)
          union all
          select p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner))
          from pg_proc p where p.pronamespace = 'app'::regnamespace or (p.prosecdef
              and p.pronamespace = 'public'::regnamespace)) o (what, acl)
    cross join lateral aclexplode(o.acl) g where g.grantee = 0";

const GRANTS: &str = "
    select format('table %s: %s may %s', c.oid::regclass, g.grantee::regrole,
                  lower(g.privilege_type))
    from pg_class c cross join lateral aclexplode(c.relacl) g
    where c.relnamespace in ('public'::regnamespace, 'app'::regnamespace)
        and g.grantee <> c.relowner and g.grantee <> 0
        and g.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')";

const SCHEMAS: &str = "
    select format('schema %I: open to requests, and nothing here looks into it', n.nspname)
    from pg_namespace n
    where has_schema_privilege(n.oid, 'usage') and n.nspname !~ '^pg_'
        and n.nspname not in ('public', 'app', 'information_schema')";

const REFERENCES: &str = "
    select format('table %s: its reference %s could cross teams', c.conrelid::regclass, c.conname)
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attname = 'team_id'
    join pg_attribute b on b.attrelid = c.confrelid and b.attname = 'team_id'
    where c.contype = 'f' and (c.conkey[1] <> a.attnum or c.confkey[1] <> b.attnum)";

/// `$1`: the unique indexes that are known to be global.
const INDEXES: &str = "
    select format('table %s: its unique index %s tells what other teams have', i.indrelid::regclass,
                  i.indexrelid::regclass)
    from pg_index i join pg_attribute t on t.attrelid = i.indrelid and t.attname = 'team_id'
    join pg_class c on c.oid = i.indrelid
    where i.indisunique and i.indkey[0] <> t.attnum
        and c.relnamespace in ('public'::regnamespace, 'app'::regnamespace)
        and i.indexrelid::regclass::text <> all ($1)";

/// `$1`: the functions that are known to pass row-level security.
const FUNCTIONS: &str = "
    select format('function %s: %s', p.oid::regprocedure, case
        when p.proname::text <> all ($1) then 'it passes row-level security and is not listed'
        else 'it passes row-level security without a fixed search_path' end)
    from pg_proc p
    where p.prosecdef and p.pronamespace in ('public'::regnamespace, 'app'::regnamespace)
        and (p.proname::text <> all ($1)
             or not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false))";

const COUNTS: &str = "
    select (select count(*) from pg_constraint c where c.contype = 'f' and c.connamespace in
                ('public'::regnamespace, 'app'::regnamespace)),
           (select count(*) from pg_index i join pg_class c on c.oid = i.indrelid
            where i.indisunique and c.relname <> '_sqlx_migrations' and c.relnamespace in
                ('public'::regnamespace, 'app'::regnamespace))";

/// Adds what breaks a rule to the leaks, and counts what was looked at.
pub(super) async fn check(sql: &mut PgConnection, found: &mut Isolation) -> Result<()> {
    for rule in RULES {
        found.leaks.extend(sqlx::query_scalar(*rule).fetch_all(&mut *sql).await?);
    }
    for (rule, known) in [(INDEXES, GLOBAL_INDEXES), (FUNCTIONS, DEFINERS)] {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let broken = sqlx::query_scalar(rule).bind(names).fetch_all(&mut *sql).await?;
        found.leaks.extend(broken);
    }
    let (references, indexes): (i64, i64) = sqlx::query_as(COUNTS).fetch_one(sql).await?;
    found.references = usize::try_from(references).unwrap_or_default();
    found.indexes = usize::try_from(indexes).unwrap_or_default();
    Ok(())
}
