-- What waits for a link in a mail to be opened.

-- Somebody who typed an address that may not be theirs. They become a person when the link and the
-- password that was typed come together: neither who owns the mailbox nor who typed can do it alone.
create table sign_up (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    person_id uuid not null,
    email text not null check (char_length(email) between 3 and 254),
    name text not null check (char_length(name) between 1 and 120),
    password_hash text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    spent_at timestamptz
);
create index sign_up_expires on sign_up (expires_at);

create table link (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    person_id uuid not null references person (id),
    purpose text not null check (purpose in ('reset', 'email')),
    -- The new address, where that is what the link confirms.
    email text check (char_length(email) between 3 and 254),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    spent_at timestamptz,
    -- The transaction that spent it: only that one may do what the link allows.
    spent_in xid8
);
create index link_person on link (person_id, purpose);
create index link_expires on link (expires_at);

create function app.sign_up_of(hash bytea, at timestamptz)
returns table (person_id uuid, email text, name text, password_hash text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.person_id, s.email, s.name, s.password_hash from public.sign_up s
    where s.token_hash = hash and s.spent_at is null and at < s.expires_at and at >= s.created_at
$$;

create function app.offer_sign_up(in_hash bytea, in_person uuid, in_email text, in_name text,
                                  in_password_hash text, at timestamptz, until timestamptz)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
    insert into public.sign_up
    values (in_hash, in_person, in_email, in_name, in_password_hash, at, until, null)
$$;

-- Makes the person of a sign-up: true for exactly one caller.
create function app.spend_sign_up(hash bytea, at timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    spent public.sign_up;
begin
    update public.sign_up s set spent_at = at
    where s.token_hash = hash and s.person_id = app.person() and s.spent_at is null
        and at < s.expires_at
    returning s.* into spent;
    if not found then
        return false;
    end if;
    insert into public.person (id, email, name, created_at)
    values (spent.person_id, spent.email, spent.name, at);
    insert into public.credential values (spent.person_id, spent.password_hash, at);
    return true;
end $$;

-- Whom a mail to this address would reach.
create function app.addressee(in_email text) returns table (person_id uuid, name text, email text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select p.id, p.name, p.email from public.person p
    where lower(p.email) = lower(in_email) and p.deleted_at is null and p.locked_at is null
$$;

create function app.link_of(hash bytea, in_purpose text, at timestamptz)
returns table (person_id uuid, name text, email text, new_email text, second_factor boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select l.person_id, p.name, p.email, l.email, app.has_second_factor(p.id)
    from public.link l join public.person p on p.id = l.person_id
    where l.token_hash = hash and l.purpose = in_purpose and l.spent_at is null
        and at < l.expires_at and at >= l.created_at and p.deleted_at is null
        and p.locked_at is null
$$;

-- Spends a link, and with it every other of the same purpose: true for exactly one caller.
create function app.spend_link(hash bytea, in_purpose text, at timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.link l set spent_at = at, spent_in = pg_current_xact_id()
    where l.token_hash = hash and l.purpose = in_purpose and l.person_id = app.person()
        and l.spent_at is null and at < l.expires_at;
    if not found then
        return false;
    end if;
    update public.link l set spent_at = at
    where l.person_id = app.person() and l.purpose = in_purpose and l.spent_at is null;
    return true;
end $$;

-- Does this transaction spend a link of this purpose for the one who acts?
create function app.link_spent(in_purpose text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return exists (
        select from public.link l
        where l.person_id = app.person() and l.purpose = in_purpose
            and l.spent_in = pg_current_xact_id_if_assigned());
end $$;

-- Takes over the address that the link spent here has confirmed; says the one before.
create function app.take_over_address() returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    old_email text;
    new_email text;
begin
    select l.email into strict new_email from public.link l
    where l.person_id = app.person() and l.purpose = 'email'
        and l.spent_in = pg_current_xact_id_if_assigned();
    select p.email into strict old_email from public.person p where p.id = app.person();
    update public.person p set email = new_email where p.id = app.person();
    return old_email;
end $$;

-- Holds this team of the one who acts, or all of theirs in their order: who takes an owner away does
-- this before anything else, so that two at once wait for each other and not in a circle.
create function app.hold_teams(only_team uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform from public.team t
    where t.id in (select m.team_id from public.member m where m.person_id = app.person())
        and t.id = coalesce(only_team, t.id)
    order by t.id for update;
end $$;

-- Empties an account: what proves it, what it belongs to, what it is called. Records stay, and say
-- "deleted person".
create function app.delete_person(at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    whom uuid := app.person();
begin
    if not app.confirmed() then
        raise exception 'an account is deleted by its person, confirmed' using errcode = 'PB003';
    end if;
    perform app.hold_teams(null);
    delete from public.member m where m.person_id = whom;
    update public.session s set ended_at = at where s.person_id = whom and s.ended_at is null;
    update public.device d set ended_at = at, origin = null, trusted_until = null
    where d.person_id = whom;
    delete from public.totp t where t.person_id = whom;
    delete from public.totp_offer t where t.person_id = whom;
    delete from public.passkey k where k.person_id = whom;
    delete from public.recovery_code r where r.person_id = whom;
    delete from public.credential c where c.person_id = whom;
    delete from public.link l where l.person_id = whom;
    delete from public.challenge c where c.person_id = whom;
    update public.person p
    set name = 'deleted person', email = 'deleted-' || whom || '@invalid', deleted_at = at,
        time_zone = 'UTC'
    where p.id = whom;
end $$;

grant execute on function app.sign_up_of(bytea, timestamptz),
    app.offer_sign_up(bytea, uuid, text, text, text, timestamptz, timestamptz),
    app.spend_sign_up(bytea, timestamptz), app.addressee(text),
    app.link_of(bytea, text, timestamptz), app.spend_link(bytea, text, timestamptz),
    app.link_spent(text), app.take_over_address(), app.hold_teams(uuid),
    app.delete_person(timestamptz)
    to probity_app;
