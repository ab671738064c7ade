-- Deleting a team: an owner asks, another one confirms if there is one, some days pass in which it can be
-- undone, then a task removes it, and a signed certificate stays.

-- When the team is to be deleted; until then nothing in it is changed and its keys are refused. This is not
-- the operator's suspension, which has a column of its own. And since when it is being deleted: nobody gets
-- in any more, and there is no way back.
alter table team
    add column closing_at timestamptz,
    add column closed_at timestamptz;

-- Who asked, who confirmed. It goes with the team.
create table team_deletion (
    team_id uuid primary key references team,
    asked_by uuid not null references person,
    asked_at timestamptz not null,
    days integer not null check (days between 0 and 30),
    confirmed_by uuid references person,
    confirmed_at timestamptz,
    due_at timestamptz,
    check ((confirmed_at is null) = (confirmed_by is null)),
    check ((confirmed_at is null) = (due_at is null))
);

-- What was done to a team that is no more, stage by stage. Nothing in it names a person, or the team.
create table deletion (
    team_id uuid primary key,
    -- Of the link in the letters: who has it reads this row.
    link_hash bytea not null constraint deletion_link unique check (octet_length(link_hash) = 32),
    asked_at timestamptz not null,
    confirmed_at timestamptz not null,
    begun_at timestamptz not null,
    -- Signed: the team's ledger ended here, and was not cut.
    statement text check (char_length(statement) <= 2000),
    key_id uuid,
    key_at timestamptz,
    access_at timestamptz,
    files bigint not null default 0,
    files_at timestamptz,
    rows_at timestamptz,
    done_at timestamptz,
    certificate text check (char_length(certificate) <= 20000)
);

-- Rows that were removed, by table.
create table deletion_count (
    team_id uuid not null references deletion,
    name text not null,
    rows bigint not null,
    primary key (team_id, name)
);

-- Other programs hear of it as of a suspension.
drop trigger team_is_told on team;
create trigger team_is_told after update of suspended_at, closing_at, closed_at on team
    for each row execute function app.tell_team_keys();
alter table team enable always trigger team_is_told;

-- As it was, and the keys of a team that waits to be deleted are refused as those of a suspended one.
create or replace function app.key_of(hash bytea)
returns table (team_id uuid, id uuid, name text, environment text, expires_at timestamptz,
               revoked_at timestamptz, suspended_at timestamptz, disabled_at timestamptz,
               first_used_at timestamptz, networks text, needs_networks boolean, scopes text, metadata text,
               rate_limit integer, rate_seconds integer, quota bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select k.team_id, k.id, k.name, k.environment,
        least(app.key_end(k.created_at, k.expires_at, p.key_days),
              case when k.previous_hash = hash then k.previous_ends_at end),
        k.revoked_at, coalesce(t.suspended_at, t.closing_at), k.disabled_at, k.first_used_at, k.networks,
        coalesce(p.key_networks, false), k.scopes, k.metadata, k.rate_limit, k.rate_seconds, k.quota
    from public.api_key k join public.team t on t.id = k.team_id
    left join public.team_policy p on p.team_id = k.team_id
    where k.secret_hash = hash or k.previous_hash = hash
$$;

-- The same on the page that lists them.
create or replace function app.keys_listed(in_text text, in_environment text, in_state text, in_order text,
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
                when coalesce(t.suspended_at, t.closing_at) is not null then ''suspended''
                when k.disabled_at is not null then ''disabled''
                when %6$s <= app.at() then ''ended''
                else ''working'' end)
            and ($5 is null or (%2$s, k.id) %3$s ($4::%4$s, $5))
        order by %2$s %5$s, k.id %5$s limit $6',
        source, key, case when ascending then '>' else '<' end, kind,
        case when ascending then 'asc' else 'desc' end, ends)
        using in_text, in_environment, in_state, edge, in_from, most;
end $$;
-- As it was, and nobody gets into a team that is being deleted.
create or replace function app.bar_of(in_team uuid, in_person uuid, from_ip text, since timestamptz,
                                      at timestamptz)
returns text language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked public.team_policy;
begin
    if exists (select from public.team t where t.id = in_team and t.closed_at is not null) then
        return 'closed';
    end if;
    select p.* into asked from public.team_policy p where p.team_id = in_team;
    if asked.mfa_required_from <= at and not app.has_second_factor(in_person) then
        return 'second_factor';
    end if;
    if asked.session_seconds is not null
            and (since is null or at >= since + make_interval(secs => asked.session_seconds)) then
        return 'session';
    end if;
    if exists (select from public.team_network n where n.team_id = in_team)
            and not exists (select from public.team_network n where n.team_id = in_team
                            and from_ip::inet <<= n.network::cidr) then
        return 'network';
    end if;
    return null;
