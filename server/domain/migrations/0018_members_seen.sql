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
grant execute on function app.members_seen() to probity_app;
