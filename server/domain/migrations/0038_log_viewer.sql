-- Searches of the log that somebody keeps: for themself, or for the team.
create table own_search (
    team_id uuid not null,
    person_id uuid not null,
    id uuid not null,
    name text not null check (char_length(name) between 1 and 60),
    search text not null check (char_length(search) between 1 and 500),
    primary key (team_id, person_id, id),
    -- Whoever leaves the team leaves nothing of their own in it.
    foreign key (team_id, person_id) references member on delete cascade
);
create unique index own_search_name on own_search (team_id, person_id, lower(name));

create table team_search (
    team_id uuid not null references team (id),
    id uuid not null,
    name text not null check (char_length(name) between 1 and 60),
    search text not null check (char_length(search) between 1 and 500),
    primary key (team_id, id)
);
create unique index team_search_name on team_search (team_id, lower(name));

-- At most 50 of one person in a team, and of a team. Whoever saves at the same time waits here: a count
-- that two make at once would let both pass.
create function app.keep_few_searches() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    whose text := new.team_id;
    saved bigint;
begin
    if tg_table_name = 'own_search' then
        whose := whose || new.person_id;
    end if;
    perform pg_advisory_xact_lock(hashtextextended(tg_table_name || whose, 0));
    if tg_table_name = 'own_search' then
        select count(*) into saved from public.own_search s
        where s.team_id = new.team_id and s.person_id = new.person_id;
    else
        select count(*) into saved from public.team_search s where s.team_id = new.team_id;
    end if;
    if saved >= 50 then
        raise exception 'at most 50 searches are saved' using errcode = 'PB013';
    end if;
    return new;
end $$;
create trigger own_search_is_one_of_few before insert on own_search
    for each row execute function app.keep_few_searches();
create trigger team_search_is_one_of_few before insert on team_search
    for each row execute function app.keep_few_searches();
alter table own_search enable always trigger own_search_is_one_of_few;
alter table team_search enable always trigger team_search_is_one_of_few;

-- As it was, but that a page which asks by itself does not keep a session that nobody uses.
create or replace function app.who(hash bytea, at timestamptz)
returns table (person_id uuid, name text, email text, time_zone text, date_style text,
               session_id uuid, confirmed_at timestamptz, confirmed_by text,
               second_factor boolean, team_id uuid, slug text, team_name text, role text)
language plpgsql security definer set search_path = pg_catalog, pg_temp rows 3 as $$
declare
    found_session public.session;
begin
    select s.* into found_session from public.session s
    where s.id_hash = hash and s.ended_at is null and at < s.expires_at
        and at < s.last_seen_at + make_interval(secs => s.idle_seconds);
    if found_session.last_seen_at < at - interval '1 minute'
            and current_setting('app.by_itself', true) is distinct from 'yes' then
        update public.session s set last_seen_at = at
        where s.id_hash = (select l.id_hash from public.session l
                           where l.id_hash = hash and l.ended_at is null
                           for update skip locked);
    end if;
    return query
        select p.id, p.name, p.email, p.time_zone, p.date_style, found_session.id,
            found_session.confirmed_at, found_session.confirmed_by,
            app.has_second_factor(p.id), t.id, t.slug, t.name, m.role
        from public.person p
        left join public.member m on m.person_id = p.id
        left join public.team t on t.id = m.team_id
        where p.id = found_session.person_id and p.locked_at is null and p.deleted_at is null
        order by lower(t.name), t.id;
end $$;

-- The same of a request that a page may have made by itself.
create function app.who(hash bytea, at timestamptz, from_ip text, by_itself boolean)
returns table (person_id uuid, name text, email text, time_zone text, date_style text,
               session_id uuid, session_began timestamptz, confirmed_at timestamptz,
               confirmed_by text, second_factor boolean, team_id uuid, slug text, team_name text,
               role text, custom_role uuid, role_title text, role_permissions text, crest text,
               bar text)
language plpgsql set search_path = pg_catalog, pg_temp rows 3 as $$
begin
    perform set_config('app.by_itself', case when by_itself then 'yes' else '' end, true);
    return query select * from app.who(hash, at, from_ip);
end $$;

grant execute on function app.who(bytea, timestamptz, text, boolean) to probity_app;
