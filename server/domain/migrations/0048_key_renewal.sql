-- Another version of an owner's data key: new values are sealed under it at once, and a task seals anew what
-- was sealed under the versions before. Records keep their seal, which is in the chain; so a version stays in
-- the keyring while there are records under it.

-- One renewal of each owner: the one that is under way, or the last.
create table key_renewal (
    owner_kind text not null check (owner_kind in ('person', 'team', 'instance')),
    -- Zero for the instance.
    owner_id uuid not null,
    -- Of the version that it brings.
    key_id uuid not null default gen_random_uuid(),
    asked_at timestamptz not null,
    -- Since when that is in the keyring.
    begun_at timestamptz,
    -- Since when nothing is left to be sealed anew.
    sealed_at timestamptz,
    -- Since when the versions before it are destroyed.
    done_at timestamptz,
    stopped_at timestamptz,
    -- Not to be looked at before.
    next_at timestamptz not null,
    -- Values that were sealed anew, that are left, and that do not open.
    resealed bigint not null default 0,
    remaining bigint,
    stuck bigint not null default 0,
    -- Versions before it under which there are records.
    kept bigint not null default 0,
    primary key (owner_kind, owner_id),
    check ((owner_kind = 'instance') = (owner_id = '00000000-0000-0000-0000-000000000000'))
);
create index key_renewal_due on key_renewal (next_at) where done_at is null and stopped_at is null;

-- The version of the team's data key that some terms of a block were made with; before this, the first.
alter table audit_block add column key_id uuid;

create function app.renews() returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    if app.task() is distinct from 'keyring.renew' or session_user <> 'probity_job' then
        raise exception 'only the task that renews data keys does this' using errcode = '42501';
    end if;
end $$;

-- Every value that is sealed under an owner's data key, but for records. `ident` tells it from others of its
-- place.
create function app.sealed_values(in_kind text, in_owner uuid)
returns table (place text, row_id uuid, ident text, value bytea)
language sql stable rows 50 security definer set search_path = pg_catalog, pg_temp as $$
    select 'session.origin', s.id, s.id::text, s.origin from public.session s
    where in_kind = 'person' and s.person_id = in_owner and s.origin is not null
    union all
    select 'device.origin', d.id, d.id::text, d.origin from public.device d
    where in_kind = 'person' and d.person_id = in_owner and d.origin is not null
    union all
    select 'totp.secret', t.person_id, '', t.secret from public.totp t
    where in_kind = 'person' and t.person_id = in_owner
    union all
    select 'totp_offer.secret', t.person_id, '', t.secret from public.totp_offer t
    where in_kind = 'person' and t.person_id = in_owner
    union all
    -- What lies in the outbox; of all others the sealed part is gone.
    select 'mail.sealed', m.id, m.id::text, m.sealed from public.mail m
    where m.sent_at is null and m.failed_at is null and m.owner_kind = in_kind
        and (in_kind = 'instance' or m.owner_id = in_owner)
    union all
    select 'affiliate_program.sealed', p.id, p.id::text, p.sealed from public.affiliate_program p
    where in_kind = 'team' and p.team_id = in_owner
    union all
    select 'audit_stream.sealed', s.id, s.id::text, s.sealed from public.audit_stream s
    where in_kind = 'team' and s.team_id = in_owner
    union all
    select 'audit_stream.secret', s.id, s.id::text, s.secret from public.audit_stream s
    where in_kind = 'team' and s.team_id = in_owner and s.secret is not null
    union all
    select 'audit_stream.previous_secret', s.id, s.id::text, s.previous_secret from public.audit_stream s
    where in_kind = 'team' and s.team_id = in_owner and s.previous_secret is not null
    union all
    select 'api_answer.sealed', a.id, a.id::text, a.sealed from public.api_answer a
    where in_kind = 'team' and a.team_id = in_owner
    union all
    select 'former_file.sealed', f.team_id, f.name || '/' || f.part, f.sealed from public.former_file f
    where in_kind = 'team' and f.team_id = in_owner
$$;

-- Some of those that are not sealed under this version: behind so many, and not more at once than fit into
-- little memory.
create function app.sealed_before(in_kind text, in_owner uuid, in_key uuid, in_skip integer, in_most integer)
returns table (place text, row_id uuid, ident text, value bytea)
language plpgsql stable rows 50 security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform app.renews();
    return query
        select x.place, x.row_id, x.ident, x.value from (
            select v.place, v.row_id, v.ident, v.value, row_number() over ordered as number,
                sum(octet_length(v.value)) over ordered as bytes
            from (select a.* from app.sealed_values(in_kind, in_owner) a
                  where substring(a.value from 2 for 16) <> uuid_send(in_key)
                  order by a.place, a.ident offset in_skip limit in_most) v
            window ordered as (order by v.place, v.ident)) x
        where x.number = 1 or x.bytes <= 8000000;
end $$;

-- How many are not sealed under this version, with the blocks of a log that were not made with it.
create function app.sealed_left(in_kind text, in_owner uuid, in_key uuid) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform app.renews();
    return (select count(*) from app.sealed_values(in_kind, in_owner) v
            where substring(v.value from 2 for 16) <> uuid_send(in_key))
        + (select count(*) from public.audit_block b
           where in_kind = 'team' and b.team_id = in_owner and b.key_id is distinct from in_key);
