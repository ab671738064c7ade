-- Teams that came from another Probity: where from, and the files of their export that are no rows here, kept
-- as they came. The audit log of before is one of them: it was written elsewhere, so it is no record of ours.
create table team_origin (
    team_id uuid primary key references team (id),
    -- The address of the Probity that it was exported from, and the key that it signed with.
    instance text not null check (char_length(instance) between 1 and 300),
    signed_by text not null check (signed_by ~ '^[0-9a-f]{64}$'),
    -- What the team was there.
    former_id uuid not null,
    exported_at timestamptz not null,
    imported_at timestamptz not null
);

-- A file in parts, each packed, then sealed under the team's key.
create table former_file (
    team_id uuid not null references team (id),
    name text not null check (name ~ '^[a-z0-9./-]{1,200}$'),
    part integer not null check (part >= 0),
    sealed bytea not null check (octet_length(sealed) <= 4000000),
    primary key (team_id, name, part)
);

-- Whether the one who acts fills a team that they have just made: an import puts rows into its own team, in
-- the transaction that makes it, and into no other.
create function app.imports() returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return app.task() = 'team.import' and exists (
        select from public.team t
        where t.id = app.team()
            and t.xmin::text::bigint = pg_current_xact_id()::text::bigint % 4294967296);
end $$;

-- How many of these keys are here already, in whichever team: two teams with one key would be counted as one.
create function app.keys_here(ids uuid[]) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if app.task() is distinct from 'team.import' then
        raise exception 'only an import asks' using errcode = '42501';
    end if;
    return (select count(*) from public.api_key k where k.id = any(ids));
end $$;

-- As it was, but that an import, which an operator runs, brings keys in as they were.
create or replace function app.hold_what_it_may() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if app.task() = 'team.import' and app.imports() then
        return new;
    end if;
    if exists (
            select from unnest(string_to_array(new.scopes || ' ' ||
                case tg_op when 'UPDATE' then old.scopes else '' end, ' ')) s (scope)
            where starts_with(s.scope, 'probity:') and not (
                app.is_for_keys(substr(s.scope, 9)) and app.may(substr(s.scope, 9)))) then
        raise exception 'nobody gets more through a key than they hold' using errcode = '42501';
    end if;
    return new;
end $$;

grant execute on function app.imports(), app.keys_here(uuid[]) to probity_job;
grant execute on function app.imports() to probity_app;
