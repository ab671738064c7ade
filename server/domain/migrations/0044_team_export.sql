-- Exports of everything that is a team's. The file is outside the database, sealed under the team's key; here
-- is what it is and how far it has come.
create table team_export (
    team_id uuid not null references team,
    id uuid not null,
    person_id uuid not null,
    made_at timestamptz not null,
    -- Whether hashes of the keys' secrets are to be in it.
    has_hashes boolean not null,
    -- The name of the file.
    name text not null check (char_length(name) <= 200),
    state text not null default 'waiting'
        check (state in ('waiting', 'running', 'ready', 'failed', 'cancelled')),
    -- What is written now.
    stage text not null default '' check (char_length(stage) <= 60),
    -- Rows written, of how many.
    done bigint not null default 0,
    total bigint not null default 0,
    bytes bigint not null default 0,
    -- SHA-256 of the file.
    sum bytea check (octet_length(sum) = 32),
    failed text check (char_length(failed) <= 500),
    -- Whoever writes it says so now and then: what nobody writes any more has failed.
    touched_at timestamptz not null,
    primary key (team_id, id)
);

-- Hashes of the secrets of the team's keys, for an export whose person asked for them after step-up, while it
-- is written by them. Nobody else reads a hash.
create function app.exported_hashes(export uuid)
returns table (id uuid, secret_hash bytea, previous_hash bytea)
language plpgsql stable rows 100 security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.may('data.export') or not exists (
            select from public.team_export x
            where x.team_id = app.team() and x.id = export and x.person_id = app.person()
                and x.has_hashes and x.state = 'running') then
        raise exception 'hashes leave with an export that was asked for with them'
            using errcode = '42501';
    end if;
    return query select k.id, k.secret_hash, k.previous_hash
        from public.api_key k where k.team_id = app.team();
end $$;
grant execute on function app.exported_hashes(uuid) to probity_app;
