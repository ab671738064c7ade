-- Second factors: codes from an app, passkeys, recovery codes.
create table totp (
    person_id uuid primary key references person (id),
    -- Sealed under the person's key.
    secret bytea not null,
    confirmed_at timestamptz not null,
    -- The last step of 30 seconds whose code was accepted: none before or at it ever is again.
    last_step bigint not null
);

-- A secret that was shown and not yet confirmed by a first code.
create table totp_offer (
    person_id uuid primary key references person (id),
    secret bytea not null,
    offered_at timestamptz not null
);

create table recovery_code (
    person_id uuid not null references person (id),
    code_hash bytea not null check (octet_length(code_hash) = 32),
    made_at timestamptz not null,
    used_at timestamptz,
    primary key (person_id, code_hash)
);

create table passkey (
    person_id uuid not null references person (id),
    id uuid not null,
    name text not null check (char_length(name) between 1 and 60),
    credential_id bytea not null constraint passkey_credential_id unique
        check (octet_length(credential_id) between 1 and 1023),
    -- Public key and counter. No secret: that never leaves the authenticator.
    credential text not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    primary key (person_id, id)
);

-- A passkey's ceremony under way: what the browser was asked, kept here and used once.
create table ceremony (
    id uuid primary key,
    kind text not null check (kind in ('register', 'sign_in', 'second', 'confirm')),
    -- The session or half-done sign-in that began it; empty for a sign-in by passkey alone.
    bound_to bytea not null,
    state text not null,
    expires_at timestamptz not null
);
create index ceremony_expires on ceremony (expires_at);

create function app.has_second_factor(in_person uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return exists (select from public.totp t where t.person_id = in_person)
        or exists (select from public.passkey k where k.person_id = in_person);
end $$;

-- Whatever path it came by: nobody who has a second factor gets a session without one.
create function app.require_second_factor() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if new.first_proof = 'password' and new.second_proof is null
            and app.has_second_factor(new.person_id) then
        raise exception 'a session needs the second factor of its person' using errcode = 'PB005';
    end if;
    if new.second_proof = 'device' and not exists (
            select from public.device d
            where d.person_id = new.person_id and d.id = new.device_id and d.ended_at is null
                and new.created_at < d.trusted_until) then
        raise exception 'this browser does not stand for a second factor' using errcode = 'PB005';
    end if;
    return new;
end $$;
create trigger session_needs_second_factor before insert on session
    for each row execute function app.require_second_factor();
alter table session enable always trigger session_needs_second_factor;

-- The last second factor stays for as long as a team requires one. An account that is being
-- deleted has left its teams.
create function app.keep_required_factor() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.has_second_factor(old.person_id) and exists (
            select from public.member m join public.team t on t.id = m.team_id
            where m.person_id = old.person_id and t.mfa_required_from is not null)
            and app.task() is null then
        raise exception 'a team requires a second factor' using errcode = 'PB006';
    end if;
    return null;
end $$;
create trigger totp_is_kept after delete on totp
    for each row execute function app.keep_required_factor();
create trigger passkey_is_kept after delete on passkey
    for each row execute function app.keep_required_factor();
alter table totp enable always trigger totp_is_kept;
alter table passkey enable always trigger passkey_is_kept;

-- A passkey by the id that its authenticator gives it, before anybody is known.
create function app.passkey_of(in_credential_id bytea)
returns table (person_id uuid, id uuid, credential text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select k.person_id, k.id, k.credential
    from public.passkey k join public.person p on p.id = k.person_id
    where k.credential_id = in_credential_id and p.locked_at is null and p.deleted_at is null
$$;

-- Makes a confirmed secret the person's own; the offer it came from is used up.
create function app.set_totp(sealed bytea, step bigint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.confirmed() then
        raise exception 'a factor is set by its person, confirmed' using errcode = 'PB003';
    end if;
    delete from public.totp_offer o where o.person_id = app.person();
    if not found then
        raise exception 'there is no offer to confirm' using errcode = 'PB003';
    end if;
    insert into public.totp as t values (app.person(), sealed, app.at(), step)
    on conflict (person_id) do update
    set secret = sealed, confirmed_at = app.at(), last_step = greatest(t.last_step, step);
end $$;

create function app.begin_ceremony(in_id uuid, in_kind text, in_bound_to bytea, in_state text,
                                   in_expires_at timestamptz)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
    insert into public.ceremony values (in_id, in_kind, in_bound_to, in_state, in_expires_at)
$$;

-- Takes a ceremony's state away: exactly one caller gets it, the one that began it.
create function app.take_ceremony(in_id uuid, in_kind text, in_bound_to bytea, at timestamptz)
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    taken public.ceremony;
begin
    delete from public.ceremony c
    where c.id = in_id and c.kind = in_kind and c.bound_to = in_bound_to
    returning c.* into taken;
    return case when at < taken.expires_at then taken.state end;
end $$;

grant execute on function app.has_second_factor(uuid) to probity_app, probity_job;
grant execute on function app.set_totp(bytea, bigint), app.passkey_of(bytea),
    app.begin_ceremony(uuid, text, bytea, text, timestamptz),
    app.take_ceremony(uuid, text, bytea, timestamptz)
    to probity_app;
