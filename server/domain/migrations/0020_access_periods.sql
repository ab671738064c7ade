-- Who could do what, and when: for each member, from when to when they held which role, and what
-- it held. Kept by the database itself whenever a membership or a role changes.
create table access_period (
    team_id uuid not null references team (id),
    id uuid not null default gen_random_uuid(),
    person_id uuid not null references person (id),
    began_at timestamptz not null,
    ended_at timestamptz,
    -- As people read it then.
    role text not null,
    -- Names, apart by spaces.
    permissions text not null,
    primary key (team_id, id),
    check (ended_at >= began_at)
);
create unique index access_period_open on access_period (team_id, person_id)
    where ended_at is null;
create index access_period_time on access_period (team_id, began_at);

-- What a role of this team holds now, apart by spaces.
create function app.held_now(in_team uuid, held text, custom uuid) returns text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return (select coalesce(string_agg(p.name, ' '), '') from app.permission_names() p (name)
            where app.holds(in_team, held, custom, p.name));
end $$;

-- Ends the period of a member whose access has changed, and begins the next. What changes twice at
-- the same moment is one change.
create function app.keep_period(in_team uuid, in_person uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    seat public.member;
    last public.access_period;
    title text;
    can text;
begin
    select m.* into seat from public.member m
    where m.team_id = in_team and m.person_id = in_person;
    if found then
        title := app.role_title(in_team, seat.role, seat.custom_role);
        can := app.held_now(in_team, seat.role, seat.custom_role);
    end if;
    select a.* into last from public.access_period a
    where a.team_id = in_team and a.person_id = in_person and a.ended_at is null for update;
    if found then
        if last.role is not distinct from title and last.permissions is not distinct from can then
            return;
        end if;
        if title is not null and last.began_at >= app.at() then
            update public.access_period a set role = title, permissions = can
            where a.team_id = in_team and a.id = last.id;
            return;
        end if;
        update public.access_period a set ended_at = greatest(app.at(), a.began_at)
        where a.team_id = in_team and a.id = last.id;
    end if;
    if title is not null then
        insert into public.access_period (team_id, person_id, began_at, role, permissions)
        values (in_team, in_person,
                greatest(app.at(), coalesce(last.began_at, app.at())), title, can);
    end if;
end $$;

create function app.keep_member_period() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    changed public.member := case when tg_op = 'DELETE' then old else new end;
begin
    perform app.keep_period(changed.team_id, changed.person_id);
    return null;
end $$;
create trigger member_keeps_period after insert or delete or update of role, custom_role on member
    for each row execute function app.keep_member_period();
alter table member enable always trigger member_keeps_period;

-- The same for everybody who holds a role that changed: its name, or what it holds.
create function app.keep_role_periods() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    changed jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
    perform app.keep_period(m.team_id, m.person_id) from public.member m
    where m.team_id = (changed ->> 'team_id')::uuid
        and m.custom_role = coalesce(changed ->> 'role_id', changed ->> 'id')::uuid;
    return null;
end $$;
create trigger team_role_keeps_periods after update of name on team_role
    for each row execute function app.keep_role_periods();
create trigger team_role_permission_keeps_periods after insert or delete on team_role_permission
    for each row execute function app.keep_role_periods();
alter table team_role enable always trigger team_role_keeps_periods;
alter table team_role_permission enable always trigger team_role_permission_keeps_periods;

-- For everybody at once: after a new version has changed what the four roles hold, and the first
-- time. Of somebody who was there before, it is known since when they have had their role.
create function app.keep_all_periods() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform app.keep_period(m.team_id, m.person_id)
    from public.member m
    join public.access_period a on a.team_id = m.team_id and a.person_id = m.person_id
        and a.ended_at is null
    where a.role <> app.role_title(m.team_id, m.role, m.custom_role)
        or a.permissions <> app.held_now(m.team_id, m.role, m.custom_role);
    insert into public.access_period (team_id, person_id, began_at, role, permissions)
    select m.team_id, m.person_id,
        coalesce((
            select max(e.at) from public.audit_event e
            where e.kind = 'team' and e.ledger = m.team_id
                and (e.action in ('member.change_role', 'ownership.accept')
                     and e.target_id = 'person_' || replace(m.person_id::text, '-', '')
                     or e.action = 'ownership.accept' and e.actor_id = m.person_id)),
            m.joined_at),
        app.role_title(m.team_id, m.role, m.custom_role),
        app.held_now(m.team_id, m.role, m.custom_role)
    from public.member m
    where not exists (select from public.access_period a
                      where a.team_id = m.team_id and a.person_id = m.person_id
                          and a.ended_at is null);
end $$;

-- The periods that touch a span of time, with the people as they are called today, also those who
-- have gone: by name, after a cursor.
create function app.access_between(from_at timestamptz, to_at timestamptz, permission text,
                                   after_id uuid, most integer)
returns table (id uuid, person_id uuid, name text, email text, role text, permissions text,
               began_at timestamptz, ended_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.may('audit.view') then
        raise exception 'only who reads the log reviews access' using errcode = 'PB003';
    end if;
    return query
        with touching as (
            select a.*, p.name as who, p.email as mail, lower(p.name) as key
            from public.access_period a join public.person p on p.id = a.person_id
            where a.team_id = app.team() and a.began_at < to_at
                and coalesce(a.ended_at, 'infinity') > from_at
                and (access_between.permission = ''
                     or strpos(' ' || a.permissions || ' ',
                               ' ' || access_between.permission || ' ') > 0))
        select t.id, t.person_id, t.who, t.mail, t.role, t.permissions, t.began_at, t.ended_at
        from touching t
        where after_id is null or (t.key, t.began_at, t.id) >
            (select c.key, c.began_at, c.id from touching c where c.id = after_id)
        order by t.key, t.began_at, t.id limit most;
end $$;
grant execute on function app.access_between(timestamptz, timestamptz, text, uuid, integer)
    to probity_app;
