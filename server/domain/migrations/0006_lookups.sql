-- The few reads and writes that do not belong to one team. Each is SECURITY DEFINER with a fixed
-- search_path; tests/it/catalogue.rs holds the list complete.

-- Does the one who acts hold this permission in the current team?
create function app.may(permission text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    held text;
begin
    if app.task() is not null then
        return false;
    end if;
    select m.role into held from public.member m
    where m.team_id = app.team() and m.person_id = app.person();
    return found and app.role_has(held, permission);
end $$;

-- A session by its hash: who is it, while it lasts, and in which teams? One question for all that
-- every page asks. Marks the session as seen, at most once a minute, and only if it is still there:
-- a session that was just ended is never written back.
create function app.session_of(hash bytea, at timestamptz)
returns table (person_id uuid, name text, email text, team_id uuid, slug text, team_name text,
               role text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    found_session public.session;
begin
    select s.* into found_session from public.session s
    where s.id_hash = hash and s.ended_at is null and at < s.expires_at
        and at < s.last_seen_at + make_interval(secs => s.idle_seconds);
    if found_session.last_seen_at < at - interval '1 minute' then
        update public.session s set last_seen_at = at
        where s.id_hash = hash and s.ended_at is null;
    end if;
    return query
        select p.id, p.name, p.email, t.id, t.slug, t.name, m.role
        from public.person p
        left join public.member m on m.person_id = p.id
        left join public.team t on t.id = m.team_id
        where p.id = found_session.person_id
        order by lower(t.name), t.id;
end $$;

-- The team of this slug, if this person is in it.
create function app.seat(in_person uuid, in_slug text)
returns table (team_id uuid, slug text, name text, role text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select t.id, t.slug, t.name, m.role
    from public.team t join public.member m on m.team_id = t.id
    where t.slug = in_slug and m.person_id = in_person
$$;

-- What sign-in compares with. Nobody else can read a hash.
create function app.credential_of(in_email text) returns table (person_id uuid, password_hash text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select p.id, c.password_hash
    from public.person p join public.credential c on c.person_id = p.id
    where lower(p.email) = lower(in_email)
$$;

-- A key by the hash of its text.
create function app.key_of(hash bytea)
returns table (team_id uuid, id uuid, name text, environment text, expires_at timestamptz,
               revoked_at timestamptz, first_used_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select k.team_id, k.id, k.name, k.environment, k.expires_at, k.revoked_at, k.first_used_at
    from public.api_key k where k.secret_hash = hash
$$;

-- Makes a team with its first owner: before it there is no membership that could allow it.
create function app.found_team(in_id uuid, in_slug text, in_name text, in_at timestamptz)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if app.person() is null or app.team() is distinct from in_id then
        raise exception 'a team is made by a person, for itself' using errcode = 'PB003';
    end if;
    insert into public.team values (in_id, in_slug, in_name, in_at, app.person());
    insert into public.member values (in_id, app.person(), 'owner', in_at);
end $$;

-- One try against a limit: 0 when it may go on, otherwise seconds to wait. Exact when many try
-- at once, because each holds the bucket's row.
create function app.limit_take(in_name text, in_subject bytea, burst integer, seconds integer,
                               at timestamptz)
returns integer language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    step interval := make_interval(secs => seconds::double precision / burst);
    room interval := make_interval(secs => seconds::double precision);
    full_again timestamptz;
begin
    insert into public.limit_bucket as b values (in_name, in_subject, at + step)
    on conflict (name, subject) do update set full_at = greatest(b.full_at, at) + step
        where greatest(b.full_at, at) + step <= at + room;
    if found then
        return 0;
    end if;
    select b.full_at into full_again from public.limit_bucket b
    where b.name = in_name and b.subject = in_subject;
    return greatest(1, ceil(extract(epoch from full_again + step - room - at)))::integer;
end $$;

-- Has the first owner been made?
create function app.is_set_up() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select i.set_up_at is not null from public.instance i
$$;

-- Offers a new set-up link while there is no owner. The older link stops working.
create function app.offer_set_up(hash bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.instance i set set_up_hash = hash where i.set_up_at is null;
    return found;
end $$;

-- Spends the set-up link: true for exactly one caller.
create function app.spend_set_up(hash bytea, at timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.instance i set set_up_at = at
    where i.set_up_at is null and i.set_up_hash = hash;
    return found;
end $$;

grant execute on function
    app.chain_hash(bytea, bigint, bytea, bytea), app.append(text, uuid, bytea, bytea),
    app.may(text), app.seat(uuid, text)
    to probity_app, probity_job;
grant execute on function
    app.session_of(bytea, timestamptz), app.credential_of(text), app.key_of(bytea),
    app.found_team(uuid, text, text, timestamptz),
    app.limit_take(text, bytea, integer, integer, timestamptz), app.is_set_up(),
    app.spend_set_up(bytea, timestamptz)
    to probity_app;
grant execute on function app.is_set_up(), app.offer_set_up(bytea) to probity_job;
