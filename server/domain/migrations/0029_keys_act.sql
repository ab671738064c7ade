-- Keys that use Probity's own API: what they may stands among their scopes, as `probity:keys.view`.
-- The key that acts, by the hash of its text.
create function app.key() returns bytea language sql stable parallel safe
return decode(nullif(current_setting('app.key', true), ''), 'hex');

-- Which key made it; beside created_by, which then is nobody.
alter table api_key
    add column created_with uuid,
    add constraint api_key_created_with foreign key (team_id, created_with)
        references api_key (team_id, id),
    add constraint api_key_has_one_maker check (created_by is null or created_with is null);

-- The key of this hash and its team, if it works from there at that time: what verify would say.
create function app.key_seat(hash bytea, from_ip text, at timestamptz)
returns table (key_id uuid, team_id uuid, slug text, name text, crest text, scopes text)
language sql stable security definer rows 1 set search_path = pg_catalog, pg_temp as $$
    select k.id, t.id, t.slug, t.name, t.crest, k.scopes
    from app.key_of(hash) k join public.team t on t.id = k.team_id
    where k.revoked_at is null and k.suspended_at is null and k.disabled_at is null
        and (k.expires_at is null or at < k.expires_at)
        and case when k.networks = '' then not k.needs_networks
            else exists (select from unnest(string_to_array(k.networks, ' ')) n (network)
                         where from_ip::inet <<= n.network::cidr) end
$$;

-- The key that acts in the current team; null where a person or a task does, or it does not work.
create function app.acting_key() returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.key_id from app.key_seat(app.key(), app.ip(), app.at()) s
    where s.team_id = app.team() and app.person() is null and app.task() is null
$$;

-- May the key that acts do this? Only what keys may at all, whatever its scopes say; who may
-- anything sees the team.
create function app.key_may(permission text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return app.is_for_keys(permission) and exists (
        select from app.key_seat(app.key(), app.ip(), app.at()) s,
            unnest(string_to_array(s.scopes, ' ')) h (scope)
        where s.key_id = app.acting_key() and starts_with(h.scope, 'probity:')
            and (substr(h.scope, 9) = permission
                or permission = 'team.view' and app.is_for_keys(substr(h.scope, 9))));
end $$;

-- May the one who acts do this in the current team? A person only in a session of theirs that lasts.
create or replace function app.may(permission text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    seat public.member;
    since timestamptz;
begin
    if app.task() is not null then
        return false;
    end if;
    if app.key() is not null then
        return app.key_may(permission);
    end if;
    select m.* into seat from public.member m
    where m.team_id = app.team() and m.person_id = app.person();
    if not found or not app.holds(seat.team_id, seat.role, seat.custom_role, permission) then
        return false;
    end if;
    select s.created_at into since from public.session s
    where s.id_hash = app.session() and s.person_id = seat.person_id and s.ended_at is null
        and app.at() < s.expires_at;
    return found
        and app.bar_of(seat.team_id, seat.person_id, app.ip(), since, app.at()) is null;
end $$;

-- Whether what asks for step-up may be done: a person has confirmed that it is them; a key was made
-- by somebody who had, to do just this.
create function app.vouched() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select app.confirmed() or app.acting_key() is not null
$$;

-- Holds the key for as long as the transaction lasts: who revokes it waits for what is under way,
-- and what comes later finds it revoked.
create function app.hold_key() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform from public.api_key k
    where k.secret_hash = app.key() or k.previous_hash = app.key() for no key update;
    if not found or app.acting_key() is null then
        raise exception 'the key has ended' using errcode = 'PB004';
    end if;
end $$;

-- May the one who acts write to this ledger?
create or replace function app.may_record(kind text, ledger uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if app.task() is not null then
        return session_user = 'probity_job' and case kind
            when 'team' then ledger = app.team()
            when 'person' then ledger = app.person()
            else true end;
    end if;
    if app.key() is not null then
        return kind = 'team' and ledger = app.team() and app.acting_key() is not null;
    end if;
    return app.person() is not null and case kind
        when 'team' then exists (
            select from public.member m
            where m.team_id = ledger and m.person_id = app.person())
        when 'person' then ledger = app.person()
        else true end;
end $$;

-- The only writer. It holds the head's row until the transaction ends, so a chain cannot fork.
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

-- Whoever makes a key, changes it or gives it another secret holds what it may do in Probity.
create function app.hold_what_it_may() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if exists (
            select from unnest(string_to_array(new.scopes || ' ' ||
                case tg_op when 'UPDATE' then old.scopes else '' end, ' ')) s (scope)
            where starts_with(s.scope, 'probity:') and not (
                app.is_for_keys(substr(s.scope, 9)) and app.may(substr(s.scope, 9)))) then
        raise exception 'nobody gets more through a key than they hold' using errcode = '42501';
    end if;
    return new;
end $$;
create trigger api_key_gives_no_more before insert or update of scopes, secret_hash on api_key
    for each row execute function app.hold_what_it_may();
alter table api_key enable always trigger api_key_gives_no_more;

-- As it was; a change of what the key may waits for step-up, too, whatever acts.
create or replace function app.keep_key() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if old.revoked_at is not null then
        raise exception 'a revoked key stays as it is' using errcode = 'PB010';
    end if;
    if not app.vouched() and (new.secret_hash <> old.secret_hash
            or (old.disabled_at is not null and new.disabled_at is null)
            or (new.name, new.networks, new.scopes, new.metadata)
                is distinct from (old.name, old.networks, old.scopes, old.metadata)
            or (new.rate_limit, new.rate_seconds, new.quota)
                is distinct from (old.rate_limit, old.rate_seconds, old.quota)) then
        raise exception 'a key is changed or comes back to life after step-up only'
            using errcode = 'PB010';
    end if;
    if new.secret_hash <> old.secret_hash then
        new.previous_hash := old.secret_hash;
        new.previous_start := old.start;
    elsif new.previous_ends_at > old.previous_ends_at then
        raise exception 'a replaced secret ends no later than was said' using errcode = 'PB010';
    end if;
    return new;
end $$;
drop trigger api_key_is_kept on api_key;
create trigger api_key_is_kept before update of secret_hash, start, revoked_at, revoked_by,
        disabled_at, disabled_by, rotated_at, previous_ends_at, name, networks, scopes, metadata,
        rate_limit, rate_seconds, quota
    on api_key for each row execute function app.keep_key();
alter table api_key enable always trigger api_key_is_kept;

grant execute on function app.key(), app.acting_key(), app.vouched(), app.hold_key(),
    app.key_seat(bytea, text, timestamptz) to probity_app;
grant execute on function app.key(), app.acting_key(), app.vouched(), app.may(text)
    to probity_job;
