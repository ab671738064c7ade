-- Who is in a team, how they came, and that somebody always owns it.
alter table member add column added_by uuid references person (id);

-- A team always has an owner, whatever runs at the same time: each change that takes one away holds
-- the team, so that of two owners who leave at once the second finds no other.
create function app.keep_an_owner() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform from public.team t where t.id = old.team_id for update;
    if not found then
        raise exception 'a team cannot be held' using errcode = 'PB003';
    end if;
    if not exists (
            select from public.member m where m.team_id = old.team_id and m.role = 'owner') then
        raise exception 'a team would have no owner' using errcode = 'PB007';
    end if;
    return null;
end $$;
create trigger member_keeps_an_owner after delete or update of role on member
    for each row when (old.role = 'owner') execute function app.keep_an_owner();
alter table member enable always trigger member_keeps_an_owner;

-- What colleagues see of somebody beside name and role: numbers, and only about a member of the
-- team that one looks at.
create function app.member_seen(in_person uuid)
returns table (two_step boolean, last_seen_at timestamptz, sessions bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.may('members.view') or not exists (
            select from public.member m
            where m.team_id = app.team() and m.person_id = in_person) then
        raise exception 'only members see members' using errcode = 'PB003';
    end if;
    return query
        select app.has_second_factor(in_person), max(s.last_seen_at),
            count(*) filter (where s.ended_at is null and app.at() < s.expires_at)
        from public.session s where s.person_id = in_person;
end $$;
grant execute on function app.member_seen(uuid) to probity_app;