end $$;

-- When a team is to be deleted, for the pages of those who are in it.
create function app.closing_of(in_team uuid) returns timestamptz
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select t.closing_at from public.team t where t.id = in_team
$$;

-- The team that the one who acts may remove the rows of: the task, in a team that is being deleted.
create function app.purged_team() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if app.task() is distinct from 'team.delete' or session_user <> 'probity_job' then
        return null;
    end if;
    return (select d.team_id from public.deletion d join public.team t on t.id = d.team_id
            where d.team_id = app.team() and d.done_at is null and t.closed_at is not null);
end $$;

-- As it was, but that a ledger goes with its team.
create or replace function app.refuse_alteration() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'DELETE' then
        perform from public.ledger_floor f
        where old.kind = 'team' and f.team_id = old.ledger and f.seq >= old.seq;
        if found or (old.kind = 'team' and old.ledger = app.purged_team()) then
            return old;
        end if;
    end if;
    raise exception 'records of a ledger cannot be altered' using errcode = 'PB002';
end $$;

-- As it was, but that the rows of a team that is being deleted go without a record each: the ledger that
-- would hold it goes too.
create or replace function app.require_event() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    altered jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
    perform from public.ledger_head h
    where h.kind = tg_argv[0] and h.ledger = (altered ->> tg_argv[1])::uuid
        and h.written_by = pg_current_xact_id();
    if found or (tg_op = 'DELETE' and tg_argv[0] = 'team'
                 and (altered ->> tg_argv[1])::uuid = app.team() and app.is_purging()) then
        return null;
    end if;
    raise exception 'a change to % without its audit event', tg_table_name
        using errcode = 'PB001';
end $$;

-- Whether this transaction has removed rows of a team that is being deleted: asked when it ends, when the
-- team itself may be gone already.
create function app.is_purging() returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return app.task() = 'team.delete' and session_user = 'probity_job'
        and exists (select from public.deletion d where d.team_id = app.team());
end $$;

create or replace function app.keep_an_owner() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if old.team_id = app.purged_team() then
        return null;
    end if;
    perform from public.team t where t.id = old.team_id for update;
    if not found then
        raise exception 'a team cannot be held' using errcode = 'PB003';
    end if;
    if not exists (
            select from public.member m where m.team_id = old.team_id and m.role = 'owner') then
        raise exception 'a team would have no owner' using errcode = 'PB007';
    end if;
    return null;
end $$;

-- A ledger begins with its team, and never again after it. While a team waits to be deleted, its people
-- change nothing in it but that; what they do about themselves, or when they leave, is theirs.
create function app.keep_ledger_of_team() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if new.kind = 'team' then
        perform from public.team t where t.id = new.ledger for key share;
        if not found then
            raise exception 'there is no such team' using errcode = 'PB003';
        end if;
    end if;
    return null;
end $$;
create trigger ledger_head_has_team after insert on ledger_head
    for each row execute function app.keep_ledger_of_team();
alter table ledger_head enable always trigger ledger_head_has_team;

create function app.refuse_while_closing() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if new.ledger = app.team() and app.task() is null
            and new.action not in ('team.delete_ask', 'team.delete_confirm', 'team.delete_undo',
                                   'member.leave')
            and exists (select from public.team t
                        where t.id = new.ledger and coalesce(t.closing_at, t.closed_at) is not null) then
        raise exception 'the team waits to be deleted' using errcode = 'PB014';
    end if;
    return null;
end $$;
create trigger audit_event_waits after insert on audit_event
    for each row when (new.kind = 'team' and new.actor_kind = 'person') execute function app.refuse_while_closing();
alter table audit_event enable always trigger audit_event_waits;

-- An owner asks for the deletion. Where they are the only one the days begin at once: then it says when it
-- is due.
create function app.ask_deletion(in_days integer) returns timestamptz
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    team uuid := app.team();
    due timestamptz;
begin
    if not app.is_owner() or not app.confirmed() then
        raise exception 'an owner deletes a team, confirmed' using errcode = '42501';
    end if;
    perform from public.team t where t.id = team for update;
    insert into public.team_deletion (team_id, asked_by, asked_at, days)
    values (team, app.person(), app.at(), in_days);
    if (select count(*) from public.member m where m.team_id = team and m.role = 'owner') = 1 then
        due := app.run_days();
    end if;
    return due;
end $$;

-- Another owner confirms; the one who asked only where nobody else is an owner any more.
create function app.confirm_deletion() returns timestamptz
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    team uuid := app.team();
    asked public.team_deletion;
