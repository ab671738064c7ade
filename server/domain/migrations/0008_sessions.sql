-- What a session stands on: how its person proved who they are, and when they last did it again.
alter table person
    add column locked_at timestamptz,
    add column deleted_at timestamptz,
    add column time_zone text not null default 'UTC' check (char_length(time_zone) between 1 and 64),
    add column date_style text not null default 'british' check (char_length(date_style) <= 16);

alter table session
    -- What lists call it; the hash stays inside.
    add column id uuid not null default gen_random_uuid() constraint session_id unique,
    add column device_id uuid,
    -- Network address and browser, sealed under the person's key.
    add column origin bytea,
    add column first_proof text not null default 'password'
        check (first_proof in ('password', 'passkey')),
    add column second_proof text
        check (second_proof in ('totp', 'passkey', 'recovery', 'device')),
    -- Step-up: when the person last proved in full that it is them, and with which factor.
    add column confirmed_at timestamptz,
    add column confirmed_by text check (char_length(confirmed_by) <= 64);

-- A team may require a second factor of everybody in it from a day on.
alter table team add column mfa_required_from timestamptz;

-- The session of the one who acts, and the time by the program's clock, which may be set in tests.
create function app.session() returns bytea language sql stable parallel safe
return decode(nullif(current_setting('app.session', true), ''), 'hex');

create function app.at() returns timestamptz language sql stable parallel safe
return coalesce(nullif(current_setting('app.at', true), '')::timestamptz, now());

-- Has the person of this session proved within the last ten minutes that it is them? A time in
-- the future, after the clock was set back, proves nothing; nor does a password alone once there is
-- a second factor.
create function app.confirmed() returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return exists (
        select from public.session s
        where s.id_hash = app.session() and s.person_id = app.person() and s.ended_at is null
            and s.confirmed_at <= app.at() and app.at() < s.confirmed_at + interval '10 minutes'
            and (s.confirmed_by <> 'password' or not app.has_second_factor(s.person_id)));
end $$;

-- The same, by another factor than this one: what goes cannot vouch for its own going.
create function app.confirmed_without(factor text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return app.confirmed() and exists (
        select from public.session s
        where s.id_hash = app.session() and s.confirmed_by <> factor);
end $$;

-- Holds the session for as long as the transaction lasts. Who ends it waits for what is under
-- way; what comes later finds it ended. `alone`: this transaction will alter it itself.
create function app.hold_session(alone boolean) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if alone then
        perform from public.session s
        where s.id_hash = app.session() and s.person_id = app.person() and s.ended_at is null
        for update;
    else
        perform from public.session s
        where s.id_hash = app.session() and s.person_id = app.person() and s.ended_at is null
        for share;
    end if;
    if not found then
        raise exception 'the session has ended' using errcode = 'PB004';
    end if;
end $$;

-- Remembers that the person proved again who they are, under a new token: the old one is worth
-- nothing from now on.
create function app.confirm_session(new_hash bytea, factor text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.session s set id_hash = new_hash, confirmed_at = app.at(), confirmed_by = factor
    where s.id_hash = app.session() and s.person_id = app.person() and s.ended_at is null;
    if not found then
        return false;
    end if;
    -- The rest of this transaction goes on in it.
    perform set_config('app.session', encode(new_hash, 'hex'), true);
    return true;
end $$;

-- A session by its hash: who is it, while it lasts, on what does it stand, and in which teams?
-- Marks it as seen, at most once a minute, and never waits for or writes back one that is being
-- ended.
create function app.who(hash bytea, at timestamptz)
returns table (person_id uuid, name text, email text, time_zone text, date_style text,
               session_id uuid, confirmed_at timestamptz, confirmed_by text,
               second_factor boolean, team_id uuid, slug text, team_name text, role text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    found_session public.session;
begin
    select s.* into found_session from public.session s
    where s.id_hash = hash and s.ended_at is null and at < s.expires_at
        and at < s.last_seen_at + make_interval(secs => s.idle_seconds);
    if found_session.last_seen_at < at - interval '1 minute' then
        update public.session s set last_seen_at = at
        where s.id_hash = (select l.id_hash from public.session l
                           where l.id_hash = hash and l.ended_at is null
                           for update skip locked);
    end if;
    return query
        select p.id, p.name, p.email, p.time_zone, p.date_style, found_session.id,
            found_session.confirmed_at, found_session.confirmed_by,
            app.has_second_factor(p.id), t.id, t.slug, t.name, m.role
        from public.person p
        left join public.member m on m.person_id = p.id
        left join public.team t on t.id = m.team_id
        where p.id = found_session.person_id and p.locked_at is null and p.deleted_at is null
        order by lower(t.name), t.id;
end $$;

grant execute on function app.session(), app.at() to probity_app, probity_job;
grant execute on function app.confirmed(), app.confirmed_without(text), app.hold_session(boolean),
    app.confirm_session(bytea, text), app.who(bytea, timestamptz) to probity_app;
