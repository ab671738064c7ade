//! What there is to attack, as PostgreSQL's own catalogue tells it.

use crate::Result;
use sqlx::{FromRow, PgConnection};

/// A table or view of ours. Names are quoted and may be put into a statement.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) name: String,
    /// Whether it is a view, of either kind.
    pub(super) view: bool,
    /// Whether whoever asks may delete.
    pub(super) delete: bool,
    pub(super) columns: Vec<Column>,
}

/// A column, and what whoever asks may do with it.
#[derive(Debug, FromRow)]
pub(super) struct Column {
    relation: String,
    view: bool,
    delete: bool,
    pub(super) name: String,
    /// As in `create table`, without length.
    pub(super) kind: String,
    /// `team` or `person`, where it says whose the row is; otherwise empty.
    pub(super) whose: String,
    pub(super) nullable: bool,
    /// Whether it is a part of the primary key.
    pub(super) key: bool,
    pub(super) select: bool,
    pub(super) insert: bool,
    pub(super) update: bool,
}

/// A function that whoever asks may call.
#[derive(Debug, FromRow)]
pub(super) struct Function {
    /// With its arguments: overloads are different functions.
    pub(super) name: String,
    /// What to write before the arguments.
    pub(super) call: String,
    /// `f`, or `p` for a procedure.
    pub(super) sort: String,
    /// Types of the arguments.
    pub(super) takes: Vec<String>,
}

impl Relation {
    /// Whether a column says which `team` or `person` a row belongs to.
    pub(super) fn has(&self, whose: &str) -> bool {
        self.columns.iter().any(|column| column.whose == whose)
    }

    /// Whether it does, and every such column may be empty.
    pub(super) fn may_lack(&self, whose: &str) -> bool {
        let mut said = self.columns.iter().filter(|column| column.whose == whose);
        self.has(whose) && said.all(|column| column.nullable)
    }
}

impl Column {
    /// Whether it alone says whose a row is: a row is moved by altering it.
    pub(super) fn is_owner(&self) -> bool {
        self.whose == "team" || (self.whose == "person" && self.key)
    }
}

const RELATIONS: &str = "
    select format('%I.%I', n.nspname, c.relname) as relation, c.relkind in ('v', 'm') as view,
        has_table_privilege(c.oid, 'delete') as delete, quote_ident(a.attname) as name,
        format_type(a.atttypid, null) as kind,
        case when a.atttypid <> 'uuid'::regtype then ''
            when a.attname in ('team_id', 'ledger') or 'team'::regclass = any (refers)
                or (c.oid, a.attname) = ('team'::regclass, 'id') then 'team'
            when a.attname in ('person_id', 'owner_id') or 'person'::regclass = any (refers)
                or (c.oid, a.attname) = ('person'::regclass, 'id') then 'person'
            else '' end as whose,
        not a.attnotnull as nullable,
        exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary
                and a.attnum = any (i.indkey)) as key,
        has_column_privilege(c.oid, a.attnum, 'select') as \"select\",
        has_column_privilege(c.oid, a.attnum, 'insert') and written as insert,
        has_column_privilege(c.oid, a.attnum, 'update') and written as update
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    cross join lateral (select a.attgenerated = '' and a.attidentity <> 'a') w (written)
    cross join lateral (
        select array(select f.confrelid from pg_constraint f where f.conrelid = c.oid
                     and f.contype = 'f' and f.conkey = array[a.attnum])) r (refers)
    where n.nspname in ('public', 'app') and c.relname <> '_sqlx_migrations'
        and c.relkind in ('r', 'p', 'f', 'v', 'm')
    order by 1, a.attnum";

/// Functions of extensions are not ours, and triggers cannot be called.
const FUNCTIONS: &str = "
    select p.oid::regprocedure::text as name, format('%I.%I', n.nspname, p.proname) as call,
        p.prokind::text as sort,
        array(select format_type(a.kind, null) from unnest(p.proargtypes)
              with ordinality as a (kind, place) order by a.place) as takes
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('public', 'app') and has_function_privilege(p.oid, 'execute')
        and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
        and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass
                        and d.objid = p.oid and d.deptype = 'e')
    order by 1";

/// Every table and view, by name.
pub(super) async fn relations(sql: &mut PgConnection) -> Result<Vec<Relation>> {
    let columns: Vec<Column> = sqlx::query_as(RELATIONS).fetch_all(sql).await?;
    let mut relations: Vec<Relation> = Vec::new();
    for column in columns {
        match relations.last_mut() {
            Some(last) if last.name == column.relation => last.columns.push(column),
            _ => relations.push(Relation {
                name: column.relation.clone(),
                view: column.view,
                delete: column.delete,
                columns: vec![column],
            }),
        }
    }
    Ok(relations)
}

/// Every function and procedure that whoever asks may call, by name.
pub(super) async fn functions(sql: &mut PgConnection) -> Result<Vec<Function>> {
    Ok(sqlx::query_as(FUNCTIONS).fetch_all(sql).await?)
}