end $$;

-- What keeps a version that is no longer the present one: values, or records; null when nothing does.
create function app.sealed_under(in_kind text, in_owner uuid, in_key uuid) returns text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform app.renews();
    if exists (select from app.sealed_values(in_kind, in_owner) v
               where substring(v.value from 2 for 16) = uuid_send(in_key))
        or (in_kind = 'team' and exists (
            select from public.audit_block b
            where b.team_id = in_owner and (b.key_id is null or b.key_id = in_key)))
        -- The link of a deletion that goes on is made with it.
        or (in_kind = 'instance' and exists (select from public.deletion d where d.done_at is null)) then
        return 'values';
    end if;
    -- Of a person: in their own log, where nearly all have some, or where they acted.
    if in_kind <> 'instance' and (
        exists (select from public.audit_event e
                where e.kind = in_kind and e.ledger = in_owner
                    and substring(e.sealed from 2 for 16) = uuid_send(in_key))
        or (in_kind = 'person' and exists (
            select from public.audit_event e
            where e.kind = 'team' and substring(e.sealed from 2 for 16) = uuid_send(in_key)))) then
        return 'records';
    end if;
    return null;
end $$;

-- Puts a value that was sealed anew in the place of the one that was opened. False when that is not there any
-- more: somebody wrote another one, or removed it.
create function app.reseal(in_kind text, in_owner uuid, in_place text, in_ident text, in_old bytea,
                           in_new bytea) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform app.renews();
    case in_place
    when 'session.origin' then
        update public.session s set origin = in_new
        where s.person_id = in_owner and s.id = in_ident::uuid and s.origin = in_old;
    when 'device.origin' then
        update public.device d set origin = in_new
        where d.person_id = in_owner and d.id = in_ident::uuid and d.origin = in_old;
    when 'totp.secret' then
        update public.totp t set secret = in_new where t.person_id = in_owner and t.secret = in_old;
    when 'totp_offer.secret' then
        update public.totp_offer t set secret = in_new where t.person_id = in_owner and t.secret = in_old;
    when 'mail.sealed' then
        update public.mail m set sealed = in_new
        where m.id = in_ident::uuid and m.owner_kind = in_kind
            and (in_kind = 'instance' or m.owner_id = in_owner) and m.sealed = in_old;
    when 'affiliate_program.sealed' then
        update public.affiliate_program p set sealed = in_new
        where p.team_id = in_owner and p.id = in_ident::uuid and p.sealed = in_old;
    when 'audit_stream.sealed' then
        update public.audit_stream s set sealed = in_new
        where s.team_id = in_owner and s.id = in_ident::uuid and s.sealed = in_old;
    when 'audit_stream.secret' then
        update public.audit_stream s set secret = in_new
        where s.team_id = in_owner and s.id = in_ident::uuid and s.secret = in_old;
    when 'audit_stream.previous_secret' then
        update public.audit_stream s set previous_secret = in_new
        where s.team_id = in_owner and s.id = in_ident::uuid and s.previous_secret = in_old;
    when 'api_answer.sealed' then
        update public.api_answer a set sealed = in_new
        where a.team_id = in_owner and a.id = in_ident::uuid and a.sealed = in_old;
    when 'former_file.sealed' then
        update public.former_file f set sealed = in_new
        where f.team_id = in_owner and f.name || '/' || f.part = in_ident and f.sealed = in_old;
    end case;
    return found;
end $$;

-- Sealed anew is not changed: whoever renews data keys records nothing in a team, as long as nothing but
-- sealed values differs.
create or replace function app.require_event() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    sealed constant text[] := '{sealed,secret,previous_secret}';
    altered jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
    perform from public.ledger_head h
    where h.kind = tg_argv[0] and h.ledger = (altered ->> tg_argv[1])::uuid
        and h.written_by = pg_current_xact_id();
    if found or (tg_op = 'DELETE' and tg_argv[0] = 'team'
                 and (altered ->> tg_argv[1])::uuid = app.team() and app.is_purging()) then
        return null;
    end if;
    if tg_op = 'UPDATE' and app.task() = 'keyring.renew' and session_user = 'probity_job'
            and altered - sealed = to_jsonb(old) - sealed then
        return null;
    end if;
    raise exception 'a change to % without its audit event', tg_table_name
        using errcode = 'PB001';
end $$;

-- The secret before a new one is kept, but not before one that was sealed anew.
create or replace function app.keep_stream() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        new.seq := new.start_at;
        new.next_try := new.made_at;
        return new;
    end if;
    if new.secret is distinct from old.secret
            and not (app.task() is not distinct from 'keyring.renew' and session_user = 'probity_job') then
        new.previous_secret := old.secret;
    end if;
    if new.started_at is distinct from old.started_at then
        new.seq := new.start_at;
        new.tried_to := null;
        new.held_by := null;
        new.held_until := null;
        new.next_try := new.started_at;
    end if;
    if new.state is distinct from old.state then
        new.next_try := app.at();
    end if;
    return new;
end $$;

revoke all on function app.renews, app.sealed_values, app.sealed_before, app.sealed_left, app.sealed_under,
    app.reseal from public;
grant execute on function app.sealed_before, app.sealed_left, app.sealed_under, app.reseal to probity_job;
