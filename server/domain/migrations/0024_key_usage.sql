-- Calls by what was answered and from which country, beside key and hour. What was refused before
-- this was not told apart. The owner moves rows that row-level security keeps from it as well;
-- policies.sql, which follows, forces it again.
alter table key_usage no force row level security;
alter table key_usage
    add column code text not null default 'VALID' check (code in (
        'VALID', 'NOT_FOUND', 'TEAM_SUSPENDED', 'DISABLED', 'EXPIRED', 'FORBIDDEN_IP',
        'INSUFFICIENT_SCOPE', 'QUOTA_EXCEEDED', 'RATE_LIMITED', 'REFUSED')),
    -- ISO 3166; empty where it is not known.
    add column country text not null default '' check (country ~ '^([A-Z]{2})?$'),
    drop constraint key_usage_pkey,
    add primary key (team_id, key_id, hour, code, country);

-- When each key was last used, and from where.
create table key_seen (
    team_id uuid not null,
    key_id uuid not null,
    last_at timestamptz not null,
    last_ip text not null default '' check (char_length(last_ip) <= 45),
    primary key (team_id, key_id),
    foreign key (team_id, key_id) references api_key (team_id, id)
);
insert into key_seen (team_id, key_id, last_at)
select team_id, key_id, max(last_at) from key_usage group by team_id, key_id;

insert into key_usage (team_id, key_id, hour, code, calls, refused, last_at)
select team_id, key_id, hour, 'REFUSED', refused, 0, last_at from key_usage where refused > 0;
update key_usage set calls = calls - refused where refused > 0;
delete from key_usage where calls = 0;
alter table key_usage drop column refused, drop column last_at, alter column code drop default;

-- What was counted of a team is added once, also when nobody knows whether it was.
create table usage_batch (
    team_id uuid not null references team (id),
    id uuid not null,
    added_at timestamptz not null,
    primary key (team_id, id)
);

create or replace function app.seed_usage() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.may('usage.view') or not exists (
            select from public.team t
            where t.id = app.team()
                and t.xmin::text::bigint = pg_current_xact_id()::text::bigint % 4294967296) then
        raise exception 'usage is counted, not written' using errcode = 'PB003';
    end if;
    insert into public.key_usage (team_id, key_id, hour, code, calls)
    select k.team_id, k.id, date_trunc('hour', app.at()), 'VALID', 1
    from public.api_key k where k.team_id = app.team() limit 1;
    insert into public.key_seen (team_id, key_id, last_at)
    select k.team_id, k.id, app.at() from public.api_key k where k.team_id = app.team() limit 1;
    insert into public.key_quota (team_id, key_id, month, taken)
    select k.team_id, k.id, date_trunc('month', app.at()), 1
    from public.api_key k where k.team_id = app.team() limit 1;
end $$;

-- Which keys a page shows: sorted and searched past row-level security, whose policies would be
-- planned anew for each page. What is shown of the few that are found is read under it. Only words of
-- this function get into the text of its query.
create function app.keys_listed(in_text text, in_environment text, in_state text, in_order text,
                                in_from uuid, ascending boolean, most integer)
returns setof uuid
language plpgsql stable rows 26 security definer set search_path = pg_catalog, pg_temp as $$
declare
    ends text := 'app.key_end(k.created_at, k.expires_at, p.key_days)';
    source text := 'from public.api_key k join public.team t on t.id = k.team_id
        left join public.team_policy p on p.team_id = k.team_id
        left join public.key_seen s on s.team_id = k.team_id and s.key_id = k.id';
    key text := 'k.id';
    kind text := 'uuid';
    edge text;
begin
    if not app.may('keys.view') then
        raise exception 'only who sees keys lists them' using errcode = 'PB003';
    end if;
    if in_order = 'name' then
        key := 'lower(k.name)';
        kind := 'text';
    elsif in_order = 'used' then
        key := 'coalesce(s.last_at, ''-infinity'')';
        kind := 'timestamptz';
    elsif in_order = 'ends' then
        key := format('coalesce(%s, ''infinity'')', ends);
        kind := 'timestamptz';
    end if;
    if in_from is not null then
        execute format('select (%s)::text %s where k.team_id = app.team() and k.id = $1',
            key, source) into edge using in_from;
        if edge is null then
            return;
        end if;
    end if;
    return query execute format('
        select k.id %1$s
        where k.team_id = app.team()
            and ($1 = '''' or strpos(lower(k.name), lower($1)) > 0
                 or starts_with(k.start, $1) or starts_with(k.previous_start, $1))
            and ($2 = '''' or k.environment = $2)
            and ($3 = '''' or $3 = case
                when k.revoked_at is not null then ''revoked''
                when t.suspended_at is not null then ''suspended''
                when k.disabled_at is not null then ''disabled''
                when %6$s <= app.at() then ''ended''
                else ''working'' end)
            and ($5 is null or (%2$s, k.id) %3$s ($4::%4$s, $5))
        order by %2$s %5$s, k.id %5$s limit $6',
        source, key, case when ascending then '>' else '<' end, kind,
        case when ascending then 'asc' else 'desc' end, ends)
        using in_text, in_environment, in_state, edge, in_from, most;
end $$;
grant execute on function app.keys_listed(text, text, text, text, uuid, boolean, integer) to probity_app;
create index api_key_by_name on api_key (team_id, lower(name), id);
