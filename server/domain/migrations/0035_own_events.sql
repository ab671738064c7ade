-- Events of a customer's own application, in their team's ledger: their actions begin with "app.", and
-- nothing else may write one.

-- As it was, for everything but these.
create or replace function app.append(in_kind text, in_ledger uuid, in_record bytea, in_sealed bytea)
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
            (case when app.task() is not null then 'system'
                  when app.key() is not null then 'key' else 'person' end)
        or (app.task() is null and (said #>> '{actor,id}')::uuid is distinct from
            coalesce(app.acting_key(), app.person())) then
        raise exception 'a record names somebody else as its actor' using errcode = 'PB003';
    end if;
    if starts_with(said ->> 'action', 'app.') then
        raise exception 'an application''s own event is logged otherwise' using errcode = 'PB003';
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

-- Logs up to a thousand of them, in their order, and returns the number of the last one.
create function app.log(in_records bytea[], in_sealed bytea[]) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    team uuid := app.team();
    key uuid := app.acting_key();
    many integer := cardinality(in_records);
    head public.ledger_head;
    event record;
    said jsonb;
    all_said jsonb[];
    previous bytea[];
    hashes bytea[];
    linked bytea;
begin
    if not app.may('audit.record') or not app.may_record('team', team) then
        raise exception 'this caller may not write to this ledger' using errcode = '42501';
    end if;
    if many not between 1 and 1000 or cardinality(in_sealed) <> many then
        raise exception 'these are none, or too many' using errcode = 'PB003';
    end if;
    insert into public.ledger_head values
        ('team', team, 0, sha256('team'::bytea || uuid_send(team)), pg_current_xact_id())
    on conflict do nothing;
    select h.* into strict head from public.ledger_head h
    where h.kind = 'team' and h.ledger = team for update;
    linked := head.hash;
    -- Each is read once; an array that came as an argument would be gone through from its beginning for
    -- each.
    for event in
        select * from unnest(in_records, in_sealed) with ordinality n (record, sealed, number)
    loop
        said := convert_from(event.record, 'UTF8')::jsonb;
        if (said #>> '{actor,kind}') is distinct from
                (case when app.key() is not null then 'key' else 'person' end)
            or (said #>> '{actor,id}')::uuid is distinct from coalesce(key, app.person()) then
            raise exception 'a record names somebody else as its actor' using errcode = 'PB003';
        end if;
        if starts_with(said ->> 'action', 'app.') is not true then
            raise exception 'an action of ours is not logged so' using errcode = 'PB003';
        end if;
        all_said[event.number] := said;
        previous[event.number] := linked;
        linked := app.chain_hash(linked, head.seq + event.number, event.record, event.sealed);
        hashes[event.number] := linked;
    end loop;
    insert into public.audit_event
    select 'team', team, head.seq + n.number, n.record, n.sealed, n.previous, n.hash,
        (n.said ->> 'id')::uuid, (n.said ->> 'at')::timestamptz, n.said #>> '{actor,kind}',
        (n.said #>> '{actor,id}')::uuid, n.said ->> 'action', n.said #>> '{target,kind}',
        n.said #>> '{target,id}', n.said ->> 'outcome'
    from unnest(in_records, in_sealed, previous, hashes, all_said) with ordinality
        n (record, sealed, previous, hash, said, number);
    update public.ledger_head h
    set seq = head.seq + many, hash = linked, written_by = pg_current_xact_id()
    where h.kind = 'team' and h.ledger = team;
    return head.seq + many;
end $$;
revoke all on function app.log from public;
grant execute on function app.log to probity_app;
