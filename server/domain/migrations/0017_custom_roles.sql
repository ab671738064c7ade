-- Roles that a team makes for itself, beside the four that every team has.
create table team_role (
    team_id uuid not null references team (id),
    id uuid not null,
    name text not null check (char_length(name) between 1 and 40)
        constraint team_role_built_in
            check (lower(name) not in ('owner', 'admin', 'member', 'viewer', 'custom')),
    created_at timestamptz not null,
    primary key (team_id, id)
);
create unique index team_role_name on team_role (team_id, lower(name));

-- What such a role lets its holder do.
create table team_role_permission (
    team_id uuid not null,
    role_id uuid not null,
    permission text not null check (char_length(permission) <= 40),
    primary key (team_id, role_id, permission),
    foreign key (team_id, role_id) references team_role (team_id, id) on delete cascade
);

-- A role that somebody holds cannot go.
alter table member
    add column custom_role uuid,
    drop constraint member_role_check,
    add constraint member_role_check
        check (role in ('owner', 'admin', 'member', 'viewer', 'custom')),
    add constraint member_names_its_role check ((role = 'custom') = (custom_role is not null)),
    add constraint member_custom_role foreign key (team_id, custom_role)
        references team_role (team_id, id);
create index member_by_custom_role on member (team_id, custom_role) where custom_role is not null;

-- Nor one that an open invitation promises; ended ones forget it.
alter table invitation
    add column custom_role uuid,
    drop constraint invitation_role_check,
    add constraint invitation_role_check
        check (role in ('owner', 'admin', 'member', 'viewer', 'custom')),
    add constraint invitation_names_its_role
        check (ended_at is not null or (role = 'custom') = (custom_role is not null)),
    add constraint invitation_custom_role foreign key (team_id, custom_role)
        references team_role (team_id, id) on delete set null (custom_role);

-- At most ten, also when several are made at once: each new one holds the team.
create function app.keep_few_roles() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform from public.team t where t.id = new.team_id for update;
    if (select count(*) from public.team_role r where r.team_id = new.team_id) > 10 then
        raise exception 'a team has at most ten roles of its own' using errcode = 'PB009';
    end if;
    return null;
end $$;
create trigger team_role_keeps_few after insert on team_role
    for each row execute function app.keep_few_roles();
alter table team_role enable always trigger team_role_keeps_few;

