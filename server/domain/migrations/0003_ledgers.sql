-- Hash-chained, append-only ledgers: one per team, one per person, one for the instance.
create table ledger_head (
    kind text not null check (kind in ('team', 'person', 'instance')),
    ledger uuid not null,
    seq bigint not null,
    hash bytea not null check (octet_length(hash) = 32),
    -- The transaction that wrote last: how the guard knows that a change was recorded.
    written_by xid8 not null,
    primary key (kind, ledger)
);

create table audit_event (
    kind text not null,
    ledger uuid not null,
    seq bigint not null,
    -- The exact bytes that were hashed. Every column below record is read from it by app.append.
    record bytea not null,
    -- Where from, sealed under the acting person's key: erasing the key leaves the chain whole.
    sealed bytea,
    previous_hash bytea not null,
    hash bytea not null,
    id uuid not null,
    at timestamptz not null,
    actor_kind text not null check (actor_kind in ('person', 'key', 'system')),
    actor_id uuid,
    action text not null,
    target_kind text not null,
    target_id text not null,
    outcome text not null check (outcome in ('ok', 'refused')),
    primary key (kind, ledger, seq),
    foreign key (kind, ledger) references ledger_head (kind, ledger)
);
create index audit_event_actor on audit_event (kind, ledger, actor_id, seq);

-- What was recorded is never altered, whoever asks. TRUNCATE passes row triggers: it has its own.
create function app.refuse_alteration() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'records of a ledger cannot be altered' using errcode = 'PB002';
end $$;
create trigger audit_event_is_final before update or delete on audit_event
    for each row execute function app.refuse_alteration();
create trigger audit_event_is_kept before truncate on audit_event
    for each statement execute function app.refuse_alteration();
alter table audit_event enable always trigger audit_event_is_final;
alter table audit_event enable always trigger audit_event_is_kept;

-- hash = SHA-256(previous hash, number, length of record, record, sealed part)
create function app.chain_hash(previous bytea, seq bigint, record bytea, sealed bytea)
returns bytea language sql immutable parallel safe
return sha256(previous || int8send(seq) || int4send(octet_length(record)) || record
    || coalesce(sealed, ''::bytea));

-- May the one who acts write to this ledger?
create function app.may_record(kind text, ledger uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if app.task() is not null then
        return session_user = 'probity_job' and case kind
            when 'team' then ledger = app.team()
            when 'person' then ledger = app.person()
            else true end;
    end if;
    return app.person() is not null and case kind
        when 'team' then exists (
            select from public.member m
            where m.team_id = ledger and m.person_id = app.person())
        when 'person' then ledger = app.person()
        else true end;
end $$;

-- The only writer. It holds the head's row until the transaction ends, so a chain cannot fork.
create function app.append(in_kind text, in_ledger uuid, in_record bytea, in_sealed bytea)
returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    said jsonb := convert_from(in_record, 'UTF8')::jsonb;
    head public.ledger_head;
    linked bytea;
begin
    if not app.may_record(in_kind, in_ledger) then
        raise exception 'this caller may not write to this ledger' using errcode = 'PB003';
    end if;
    if (said #>> '{actor,kind}') is distinct from
            (case when app.task() is null then 'person' else 'system' end)
        or (app.task() is null
            and (said #>> '{actor,id}')::uuid is distinct from app.person()) then
        raise exception 'a record names somebody else as its actor' using errcode = 'PB003';
    end if;
    insert into public.ledger_head values
        (in_kind, in_ledger, 0, sha256(in_kind::bytea || uuid_send(in_ledger)),
         pg_current_xact_id())
    on conflict do nothing;
    select h.* into strict head from public.ledger_head h
    where h.kind = in_kind and h.ledger = in_ledger for update;
    linked := app.chain_hash(head.hash, head.seq + 1, in_record, in_sealed);
    insert into public.audit_event values
        (in_kind, in_ledger, head.seq + 1, in_record, in_sealed, head.hash, linked,
         (said ->> 'id')::uuid, (said ->> 'at')::timestamptz, said #>> '{actor,kind}',
         (said #>> '{actor,id}')::uuid, said ->> 'action', said #>> '{target,kind}',
         said #>> '{target,id}', said ->> 'outcome');
    update public.ledger_head h
    set seq = head.seq + 1, hash = linked, written_by = pg_current_xact_id()
    where h.kind = in_kind and h.ledger = in_ledger;
    return head.seq + 1;
end $$;

-- Refuses, at commit, a transaction that altered a guarded row without recording it.
-- Arguments: kind of ledger, column that names the ledger.
create function app.require_event() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    altered jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
    perform from public.ledger_head h
    where h.kind = tg_argv[0] and h.ledger = (altered ->> tg_argv[1])::uuid
        and h.written_by = pg_current_xact_id();
    if not found then
        raise exception 'a change to % without its audit event', tg_table_name
            using errcode = 'PB001';
    end if;
    return null;
end $$;
