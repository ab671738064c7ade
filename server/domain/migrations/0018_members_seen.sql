-- The same as app.member_seen, of all members of the team that one looks at: for lists that are
-- sorted by it, or show those with or without a second factor.
create function app.members_seen()
returns table (person_id uuid, two_step boolean, last_seen_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.may('members.view') then
        raise exception 'only members see members' using errcode = 'PB003';
    end if;
    return query
        select m.person_id, app.has_second_factor(m.person_id), max(s.last_seen_at)
        from public.member m left join public.session s on s.person_id = m.person_id
        where m.team_id = app.team()
        group by m.person_id;
end $$;

-- What members are sorted by: text that sorts as it should.
create function app.member_key(in_order text, name text, joined_at timestamptz,
                               last_seen_at timestamptz)
returns text language sql stable parallel safe
return case in_order
    when 'name' then lower(name)
    when 'joined' then to_char(joined_at, 'YYYYMMDDHH24MISSUS')
    else coalesce(to_char(last_seen_at, 'YYYYMMDDHH24MISSUS'), '')
end;

-- Which members a page shows: sorted and searched among everybody in the team, past row-level
-- security, which would ask of each of them whether they may be seen. What is shown of the few that
-- are found is read under it.
create function app.members_listed(in_role text, in_custom uuid, in_text text,
                                   in_two_step boolean, in_order text, in_from uuid,
                                   ascending boolean, most integer)
returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    looks boolean := in_two_step is not null or in_order = 'seen';
    edge text;
begin
    if not app.may('members.view') then
        raise exception 'only members see members' using errcode = 'PB003';
    end if;
    select app.member_key(in_order, p.name, m.joined_at,
        (select max(s.last_seen_at) from public.session s where s.person_id = p.id)) into edge
    from public.member m join public.person p on p.id = m.person_id
    where m.team_id = app.team() and m.person_id = in_from;
    if in_from is not null and edge is null then
        return;
    end if;
    return query
        select l.person_id from (
            select m.person_id,
                app.member_key(in_order, p.name, m.joined_at, s.last_seen_at) as key
            from public.member m join public.person p on p.id = m.person_id
            left join (select * from app.members_seen() where looks) s
                on s.person_id = m.person_id
            where m.team_id = app.team()
                and (in_role = '' or m.role = in_role and m.custom_role is not distinct from in_custom)
                and (in_text = '' or strpos(lower(p.name), lower(in_text)) > 0
                     or strpos(lower(p.email), lower(in_text)) > 0)
                and (in_two_step is null or s.two_step = in_two_step)) l
        where in_from is null
            or (ascending and (l.key, l.person_id) > (edge, in_from))
            or (not ascending and (l.key, l.person_id) < (edge, in_from))
        order by
            case when ascending then l.key end,
            case when ascending then l.person_id end,
            case when not ascending then l.key end desc,
            case when not ascending then l.person_id end desc
        limit most;
end $$;
grant execute on function app.members_listed(text, uuid, text, boolean, text, uuid, boolean, integer)
    to probity_app;
