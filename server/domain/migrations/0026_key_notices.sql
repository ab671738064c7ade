-- What was told of a key, to whom, so that each is told once: that it ends, so many days before; that
-- so many percent of its quota are used.
create table key_notice (
    team_id uuid not null,
    key_id uuid not null,
    person_id uuid not null references person (id),
    kind text not null check (kind in ('end', 'quota')),
    -- When it ends; the month of the quota.
    about timestamptz not null,
    -- Days; percent.
    mark integer not null,
    primary key (team_id, key_id, person_id, kind, about, mark),
    foreign key (team_id, key_id) references api_key (team_id, id)
);

-- Whom to tell now of which keys, and marks them as told: of a few teams in each call. The task says
-- whether it is about ends or quotas. Of several marks the nearest counts, and the others are over.
-- A mark before a key was made is none. Days are those of UTC, so that what ends in one day is told
-- in one letter.
create function app.take_notices(now_at timestamptz)
returns table (team_id uuid, team text, slug text, person_id uuid, name text, email text,
               key_id uuid, key text, start text, mark integer, ends_at timestamptz,
               last_at timestamptz, quota bigint)
language plpgsql volatile security definer rows 100 set search_path = pg_catalog, pg_temp as $$
declare
    wanted text := case app.task() when 'key.remind' then 'end' when 'quota.remind' then 'quota' end;
    today date := (now_at at time zone 'UTC')::date;
    this_month date := date_trunc('month', today);
begin
    if wanted is null then
        raise exception 'only who writes to them asks' using errcode = 'PB003';
    end if;
    return query
        with key as (
            select k.*, app.key_end(k.created_at, k.expires_at, p.key_days) as ends,
                (app.key_end(k.created_at, k.expires_at, p.key_days) at time zone 'UTC')::date as day
            from public.api_key k left join public.team_policy p on p.team_id = k.team_id
            where k.revoked_at is null and k.disabled_at is null
        ), due as (
            select k.team_id, k.id, k.ends as about, m.mark
            from key k
            cross join lateral (
                select min(days) as mark from (values (1), (3), (14)) v (days)
                where k.day - days <= today) m
            where wanted = 'end' and k.ends > now_at
                and (k.created_at at time zone 'UTC')::date < k.day - m.mark
            union all
            select k.team_id, k.id, this_month::timestamp at time zone 'UTC',
                case when q.taken < k.quota then 80 else 100 end
            from public.key_quota q
            join public.api_key k on k.team_id = q.team_id and k.id = q.key_id
            where wanted = 'quota' and q.month = this_month
                and q.taken >= k.quota * 0.8
                and k.revoked_at is null and k.disabled_at is null
        ), keeper as (
            select m.team_id, m.person_id from public.member m
            join public.person p on p.id = m.person_id
            where m.team_id in (select d.team_id from due d) and p.locked_at is null
                and app.holds(m.team_id, m.role, m.custom_role, 'keys.manage')
        ), untold as (
            select d.*, r.person_id, dense_rank() over (order by d.team_id) as number
            from due d join keeper r on r.team_id = d.team_id
            where not exists (
                select from public.key_notice n
                where n.team_id = d.team_id and n.key_id = d.id and n.person_id = r.person_id
                    and n.kind = wanted and n.about = d.about and n.mark = d.mark)
        ), told as (
            insert into public.key_notice as n
            select u.team_id, u.id, u.person_id, wanted, u.about, u.mark
            from untold u where u.number <= 20
            order by u.team_id, u.id, u.person_id
            -- Another program may have been first.
            on conflict do nothing
            returning n.*
        )
        select t.id, t.name, t.slug, p.id, p.name, p.email, k.id, k.name, k.start, n.mark, n.about,
            s.last_at, k.quota
        from told n
        join public.team t on t.id = n.team_id
        join public.person p on p.id = n.person_id
        join public.api_key k on k.team_id = n.team_id and k.id = n.key_id
        left join public.key_seen s on s.team_id = k.team_id and s.key_id = k.id
        order by t.id, p.id, n.about, k.name, k.id;
end $$;
grant execute on function app.take_notices(timestamptz) to probity_job;
