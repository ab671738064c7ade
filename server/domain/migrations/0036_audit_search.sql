-- Where something stands in a team's ledger. Each block of 64 records has the terms of what they say:
-- numbers of 32 bits, made of the team and of an action, an actor, three letters of a text … A search
-- reads the blocks that have all of its terms, and no others. What stands in a block is never missing
-- among its terms; one in billions is there for nothing.
create table audit_block (
    team_id uuid not null references team,
    -- From record 64 * block + 1 on.
    block bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    terms integer[] not null,
    primary key (team_id, block) include (first_at, last_at)
);
-- Numbers like these cannot be compressed.
alter table audit_block alter column terms set storage external;
-- Searches do not wade through what is not in it yet.
create index audit_block_term on audit_block using gin (terms) with (fastupdate = off);

-- Records of the team between which those of a time stand, as far as they are in blocks: behind `first`,
-- up to `last`; and up to which record that is.
create function app.audit_span(in_since timestamptz, in_until timestamptz,
    out first bigint, out last bigint, out indexed bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if app.may('audit.view') is not true then
        raise exception 'this caller may not search this ledger' using errcode = '42501';
    end if;
    indexed := 64 * coalesce((
        select b.block + 1 from public.audit_block b where b.team_id = app.team()
        order by b.block desc limit 1), 0);
    first := case when in_since is null then 0 else coalesce((
        select 64 * b.block from public.audit_block b
        where b.team_id = app.team() and b.last_at >= in_since
        order by b.block limit 1), indexed) end;
    last := case when in_until is null then indexed else coalesce((
        select 64 * (b.block + 1) from public.audit_block b
        where b.team_id = app.team() and b.first_at < in_until
        order by b.block desc limit 1), 0) end;
end $$;

-- Blocks of the team that have what is looked for, the newest first or the oldest. Of each group of terms
-- one must be there, of `any`, or all of one of `all`.
create function app.audit_blocks(in_groups jsonb, in_since timestamptz, in_until timestamptz,
    in_first bigint, in_last bigint, in_newest boolean, in_most integer)
returns setof bigint language plpgsql stable security definer rows 100
set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
    wanted text;
begin
    if app.may('audit.view') is not true then
        raise exception 'this caller may not search this ledger' using errcode = '42501';
    end if;
    -- Nothing but numbers becomes part of the statement.
    select string_agg('(' || concat_ws(' or ',
        case when jsonb_array_length(g.terms -> 'any') > 0 then format('b.terms && %L::integer[]',
            array(select jsonb_array_elements_text(g.terms -> 'any')::integer)::text) end,
        (select string_agg(format('b.terms @> %L::integer[]',
            array(select jsonb_array_elements_text(a.terms)::integer)::text), ' or ')
         from jsonb_array_elements(g.terms -> 'all') a (terms))) || ')', ' and ')
    into strict wanted from jsonb_array_elements(in_groups) g (terms);
    -- A term is of this team alone, but for one in billions: the index is asked for it, and then it is
    -- looked whose the block is.
    return query execute 'with found as materialized (
            select b.team_id, b.block, b.first_at, b.last_at
            from public.audit_block b where ' || wanted || ')
        select f.block from found f
        where f.team_id = $1 and f.block between $2 and $3
            and ($4 is null or f.last_at >= $4) and ($5 is null or f.first_at < $5)
        order by case when $6 then -f.block else f.block end limit $7'
    using app.team(), in_first, in_last, in_since, in_until, in_newest, in_most;
end $$;
revoke all on function app.audit_span, app.audit_blocks from public;
grant execute on function app.audit_span, app.audit_blocks to probity_app;
