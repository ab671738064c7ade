-- What a key may, how often, what its team keeps with it; and its second secret while it is rotated.
alter table api_key
    -- Nobody: the operator issued it.
    alter column created_by drop not null,
    -- Words of the team's own API, apart by spaces.
    add column scopes text not null default '' check (char_length(scopes) <= 2500),
    -- A JSON object; empty for none.
    add column metadata text not null default '' check (octet_length(metadata) <= 4096),
    -- Calls in so many seconds.
    add column rate_limit integer check (rate_limit between 1 and 1000000),
    add column rate_seconds integer check (rate_seconds in (1, 60, 3600, 86400)),
    -- Calls in a calendar month, UTC.
    add column quota bigint check (quota between 1 and 1000000000000),
    add column disabled_at timestamptz,
    add column disabled_by uuid references person (id),
    add column rotated_at timestamptz,
    -- The secret before the last rotation works until then.
    add column previous_hash bytea constraint api_key_previous_hash unique
        check (octet_length(previous_hash) = 32),
    add column previous_start text,
    add column previous_ends_at timestamptz,
    add constraint api_key_rate check ((rate_limit is null) = (rate_seconds is null)),
    add constraint api_key_overlap check (
        (previous_hash is null) = (previous_start is null)
        and (previous_hash is null) = (previous_ends_at is null));

-- Since when the operator keeps a team's keys from being accepted.
alter table team add column suspended_at timestamptz;

-- Calls of a key that were handed out to the programs that count them, by the month.
create table key_quota (
    team_id uuid not null,
    key_id uuid not null,
    month date not null,
    taken bigint not null check (taken >= 0),
    primary key (team_id, key_id, month),
    foreign key (team_id, key_id) references api_key (team_id, id)
);

-- When a key ends by its own date or by its team's policy, whichever is first.
create function app.key_end(made timestamptz, ends timestamptz, days integer) returns timestamptz
language sql immutable parallel safe
return least(ends, made + make_interval(days => days));

-- Everything that verify knows of a key, whichever of its secrets it is. What the team's policy asks
-- today holds for keys that were made before: they end when a new one would, and those that name no
-- network are of no use where one is asked for.
drop function app.key_of(bytea);
create function app.key_of(hash bytea)
returns table (team_id uuid, id uuid, name text, environment text, expires_at timestamptz,
               revoked_at timestamptz, suspended_at timestamptz, disabled_at timestamptz,
               first_used_at timestamptz, networks text, needs_networks boolean, scopes text, metadata text,
               rate_limit integer, rate_seconds integer, quota bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select k.team_id, k.id, k.name, k.environment,
        least(app.key_end(k.created_at, k.expires_at, p.key_days),
              case when k.previous_hash = hash then k.previous_ends_at end),
        k.revoked_at, t.suspended_at, k.disabled_at, k.first_used_at, k.networks,
        coalesce(p.key_networks, false), k.scopes, k.metadata, k.rate_limit, k.rate_seconds, k.quota
    from public.api_key k join public.team t on t.id = k.team_id
    left join public.team_policy p on p.team_id = k.team_id
    where k.secret_hash = hash or k.previous_hash = hash
$$;
grant execute on function app.key_end(timestamptz, timestamptz, integer), app.key_of(bytea)
    to probity_app;

-- Programs that remember a key hear that it changed, whoever changed it: when the change is
-- committed, by the hash of each of its secrets; by the team where all of its keys are meant.
create function app.tell_key() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    perform pg_notify('probity_keys', encode(h, 'hex'))
    from unnest(array[old.secret_hash, old.previous_hash]) h where h is not null;
    return null;
end $$;
create trigger api_key_is_told
    after delete or update of name, environment, secret_hash, created_at, expires_at, revoked_at,
        networks, scopes, metadata, rate_limit, rate_seconds, quota, disabled_at, previous_hash,
        previous_ends_at on api_key
    for each row execute function app.tell_key();
alter table api_key enable always trigger api_key_is_told;

create function app.tell_team_keys() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    perform pg_notify('probity_keys', 'team ' || case tg_table_name
        when 'team' then to_jsonb(old) ->> 'id' else to_jsonb(old) ->> 'team_id' end);
    return null;
end $$;
create trigger team_policy_is_told after update of key_days, key_networks on team_policy
    for each row execute function app.tell_team_keys();
alter table team_policy enable always trigger team_policy_is_told;
create trigger team_is_told after update of suspended_at on team
    for each row execute function app.tell_team_keys();
alter table team enable always trigger team_is_told;

-- Whatever may write a key: what was revoked stays so, and a new secret, or accepting it again,
-- waits for step-up. The secret before is kept here: nobody may read it to keep it.
create function app.keep_key() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if old.revoked_at is not null then
        raise exception 'a revoked key stays as it is' using errcode = 'PB010';
    end if;
    if app.task() is null and (new.secret_hash <> old.secret_hash
            or (old.disabled_at is not null and new.disabled_at is null)) and not app.confirmed() then
        raise exception 'a key comes back to life after step-up only' using errcode = 'PB010';
    end if;
    if new.secret_hash <> old.secret_hash then
        new.previous_hash := old.secret_hash;
        new.previous_start := old.start;
    elsif new.previous_ends_at > old.previous_ends_at then
        raise exception 'a replaced secret ends no later than was said' using errcode = 'PB010';
    end if;
    return new;
end $$;
create trigger api_key_is_kept before update of secret_hash, start, revoked_at, revoked_by,
        disabled_at, disabled_by, rotated_at, previous_ends_at
    on api_key for each row execute function app.keep_key();
alter table api_key enable always trigger api_key_is_kept;

