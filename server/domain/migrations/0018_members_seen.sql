-- What a list of members shows of each of them: of members of the team that one looks at only.
create function app.members_seen(people uuid[])
returns table (person_id uuid, two_step boolean, last_seen_at timestamptz, sessions bigint)
language plpgsql stable rows 26 security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.may('members.view') then
        raise exception 'only members see members' using errcode = 'PB003';
    end if;
    return query
        select m.person_id, app.has_second_factor(m.person_id), s.last_seen_at, s.lasting
        from public.member m cross join lateral (
            select max(s.last_seen_at) as last_seen_at,
                count(*) filter (where s.ended_at is null and app.at() < s.expires_at) as lasting
            from public.session s where s.person_id = m.person_id) s
        where m.team_id = app.team() and m.person_id = any(people);
end $$;
grant execute on function app.members_seen(uuid[]) to probity_app;

-- Members in the order of their names: an index reads a page of them, however many there are.
create table member_order (
    team_id uuid not null,
    person_id uuid not null,
    -- The name as it sorts.
    sort_key text not null,
    primary key (team_id, person_id),
    foreign key (team_id, person_id) references member (team_id, person_id) on delete cascade
);
create unique index member_order_by_name on member_order (team_id, sort_key, person_id);
create unique index member_by_time on member (team_id, joined_at, person_id);

insert into member_order (team_id, person_id, sort_key)
select m.team_id, m.person_id, lower(p.name)
from member m join person p on p.id = m.person_id;

-- Whoever changes their name at the same moment waits, so that the order has the last one.
create function app.order_member() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into public.member_order (team_id, person_id, sort_key)
    select new.team_id, p.id, lower(p.name) from public.person p
    where p.id = new.person_id for share;
    return null;
end $$;
create trigger member_has_an_order after insert on member
    for each row execute function app.order_member();
alter table member enable always trigger member_has_an_order;

create function app.reorder_person() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.member_order o set sort_key = lower(new.name)
    from public.member m
    where m.person_id = new.id and o.team_id = m.team_id and o.person_id = m.person_id;
    return null;
end $$;
create trigger person_has_an_order after update of name on person
    for each row execute function app.reorder_person();
alter table person enable always trigger person_has_an_order;

-- Which members a page shows: sorted and searched among everybody in the team, past row-level
-- security, which would ask of each of them whether they may be seen. What is shown of the few that
-- are found is read under it. Only words of this function get into the text of its query.
create function app.members_listed(in_role text, in_custom uuid, in_text text,
                                   in_two_step boolean, in_order text, in_from uuid,
                                   ascending boolean, most integer)
returns setof uuid
language plpgsql stable rows 26 security definer set search_path = pg_catalog, pg_temp as $$
declare
    source text := 'from public.member m join public.person p on p.id = m.person_id
        join public.member_order o on o.team_id = m.team_id and o.person_id = m.person_id';
    key text := 'o.sort_key';
    kind text := 'text';
    edge text;
begin
    if not app.may('members.view') then
        raise exception 'only members see members' using errcode = 'PB003';
    end if;
    if in_order <> 'name' then
        key := 'm.joined_at';
        kind := 'timestamptz';
    end if;
    if in_order = 'seen' then
        key := 'coalesce(s.seen_at, ''-infinity'')';
        source := source || ' left join (
            select s.person_id, max(s.last_seen_at) as seen_at from public.session s
            group by s.person_id) s on s.person_id = m.person_id';
    end if;
    if in_from is not null then
        execute format('select (%s)::text %s where m.team_id = app.team() and m.person_id = $1',
            key, source) into edge using in_from;
        if edge is null then
            return;
        end if;
    end if;
    return query execute format('
        select m.person_id %1$s
        where m.team_id = app.team()
            and ($1 = '''' or m.role = $1 and m.custom_role is not distinct from $2)
            and ($3 = '''' or strpos(o.sort_key, lower($3)) > 0
                 or strpos(lower(p.email), lower($3)) > 0)
            and ($4 is null or app.has_second_factor(m.person_id) = $4)
            and ($6 is null or (%2$s, m.person_id) %3$s ($5::%4$s, $6))
        order by %2$s %5$s, m.person_id %5$s limit $7',
        source, key, case when ascending then '>' else '<' end, kind,
        case when ascending then 'asc' else 'desc' end)
        using in_role, in_custom, in_text, in_two_step, edge, in_from, most;
end $$;
grant execute on function app.members_listed(text, uuid, text, boolean, text, uuid, boolean, integer)
    to probity_app;
