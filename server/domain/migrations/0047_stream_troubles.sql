-- Who may let the log flow is told when a stream has failed for an hour: once for each time that it fails.
alter table audit_stream add column told_at timestamptz;
create index audit_stream_failing on audit_stream (team_id, failing_since) where failing_since is not null;

create function app.take_stream_troubles(now_at timestamptz)
returns table (team text, slug text, stream_id uuid, stream text, since timestamptz,
               person_id uuid, name text, email text)
language plpgsql volatile security definer rows 10 set search_path = pg_catalog, pg_temp as $$
begin
    if app.task() is distinct from 'audit.stream' then
        raise exception 'only who delivers asks' using errcode = '42501';
    end if;
    return query
        with told as (
            update public.audit_stream s set told_at = now_at
            from public.team g
            where g.id = s.team_id and g.suspended_at is null and s.state = 'active'
                and s.failing_since <= now_at - interval '1 hour'
                and (s.told_at is null or s.told_at < s.failing_since)
            returning s.team_id, s.id, s.name, s.failing_since
        )
        select t.name, t.slug, s.id, s.name, s.failing_since, p.id, p.name, p.email
        from told s
        join public.team t on t.id = s.team_id
        join public.member m on m.team_id = s.team_id
        join public.person p on p.id = m.person_id
        where p.locked_at is null
            and app.holds(m.team_id, m.role, m.custom_role, 'audit.export')
            and app.holds(m.team_id, m.role, m.custom_role, 'audit.view')
        order by s.id, p.id;
end $$;
revoke all on function app.take_stream_troubles from public;
grant execute on function app.take_stream_troubles(timestamptz) to probity_job;
