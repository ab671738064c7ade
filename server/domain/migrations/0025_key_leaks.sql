-- That a key was found where others can read it, as the latest report says.
alter table api_key
    -- When those who can rotate it were told.
    add column leaked_at timestamptz,
    -- An https address; empty where nobody said.
    add column leaked_where text not null default '' check (char_length(leaked_where) <= 500),
    -- A scanner over the API, or the operator.
    add column leaked_by text check (leaked_by in ('scanner', 'operator')),
    -- When somebody of the team said that the warning is needed no longer.
    add column leak_dismissed_at timestamptz,
    add constraint api_key_leak check ((leaked_at is null) = (leaked_by is null));

-- Whether such a key is switched off at once.
alter table team_policy add column key_leak_off boolean not null default false;

-- Whether a key is to be warned of: until it is rotated, revoked, or somebody says so.
create function app.leak_stands(leaked timestamptz, rotated timestamptz, dismissed timestamptz,
                                revoked timestamptz) returns boolean
language sql immutable parallel safe
return revoked is null and leaked > coalesce(greatest(rotated, dismissed), '-infinity');

-- Who can do something about the keys of the team that a task acts in, and is told of them.
create function app.key_keepers()
returns table (id uuid, name text, email text, team text, slug text)
language plpgsql stable security definer rows 10 set search_path = pg_catalog, pg_temp as $$
begin
    if coalesce(app.task(), '') not in ('key.leak') then
        raise exception 'only who writes to them asks' using errcode = 'PB003';
    end if;
    return query
        select p.id, p.name, p.email, t.name, t.slug
        from public.member m
        join public.person p on p.id = m.person_id
        join public.team t on t.id = m.team_id
        where m.team_id = app.team() and p.locked_at is null
            and app.holds(m.team_id, m.role, m.custom_role, 'keys.manage')
        order by p.id;
end $$;

grant execute on function app.leak_stands(timestamptz, timestamptz, timestamptz, timestamptz)
    to probity_app;
grant execute on function app.key_keepers() to probity_job;

-- As it was, and for whatever acts: a task that switches a key off does not switch it on.
create or replace function app.keep_key() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if old.revoked_at is not null then
        raise exception 'a revoked key stays as it is' using errcode = 'PB010';
    end if;
    if (new.secret_hash <> old.secret_hash
            or (old.disabled_at is not null and new.disabled_at is null)) and not app.confirmed() then
        raise exception 'a key comes back to life after step-up only' using errcode = 'PB010';
    end if;
    if new.secret_hash <> old.secret_hash then
        new.previous_hash := old.secret_hash;
        new.previous_start := old.start;
    elsif new.previous_ends_at > old.previous_ends_at then
        raise exception 'a replaced secret ends no later than was said' using errcode = 'PB010';
    end if;
    return new;
end $$;
grant execute on function app.confirmed() to probity_job;
