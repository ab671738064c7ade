-- How a team looks, and on whose clocks the days of its rules begin.
alter table team
    add column crest text not null default 'ink'
        check (crest in ('ink', 'slate', 'plum', 'rose', 'sand', 'sky')),
    add column time_zone text not null default 'UTC';

-- What a team asks of its members beside a role. No row: nothing.
create table team_policy (
    team_id uuid primary key references team (id),
    -- From then on, whoever has no second factor reaches nothing of the team.
    mfa_required_from timestamptz,
    -- How old a session may be.
    session_seconds integer check (session_seconds between 3600 and 2592000),
    -- How long a key may last.
    key_days integer check (key_days between 1 and 365),
    -- Live keys are made by people with a second factor only.
    key_live_mfa boolean not null default false
);

-- Domains of e-mail addresses that may come in; none: all.
create table team_domain (
    team_id uuid not null references team (id),
    domain text not null
        check (char_length(domain) between 3 and 253 and domain = lower(domain)),
    primary key (team_id, domain)
);

-- Networks from which the team can be entered; none: all.
create table team_network (
    team_id uuid not null references team (id),
    network text not null check (network = (network::cidr)::text),
    primary key (team_id, network)
);

create function app.ip() returns text language sql stable parallel safe
return nullif(current_setting('app.ip', true), '');

-- What keeps a member out of a team until they do something about it; null: nothing. `since`: when
-- their session began.
create function app.bar_of(in_team uuid, in_person uuid, from_ip text, since timestamptz,
                           at timestamptz)
returns text language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked public.team_policy;
begin
    select p.* into asked from public.team_policy p where p.team_id = in_team;
    if asked.mfa_required_from <= at and not app.has_second_factor(in_person) then
        return 'second_factor';
    end if;
    if asked.session_seconds is not null
            and (since is null or at >= since + make_interval(secs => asked.session_seconds)) then
        return 'session';
    end if;
    if exists (select from public.team_network n where n.team_id = in_team)
            and not exists (select from public.team_network n where n.team_id = in_team
                            and from_ip::inet <<= n.network::cidr) then
        return 'network';
    end if;
    return null;
end $$;

-- May the one who acts do this in the current team?
create or replace function app.may(permission text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    held text;
begin
    if app.task() is not null then
        return false;
    end if;
    select m.role into held from public.member m
    where m.team_id = app.team() and m.person_id = app.person();
    return found and app.role_has(held, permission) and app.bar_of(
        app.team(), app.person(), app.ip(),
        (select s.created_at from public.session s where s.id_hash = app.session()),
        app.at()) is null;
end $$;

-- As the one before, and what keeps them out of each team. That one stays for yesterday's program.
create function app.who(hash bytea, at timestamptz, from_ip text)
returns table (person_id uuid, name text, email text, time_zone text, date_style text,
               session_id uuid, session_began timestamptz, confirmed_at timestamptz,
               confirmed_by text, second_factor boolean, team_id uuid, slug text, team_name text,
               role text, crest text, bar text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    return query
        select w.person_id, w.name, w.email, w.time_zone, w.date_style, w.session_id, s.created_at,
            w.confirmed_at, w.confirmed_by, w.second_factor, w.team_id, w.slug, w.team_name, w.role,
            t.crest,
            case when w.team_id is not null then
                app.bar_of(w.team_id, w.person_id, from_ip, s.created_at, at)
            end
        from app.who(hash, at) w
        join public.session s on s.id = w.session_id
        left join public.team t on t.id = w.team_id
        order by lower(w.team_name), w.team_id;
end $$;

-- The team of a slug for somebody who came in after their request began.
create function app.seat(in_person uuid, in_slug text, from_ip text, since timestamptz,
                         at timestamptz)
returns table (team_id uuid, slug text, name text, role text, crest text, bar text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.team_id, s.slug, s.name, s.role, t.crest,
        app.bar_of(s.team_id, in_person, from_ip, since, at)
    from app.seat(in_person, in_slug) s join public.team t on t.id = s.team_id
$$;

-- Nobody comes into a team under an address that it does not take.
create function app.take_address() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if exists (select from public.team_domain d where d.team_id = new.team_id)
            and not exists (
                select from public.team_domain d
                join public.person p on p.id = new.person_id
                where d.team_id = new.team_id
                    and d.domain = lower(substring(p.email from '@(.*)$'))) then
        raise exception 'the team does not take this address' using errcode = 'PB008';
    end if;
    return new;
end $$;
create trigger member_has_address before insert on member
    for each row execute function app.take_address();
alter table member enable always trigger member_has_address;

-- Whether the team lets the one who acts make this key.
create function app.key_allowed(env text, made timestamptz, ends timestamptz) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return not exists (
        select from public.team_policy p
        where p.team_id = app.team()
            and (ends > made + make_interval(days => p.key_days)
                 or (p.key_days is not null and ends is null)
                 or (p.key_live_mfa and env = 'live'
                     and not app.has_second_factor(app.person()))));
end $$;

create or replace function app.keep_required_factor() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.has_second_factor(old.person_id) and exists (
            select from public.member m join public.team_policy p on p.team_id = m.team_id
            where m.person_id = old.person_id and p.mfa_required_from is not null)
            and app.task() is null then
        raise exception 'a team requires a second factor' using errcode = 'PB006';
    end if;
    return null;
end $$;

-- Members whom a policy concerns, for the page that sets it: whoever has no second factor, and
-- whoever has an address of another domain.
create function app.members_lacking()
returns table (person_id uuid, name text, email text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.may('security.manage') then
        raise exception 'only owners see what a policy does' using errcode = 'PB003';
    end if;
    return query
        select p.id, p.name, p.email
        from public.member m join public.person p on p.id = m.person_id
        where m.team_id = app.team() and not app.has_second_factor(p.id)
        order by lower(p.name), p.id;
end $$;

-- Which reminders of a second factor were sent, so that each is sent once.
create table mfa_reminder (
    team_id uuid not null references team (id),
    person_id uuid not null references person (id),
    required_from timestamptz not null,
    days integer not null check (days in (1, 7)),
    primary key (team_id, person_id, required_from, days)
);

-- Whom to remind now of a second factor that their team will require.
create function app.reminders_due(at timestamptz)
returns table (team_id uuid, team_name text, person_id uuid, name text, email text,
               required_from timestamptz, days integer)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if app.task() is distinct from 'mfa.remind' then
        raise exception 'only the reminder asks' using errcode = 'PB003';
    end if;
    return query
        select t.id, t.name, p.id, p.name, p.email, o.mfa_required_from, r.days
        from public.team_policy o
        join public.team t on t.id = o.team_id
        join public.member m on m.team_id = t.id
        join public.person p on p.id = m.person_id
        cross join (values (1), (7)) r (days)
        where at < o.mfa_required_from
            and at >= o.mfa_required_from - make_interval(days => r.days)
            -- Once the day before is near, the week before is over.
            and (r.days = 1 or at < o.mfa_required_from - interval '1 day')
            and not app.has_second_factor(p.id) and p.locked_at is null
            and not exists (select from public.mfa_reminder d
                            where d.team_id = t.id and d.person_id = p.id and d.days = r.days
                                and d.required_from = o.mfa_required_from)
        limit 500;
end $$;

grant execute on function app.ip() to probity_app, probity_job;
grant execute on function app.who(bytea, timestamptz, text),
    app.seat(uuid, text, text, timestamptz, timestamptz), app.members_lacking(),
    app.key_allowed(text, timestamptz, timestamptz) to probity_app;
grant execute on function app.reminders_due(timestamptz) to probity_job;