begin
    if not app.is_owner() or not app.confirmed() then
        raise exception 'an owner deletes a team, confirmed' using errcode = '42501';
    end if;
    perform from public.team t where t.id = team for update;
    select d.* into asked from public.team_deletion d where d.team_id = team for update;
    if asked.confirmed_at is not null or not exists (
            select from public.member m
            where m.team_id = team and m.person_id = asked.asked_by and m.role = 'owner') then
        raise exception 'there is nothing to confirm' using errcode = 'PB015';
    end if;
    if asked.asked_by = app.person() and exists (
            select from public.member m
            where m.team_id = team and m.role = 'owner' and m.person_id <> app.person()) then
        raise exception 'another owner confirms' using errcode = '42501';
    end if;
    return app.run_days();
end $$;

-- The days begin.
create function app.run_days() returns timestamptz
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    due timestamptz;
begin
    if not app.is_owner() or not app.confirmed() then
        raise exception 'an owner deletes a team, confirmed' using errcode = '42501';
    end if;
    update public.team_deletion d
    set confirmed_by = app.person(), confirmed_at = app.at(), due_at = app.at() + make_interval(days => d.days)
    where d.team_id = app.team() and d.confirmed_at is null
    returning d.due_at into due;
    update public.team t set closing_at = due where t.id = app.team();
    return due;
end $$;

-- An owner undoes it, until it is due. The operator's suspension stays as it is.
create function app.undo_deletion() returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.is_owner() then
        raise exception 'an owner keeps a team' using errcode = '42501';
    end if;
    perform from public.team t where t.id = app.team() for update;
    delete from public.team_deletion d
    where d.team_id = app.team() and (d.due_at is null or app.at() < d.due_at)
        and not exists (select from public.team t where t.id = d.team_id and t.closed_at is not null);
    if not found then
        return false;
    end if;
    update public.team t set closing_at = null where t.id = app.team() and t.closing_at is not null;
    return true;
end $$;

-- Whether the one who acts is a person who owns the current team, and lacks nothing that it asks for.
create function app.is_owner() returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return app.may('team.delete') and exists (
        select from public.member m
        where m.team_id = app.team() and m.person_id = app.person() and m.role = 'owner');
end $$;

-- Tables with rows of teams that go with their team, beside those that name it otherwise.
create function app.tenant_tables() returns setof text
language sql stable rows 40 set search_path = pg_catalog, pg_temp as $$
    select c.relname::text from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'team_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and c.relname not in ('team_deletion', 'deletion', 'deletion_count')
    union all values ('audit_event'), ('ledger_head'), ('ledger_proof'), ('ledger_acceptance'), ('mail')
$$;

-- How a table names the team of a row.
create function app.rows_of(in_table text) returns text
language sql immutable parallel safe
return case in_table
    when 'mail' then 'for_team = $1'
    when 'audit_event' then 'kind = ''team'' and ledger = $1'
    when 'ledger_head' then 'kind = ''team'' and ledger = $1'
    when 'ledger_proof' then 'kind = ''team'' and ledger = $1'
    when 'ledger_acceptance' then 'kind = ''team'' and ledger = $1'
    else 'team_id = $1' end;

-- How many rows of the team each table has, for whoever may delete it.
create function app.team_contents() returns table (name text, rows bigint)
language plpgsql stable rows 40 security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not app.may('team.delete') then
        raise exception 'only owners see what a team holds' using errcode = '42501';
    end if;
    for name in select t from app.tenant_tables() t loop
        execute format('select count(*) from public.%I where %s', name, app.rows_of(name))
            into rows using app.team();
        return next;
    end loop;
end $$;

