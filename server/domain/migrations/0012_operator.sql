-- For the operator's list of people: how many teams somebody is in, and when a session of theirs
-- was last seen. Numbers only, and only for that task.
create function app.seen_of(in_person uuid) returns table (teams bigint, last_seen_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if app.task() is distinct from 'operator' or session_user <> 'probity_job' then
        raise exception 'only the operator may look' using errcode = 'PB003';
    end if;
    return query select
        (select count(*) from public.member m where m.person_id = in_person),
        (select max(s.last_seen_at) from public.session s
         where s.person_id = in_person and s.ended_at is null);
end $$;
grant execute on function app.seen_of(uuid) to probity_job;
