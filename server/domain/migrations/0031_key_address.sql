-- Calls by address and day: who calls a key most. Addresses are personal data, and anybody can send
-- as many as they like: how many are told apart is bounded (key/usage/address.rs), and a sweep
-- removes them after 30 days.
create table key_address (
    team_id uuid not null,
    key_id uuid not null,
    -- In UTC.
    day date not null,
    -- An IPv4 address, an IPv6 network of 64 bits, or * for all that are not told apart.
    address text not null check (char_length(address) between 1 and 43),
    calls bigint not null check (calls > 0),
    -- Of them.
    refused bigint not null check (refused between 0 and calls),
    last_at timestamptz not null,
    primary key (team_id, key_id, day, address),
    foreign key (team_id, key_id) references api_key (team_id, id)
);
create index key_address_by_day on key_address (team_id, day);

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
    insert into public.key_address (team_id, key_id, day, address, calls, refused, last_at)
    select k.team_id, k.id, app.at()::date, '192.0.2.1', 1, 0, app.at()
    from public.api_key k where k.team_id = app.team() limit 1;
    insert into public.key_seen (team_id, key_id, last_at)
    select k.team_id, k.id, app.at() from public.api_key k where k.team_id = app.team() limit 1;
    insert into public.key_quota (team_id, key_id, month, taken)
    select k.team_id, k.id, date_trunc('month', app.at()), 1
    from public.api_key k where k.team_id = app.team() limit 1;
end $$;
