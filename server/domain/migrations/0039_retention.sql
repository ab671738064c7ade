-- How long a team keeps the records of its log, and since when and why nothing may be removed at all.
alter table team_policy
    add column audit_days integer not null default 400 check (audit_days between 30 and 3650),
    add column audit_hold text check (char_length(audit_hold) between 1 and 200);

-- Up to which record a team's ledger no longer holds any: signed with a key that the database does not
-- have, so that whoever removes more is found.
create table ledger_floor (
    team_id uuid primary key references team,
    seq bigint not null check (seq > 0),
    statement text not null check (char_length(statement) <= 2000),
    at timestamptz not null
);

-- As it was, but for records below the floor: they may go.
create or replace function app.refuse_alteration() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'DELETE' then
        perform from public.ledger_floor f
        where old.kind = 'team' and f.team_id = old.ledger and f.seq >= old.seq;
        if found then
            return old;
        end if;
    end if;
    raise exception 'records of a ledger cannot be altered' using errcode = 'PB002';
end $$;

-- The floor of the team's ledger, raised to the end of a block of the index all of whose records, and all
-- before, are older than the team keeps them.
create function app.raise_floor(in_block bigint, in_statement text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    team uuid := app.team();
    days integer := 400;
    held text;
    reached bigint := 64 * (in_block + 1);
    before bigint := coalesce((select f.seq from public.ledger_floor f where f.team_id = team), 0);
begin
    if app.task() is distinct from 'audit.retain' or session_user <> 'probity_job' then
        raise exception 'records are removed by their task only' using errcode = '42501';
    end if;
    select p.audit_days, p.audit_hold into days, held
    from public.team_policy p where p.team_id = team;
    days := coalesce(days, 400);
    if held is not null then
        raise exception 'nothing of this ledger may be removed' using errcode = 'PB010';
    end if;
    if reached <= before
        or reached >= (select h.seq from public.ledger_head h where h.kind = 'team' and h.ledger = team)
        or (select count(*) from public.audit_block b
            where b.team_id = team and b.block between before / 64 and in_block
                and b.last_at < now() - make_interval(days => days))
            <> in_block + 1 - before / 64 then
        raise exception 'these records are not old enough' using errcode = 'PB010';
    end if;
    insert into public.ledger_floor values (team, reached, in_statement, now())
    on conflict (team_id) do update
    set seq = excluded.seq, statement = excluded.statement, at = excluded.at;
    return reached;
end $$;

-- Removes some of the records below the floor, and what they were found by; how many.
create function app.remove_records(in_most integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    team uuid := app.team();
    reached bigint := (select f.seq from public.ledger_floor f where f.team_id = team);
    upto bigint;
    many bigint;
begin
    if app.task() is distinct from 'audit.retain' or session_user <> 'probity_job' then
        raise exception 'records are removed by their task only' using errcode = '42501';
    end if;
    upto := least(reached, in_most + (
        select e.seq - 1 from public.audit_event e
        where e.kind = 'team' and e.ledger = team order by e.seq limit 1));
    delete from public.audit_event e where e.kind = 'team' and e.ledger = team and e.seq <= upto;
    get diagnostics many = row_count;
    delete from public.audit_block b where b.team_id = team and b.block < upto / 64;
    return many;
end $$;
revoke all on function app.raise_floor, app.remove_records from public;
grant execute on function app.raise_floor, app.remove_records to probity_job;