-- Does a role of this team hold the permission?
create function app.holds(in_team uuid, held text, custom uuid, wanted text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if custom is null then
        return app.role_has(held, wanted);
    end if;
    return exists (
        select from public.team_role_permission g
        where g.team_id = in_team and g.role_id = custom and g.permission = wanted);
end $$;

-- May the one who acts do this in the current team? Only in a session of theirs that lasts.
create or replace function app.may(permission text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    seat public.member;
    since timestamptz;
begin
    if app.task() is not null then
        return false;
    end if;
    select m.* into seat from public.member m
    where m.team_id = app.team() and m.person_id = app.person();
    if not found or not app.holds(seat.team_id, seat.role, seat.custom_role, permission) then
        return false;
    end if;
    select s.created_at into since from public.session s
    where s.id_hash = app.session() and s.person_id = seat.person_id and s.ended_at is null
        and app.at() < s.expires_at;
    return found
        and app.bar_of(seat.team_id, seat.person_id, app.ip(), since, app.at()) is null;
end $$;

-- May the one who acts give, change or take this role? Owners are made by owners, and nobody gives
-- more than they hold.
create function app.may_give(wanted text, custom uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    seat public.member;
begin
    select m.* into seat from public.member m
    where m.team_id = app.team() and m.person_id = app.person();
    if not found or not app.may('members.manage') then
        return false;
    end if;
    return (wanted <> 'owner' or seat.role = 'owner')
        and not exists (
            select from app.permission_names() p (name)
            where app.holds(seat.team_id, wanted, custom, p.name)
                and not app.holds(seat.team_id, seat.role, seat.custom_role, p.name));
end $$;

-- Whether who sent it could send it today: an invitation is worth what its sender may.
create function app.may_invite(in_team uuid, sender uuid, wanted text, custom uuid)
returns boolean language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
    seat public.member;
begin
    select m.* into seat from public.member m where m.team_id = in_team and m.person_id = sender;
    return found
        and app.holds(in_team, seat.role, seat.custom_role, 'members.manage')
        and (wanted <> 'owner' or seat.role = 'owner')
        and not exists (
            select from app.permission_names() p (name)
            where app.holds(in_team, wanted, custom, p.name)
                and not app.holds(in_team, seat.role, seat.custom_role, p.name));
end $$;

-- The name of a role, as people read it.
create function app.role_title(in_team uuid, held text, custom uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select case when custom is null then initcap(held)
        else (select r.name from public.team_role r where r.team_id = in_team and r.id = custom)
        end
$$;

-- What a role of a team's own holds, apart by spaces; null for the four that every team has.
create function app.role_permissions(in_team uuid, custom uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(string_agg(g.permission, ' ' order by g.permission), '')
    from public.team_role_permission g
    where g.team_id = in_team and g.role_id = custom
    having custom is not null
$$;

-- A person is in a few teams: without a word about it, the planner expects a thousand rows, and
-- reads every session and every member there is for each request.
alter function app.who(bytea, timestamptz) rows 3;

-- As they were, and which role of the team's own it is.
drop function app.who(bytea, timestamptz, text);
create function app.who(hash bytea, at timestamptz, from_ip text)
returns table (person_id uuid, name text, email text, time_zone text, date_style text,
               session_id uuid, session_began timestamptz, confirmed_at timestamptz,
               confirmed_by text, second_factor boolean, team_id uuid, slug text, team_name text,
               role text, custom_role uuid, role_title text, role_permissions text, crest text,
               bar text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    return query
        select w.person_id, w.name, w.email, w.time_zone, w.date_style, w.session_id, s.created_at,
            w.confirmed_at, w.confirmed_by, w.second_factor, w.team_id, w.slug, w.team_name,
            m.role, m.custom_role, app.role_title(m.team_id, m.role, m.custom_role),
            app.role_permissions(m.team_id, m.custom_role), t.crest,
            case when w.team_id is not null then
                app.bar_of(w.team_id, w.person_id, from_ip, s.created_at, at)
            end
        from app.who(hash, at) w
        join public.session s on s.id = w.session_id
        left join public.team t on t.id = w.team_id
        left join public.member m on m.team_id = w.team_id and m.person_id = w.person_id
        order by lower(w.team_name), w.team_id;
end $$;

drop function app.seat(uuid, text, text, timestamptz, timestamptz);
create function app.seat(in_person uuid, in_slug text, from_ip text, since timestamptz,
                         at timestamptz)
returns table (team_id uuid, slug text, name text, role text, custom_role uuid, role_title text,
               role_permissions text, crest text, bar text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select t.id, t.slug, t.name, m.role, m.custom_role,
        app.role_title(m.team_id, m.role, m.custom_role),
        app.role_permissions(m.team_id, m.custom_role), t.crest,
        app.bar_of(t.id, in_person, from_ip, since, at)
    from public.team t join public.member m on m.team_id = t.id
    where t.slug = in_slug and m.person_id = in_person
$$;

drop function app.invitation_of(bytea);
create function app.invitation_of(hash bytea)
returns table (team_id uuid, id uuid, slug text, team_name text, email text, role text,
               role_title text, message text, sender uuid, sender_name text, sender_email text,
               sent_at timestamptz, expires_at timestamptz, asked_at timestamptz, mailed boolean,
               has_account boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select i.team_id, i.id, t.slug, t.name, i.email, i.role,
        app.role_title(i.team_id, i.role, i.custom_role), i.message, p.id, p.name, p.email,
        i.sent_at, i.expires_at, i.asked_at, i.mailed_hash = hash,
        exists (select from public.person a where lower(a.email) = i.email)
    from public.invitation i
    join public.team t on t.id = i.team_id
    join public.person p on p.id = i.sent_by
    where (i.mailed_hash = hash or i.copied_hash = hash) and i.ended_at is null
        and app.may_invite(i.team_id, i.sent_by, i.role, i.custom_role)
$$;

drop function app.my_invitations();
create function app.my_invitations()
returns table (team_id uuid, id uuid, slug text, team_name text, role text, role_title text,
               message text, sender_name text, sent_at timestamptz, expires_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select i.team_id, i.id, t.slug, t.name, i.role,
        app.role_title(i.team_id, i.role, i.custom_role), i.message, p.name, i.sent_at,
        i.expires_at
    from public.person me
    join public.invitation i on i.email = lower(me.email)
    join public.team t on t.id = i.team_id
    join public.person p on p.id = i.sent_by
    where me.id = app.person() and i.ended_at is null and app.at() < i.expires_at
        and app.may_invite(i.team_id, i.sent_by, i.role, i.custom_role)
        and not exists (select from public.member m
                        where m.team_id = i.team_id and m.person_id = me.id)
    order by i.sent_at desc
$$;

-- Says the role: its word, or its name where the team made it.
create or replace function app.accept_invitation(in_team uuid, in_id uuid) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    accepted public.invitation;
begin
    perform from public.team t where t.id = in_team for update;
    update public.invitation i
    set ended_at = app.at(), ended_by = app.person(), outcome = 'accepted'
    where i.team_id = in_team and i.id = in_id and i.ended_at is null
        and app.at() < i.expires_at
        and app.may_invite(i.team_id, i.sent_by, i.role, i.custom_role)
        and i.email = (select lower(p.email) from public.person p
                       where p.id = app.person() and p.deleted_at is null
                           and p.locked_at is null)
    returning i.* into accepted;
    if not found then
        return null;
    end if;
    insert into public.member (team_id, person_id, role, custom_role, joined_at, added_by)
    values (in_team, app.person(), accepted.role, accepted.custom_role, app.at(),
            accepted.sent_by);
    return coalesce(
        (select r.name from public.team_role r
         where r.team_id = in_team and r.id = accepted.custom_role), accepted.role);
end $$;

create or replace function app.accept_ownership(in_team uuid) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    giver uuid;
begin
    if in_team is distinct from app.team() or not app.may('members.view')
            or not app.confirmed() then
        raise exception 'ownership is accepted by its person, confirmed' using errcode = 'PB003';
    end if;
    perform from public.team t where t.id = in_team for update;
    update public.ownership_offer o set ended_at = app.at(), outcome = 'accepted'
    where o.team_id = in_team and o.offered_to = app.person() and o.ended_at is null
        and app.at() < o.expires_at
        and exists (select from public.member m where m.team_id = in_team
                    and m.person_id = o.offered_by and m.role = 'owner')
        and exists (select from public.member m where m.team_id = in_team
                    and m.person_id = o.offered_to)
    returning o.offered_by into giver;
    if not found then
        return null;
    end if;
    update public.member m set role = 'owner', custom_role = null
    where m.team_id = in_team and m.person_id = app.person();
    update public.member m set role = 'admin' where m.team_id = in_team and m.person_id = giver;
    return giver;
end $$;

grant execute on function app.may_give(text, uuid),
    app.who(bytea, timestamptz, text),
    app.seat(uuid, text, text, timestamptz, timestamptz), app.invitation_of(bytea),
    app.my_invitations() to probity_app;