-- The deletion that is due begins: from now on there is no way back.
create function app.begin_deletion(in_link bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked public.team_deletion;
begin
    if app.task() is distinct from 'team.delete' or session_user <> 'probity_job' then
        raise exception 'a team is deleted by its task only' using errcode = '42501';
    end if;
    perform from public.team t where t.id = app.team() and t.closed_at is null for update;
    if not found then
        return false;
    end if;
    select d.* into asked from public.team_deletion d
    where d.team_id = app.team() and d.confirmed_at is not null and d.due_at <= app.at() for update;
    if not found then
        return false;
    end if;
    insert into public.deletion (team_id, link_hash, asked_at, confirmed_at, begun_at)
    values (asked.team_id, in_link, asked.asked_at, asked.confirmed_at, app.at());
    update public.team t set closed_at = app.at() where t.id = asked.team_id;
    return true;
end $$;

-- Removes some rows of the team that is being deleted from a table; how many.
create function app.purge(in_table text, in_most integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    team uuid := app.purged_team();
    which text := app.rows_of(in_table);
    many bigint;
begin
    if team is null or in_table = 'ledger_head'
            or not exists (select from app.tenant_tables() t where t = in_table) then
        raise exception 'only what is being deleted is removed' using errcode = '42501';
    end if;
    if in_table = 'member' then
        -- Its owners are written to in the end.
        which := which || ' and role <> ''owner''';
    elsif in_table = 'api_key' then
        -- A key that made others goes after them.
        which := which || ' order by created_at desc, id desc';
    end if;
    execute format('delete from public.%1$I where ctid = any (array(
        select ctid from public.%1$I where %2$s limit $2))', in_table, which) using team, in_most;
    get diagnostics many = row_count;
    if many > 0 then
        perform app.count_purged(in_table, many);
    end if;
    return many;
end $$;

create function app.count_purged(in_table text, many bigint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if app.purged_team() is null then
        raise exception 'only what is being deleted is removed' using errcode = '42501';
    end if;
    insert into public.deletion_count as c values (app.purged_team(), in_table, many)
    on conflict (team_id, name) do update set rows = c.rows + excluded.rows;
end $$;

-- Removes the records after this one, so many of them; up to which they are gone, and null when none is left.
create function app.purge_records(in_after bigint, in_most integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    team uuid := app.purged_team();
    upto bigint;
    many bigint;
begin
    if team is null then
        raise exception 'only what is being deleted is removed' using errcode = '42501';
    end if;
    upto := in_most + coalesce(nullif(in_after, 0), (
        select e.seq - 1 from public.audit_event e
        where e.kind = 'team' and e.ledger = team order by e.seq limit 1));
    if upto is null or in_after >= (
            select h.seq from public.ledger_head h where h.kind = 'team' and h.ledger = team) then
        return null;
    end if;
    delete from public.audit_event e
    where e.kind = 'team' and e.ledger = team and e.seq > in_after and e.seq <= upto;
    get diagnostics many = row_count;
    perform app.count_purged('audit_event', many);
    return upto;
end $$;

-- The end: nothing is left but the team and its owners, and they go at once with what says so. False when
-- another program did it meanwhile.
create function app.end_team(in_certificate text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    team uuid := app.purged_team();
    one text;
    is_left boolean;
begin
    if team is null then
        raise exception 'only what is being deleted is removed' using errcode = '42501';
    end if;
    perform from public.team t where t.id = team for update;
    if not found then
        return false;
    end if;
    for one in select t from app.tenant_tables() t where t <> 'ledger_head' loop
        execute format('select exists (select from public.%I where %s)', one,
                       app.rows_of(one) || case when one = 'member' then ' and role <> ''owner''' else '' end)
            into is_left using team;
        if is_left then
            raise exception 'there are rows in % again', one using errcode = 'PB016';
        end if;
    end loop;
    delete from public.member m where m.team_id = team;
    delete from public.ledger_head h where h.kind = 'team' and h.ledger = team;
    delete from public.team_deletion d where d.team_id = team;
    delete from public.team t where t.id = team;
    update public.deletion d set done_at = app.at(), certificate = in_certificate where d.team_id = team;
    return true;
end $$;

-- What became of a team, for whoever has the link of its deletion.
create function app.deletion_of(hash bytea)
returns table (team_id uuid, asked_at timestamptz, confirmed_at timestamptz, begun_at timestamptz,
               key_at timestamptz, access_at timestamptz, files_at timestamptz, rows_at timestamptz,
               done_at timestamptz, certificate text)
language sql stable rows 1 security definer set search_path = pg_catalog, pg_temp as $$
    select d.team_id, d.asked_at, d.confirmed_at, d.begun_at, d.key_at, d.access_at, d.files_at, d.rows_at,
        d.done_at, d.certificate
    from public.deletion d where d.link_hash = hash
$$;

revoke all on function app.closing_of, app.purged_team, app.is_purging, app.keep_ledger_of_team,
    app.refuse_while_closing, app.ask_deletion, app.confirm_deletion, app.run_days, app.undo_deletion,
    app.is_owner, app.tenant_tables, app.rows_of, app.team_contents, app.begin_deletion, app.purge,
    app.count_purged, app.purge_records, app.end_team, app.deletion_of from public;
grant execute on function app.purged_team, app.is_purging to probity_job, probity_app;
grant execute on function app.closing_of, app.ask_deletion, app.confirm_deletion, app.undo_deletion,
    app.team_contents, app.deletion_of to probity_app;
grant execute on function app.begin_deletion, app.purge, app.purge_records, app.end_team to probity_job;
