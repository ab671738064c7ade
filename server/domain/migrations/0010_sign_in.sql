-- The way from a password to a session, and what slows down whoever guesses.

-- A visitor whose password was right and whose second factor is not there yet.
create table challenge (
    id_hash bytea primary key check (octet_length(id_hash) = 32),
    person_id uuid not null references person (id),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    -- One budget for all factors together.
    tries integer not null default 0,
    spent_at timestamptz
);
create index challenge_person on challenge (person_id);
create index challenge_expires on challenge (expires_at);

-- A browser in which somebody has signed in in full before.
create table device (
    person_id uuid not null references person (id),
    id uuid not null,
    token_hash bytea not null constraint device_token_hash unique
        check (octet_length(token_hash) = 32),
    origin bytea,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    -- Until then it stands for the second factor.
    trusted_until timestamptz,
    ended_at timestamptz,
    primary key (person_id, id)
);

-- How often somebody guessed at an account, and when they may go on. By hash: the table holds no
-- address, and addresses without an account are slowed down alike.
create table sign_in_curve (
    subject bytea primary key check (octet_length(subject) = 32),
    failures integer not null,
    free_at timestamptz not null,
    last_at timestamptz not null
);
create index sign_in_curve_last on sign_in_curve (last_at);

-- One try: 0 when it may go on, otherwise seconds to wait. It counts as failed until it is
-- cleared. Five tries are free; then 30 s, doubled with each, at most 15 minutes; a day without a
-- try forgets. Exact when many try at once, because each holds the row.
create function app.take_curve(in_subject bytea, at timestamptz)
returns integer language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    longest constant interval := interval '15 minutes';
    free timestamptz;
begin
    insert into public.sign_in_curve as c values (in_subject, 1, at, at)
    on conflict (subject) do update set
        failures = case when at - c.last_at > interval '1 day' then 1 else c.failures + 1 end,
        free_at = at + case
            when at - c.last_at > interval '1 day' or c.failures < 5 then interval '0'
            else least(longest, interval '30 seconds' * power(2, least(c.failures - 5, 10))) end,
        last_at = at
    where at >= c.free_at or c.free_at > at + longest;
    if found then
        return 0;
    end if;
    select c.free_at into free from public.sign_in_curve c where c.subject = in_subject;
    return greatest(1, ceil(extract(epoch from free - at)))::integer;
end $$;

create function app.clear_curve(in_subject bytea)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
    delete from public.sign_in_curve c where c.subject = in_subject
$$;

-- Gives back one try of a limit: what went well was no guess.
create function app.limit_return(in_name text, in_subject bytea, burst integer, seconds integer)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
    update public.limit_bucket b
    set full_at = b.full_at - make_interval(secs => seconds::double precision / burst)
    where b.name = in_name and b.subject = in_subject
$$;

-- What sign-in compares with. Nobody else can read a hash.
create function app.sign_in_of(in_email text)
returns table (person_id uuid, password_hash text, open boolean, second_factor boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select p.id, c.password_hash, p.locked_at is null, app.has_second_factor(p.id)
    from public.person p join public.credential c on c.person_id = p.id
    where lower(p.email) = lower(in_email) and p.deleted_at is null
$$;

-- The hash of the one who acts: for step-up.
create function app.own_password() returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select c.password_hash from public.credential c where c.person_id = app.person()
$$;

-- Replaces a hash by a stronger one of the same password: who asks must know the old hash.
create function app.strengthen_password(old_hash text, new_hash text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.credential c set password_hash = new_hash
    where c.person_id = app.person() and c.password_hash = old_hash;
    return found;
end $$;

-- Who stands at the second step, while it may still be taken, and with what.
create function app.challenge_of(hash bytea, at timestamptz)
returns table (person_id uuid, email text, tries integer, totp boolean, passkeys bigint,
               recovery bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select c.person_id, p.email, c.tries,
        exists (select from public.totp t where t.person_id = c.person_id),
        (select count(*) from public.passkey k where k.person_id = c.person_id),
        (select count(*) from public.recovery_code r
         where r.person_id = c.person_id and r.used_at is null)
    from public.challenge c join public.person p on p.id = c.person_id
    where c.id_hash = hash and c.spent_at is null and at < c.expires_at and at >= c.created_at
        and p.locked_at is null
$$;

-- One try out of the budget. Exact when many try at once.
create function app.try_challenge(hash bytea, at timestamptz, budget integer) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.challenge c set tries = c.tries + 1
    where c.id_hash = hash and c.spent_at is null and at < c.expires_at and c.tries < budget;
    return found;
end $$;

-- Spends it: true for exactly one caller.
create function app.spend_challenge(hash bytea, at timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.challenge c set spent_at = at
    where c.id_hash = hash and c.spent_at is null and at < c.expires_at;
    return found;
end $$;

-- Whether this browser is known to this person, and whether it stands for the second factor.
create function app.device_of(hash bytea, in_person uuid, at timestamptz)
returns table (id uuid, trusted boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select d.id, coalesce(at < d.trusted_until and at >= d.created_at, false)
    from public.device d
    where d.token_hash = hash and d.person_id = in_person and d.ended_at is null
$$;

grant execute on function app.take_curve(bytea, timestamptz), app.clear_curve(bytea),
    app.limit_return(text, bytea, integer, integer), app.sign_in_of(text), app.own_password(),
    app.strengthen_password(text, text), app.challenge_of(bytea, timestamptz),
    app.try_challenge(bytea, timestamptz, integer), app.spend_challenge(bytea, timestamptz),
    app.device_of(bytea, uuid, timestamptz)
    to probity_app;

-- A record of somebody's sign-in also stands in the logs of their teams, when a task writes it.
create or replace function app.may_record(kind text, ledger uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    is_member boolean := exists (
        select from public.member m where m.team_id = ledger and m.person_id = app.person());
begin
    if app.task() is not null then
        return session_user = 'probity_job' and case kind
            when 'team' then ledger = app.team()
                or (is_member and app.task() in ('sign_in.refuse', 'operator'))
            when 'person' then ledger = app.person()
            else true end;
    end if;
    return app.person() is not null and case kind
        when 'team' then is_member
        when 'person' then ledger = app.person()
        else true end;
end $$;
