-- What the last self-probe found: each cell of roles × permissions, as the program's check and the
-- database said when a synthetic person tried it.
create table probe_verdict (
    -- Whose own role it is; nil for the four that every team has.
    team_id uuid not null,
    -- The built-in role's word, or the id of the team's own.
    role text not null check (char_length(role) <= 40),
    permission text not null check (char_length(permission) <= 40),
    at timestamptz not null,
    held boolean not null,
    guard text not null check (guard in ('yes', 'no', 'partly', 'failed')),
    database text not null check (database in ('yes', 'no', 'partly', 'failed')),
    tries integer not null,
    -- What went otherwise than it should.
    said text not null check (char_length(said) <= 1000),
    primary key (team_id, role, permission)
);

-- A row of usage for a synthetic team: only in the transaction that made the team.
create function app.seed_usage() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.may('usage.view') or not exists (
            select from public.team t
            where t.id = app.team()
                and t.xmin::text::bigint = pg_current_xact_id()::text::bigint % 4294967296) then
        raise exception 'usage is counted, not written' using errcode = 'PB003';
    end if;
    insert into public.key_usage (team_id, key_id, hour, calls, refused, last_at)
    select k.team_id, k.id, date_trunc('hour', app.at()), 1, 0, app.at()
    from public.api_key k where k.team_id = app.team() limit 1;
end $$;
grant execute on function app.seed_usage() to probity_app;
