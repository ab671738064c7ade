-- From where a key may be used, apart by spaces, as verify reads them with the key; empty: anywhere.
alter table api_key add column networks text not null default ''
    check (char_length(networks) <= 2500);

-- Whether each new key must name some.
alter table team_policy add column key_networks boolean not null default false;

-- As it was, and from where the key may be used.
drop function app.key_of(bytea);
create function app.key_of(hash bytea)
returns table (team_id uuid, id uuid, name text, environment text, expires_at timestamptz,
               revoked_at timestamptz, first_used_at timestamptz, networks text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select k.team_id, k.id, k.name, k.environment, k.expires_at, k.revoked_at, k.first_used_at,
        k.networks
    from public.api_key k where k.secret_hash = hash
$$;

-- Whether the team lets the one who acts make this key. The one before stays until no policy asks it.
create function app.key_allowed(env text, made timestamptz, ends timestamptz, networks text)
returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return app.key_allowed(env, made, ends) and (networks <> '' or not exists (
        select from public.team_policy p where p.team_id = app.team() and p.key_networks));
end $$;

grant execute on function app.key_of(bytea),
    app.key_allowed(text, timestamptz, timestamptz, text) to probity_app;
