-- An affiliate program came without its key: an import brings none.
alter table affiliate_program add column key_missing boolean not null default false;

-- An invitation that nobody answered ends when it has been over for a while, and then nobody is named in it any
-- more; the same happens to those that ended in another way.
alter table invitation drop constraint invitation_outcome_check;
alter table invitation add constraint invitation_outcome_check
    check (outcome in ('accepted', 'declined', 'revoked', 'replaced', 'expired'));
create index invitation_named on invitation (team_id, (coalesce(ended_at, expires_at)))
    where email not like 'deleted-%@invalid';

-- Whoever is the only owner of a team that waits to be deleted may delete their account: the team goes all the
-- same, and nobody can undo it any more. They are told by a link what became of it.
alter table team_deletion
    add column link_hash bytea constraint team_deletion_link unique check (octet_length(link_hash) = 32),
    add column left_in xid8;

-- Teams whose only owner is the person who acts.
create function app.owned_alone()
returns table (team_id uuid, name text, closing_at timestamptz)
language sql stable rows 1 security definer set search_path = pg_catalog, pg_temp as $$
    select t.id, t.name, t.closing_at
    from public.member m join public.team t on t.id = m.team_id
    where m.person_id = app.person() and m.role = 'owner' and not exists (
        select from public.member o
        where o.team_id = m.team_id and o.role = 'owner' and o.person_id <> m.person_id)
    order by t.id
$$;

-- The only owner of a team that waits leaves it so, in this transaction. The hash of the link by which its
-- deletion is seen; null when the team does not wait, or is not theirs alone.
create function app.leave_deletion(in_team uuid, in_link bytea) returns bytea
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    known bytea;
begin
    if not app.confirmed() then
        raise exception 'a team is left by its owner, confirmed' using errcode = '42501';
    end if;
    perform from public.team t where t.id = in_team and t.closing_at is not null for update;
    if not found or not exists (select from app.owned_alone() a where a.team_id = in_team) then
        return null;
    end if;
    update public.team_deletion w
    set left_in = pg_current_xact_id(), link_hash = coalesce(
        w.link_hash, (select d.link_hash from public.deletion d where d.team_id = in_team), in_link)
    where w.team_id = in_team returning w.link_hash into known;
    return known;
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
            select from public.member m where m.team_id = old.team_id and m.role = 'owner')
        -- It waits to be deleted, and its owner deletes their account.
        and not exists (
            select from public.team_deletion w
            where w.team_id = old.team_id and w.left_in = pg_current_xact_id()) then
        raise exception 'a team would have no owner' using errcode = 'PB007';
    end if;
    return null;
end $$;

-- As it was, but that the link may be known already.
create or replace function app.begin_deletion(in_link bytea) returns boolean
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
    values (asked.team_id, coalesce(asked.link_hash, in_link), asked.asked_at, asked.confirmed_at, app.at());
    update public.team t set closed_at = app.at() where t.id = asked.team_id;
    return true;
end $$;

-- As it was, and of a team that was left while it waits.
create or replace function app.deletion_of(hash bytea)
returns table (team_id uuid, asked_at timestamptz, confirmed_at timestamptz, begun_at timestamptz,
               key_at timestamptz, access_at timestamptz, files_at timestamptz, rows_at timestamptz,
               done_at timestamptz, certificate text)
language sql stable rows 1 security definer set search_path = pg_catalog, pg_temp as $$
    select d.team_id, d.asked_at, d.confirmed_at, d.begun_at, d.key_at, d.access_at, d.files_at, d.rows_at,
        d.done_at, d.certificate
    from public.deletion d where d.link_hash = hash
    union all
    select w.team_id, w.asked_at, w.confirmed_at, null, null, null, null, null, null, null
    from public.team_deletion w
    where w.link_hash = hash and not exists (select from public.deletion d where d.team_id = w.team_id)
$$;

-- How far the deletion of a team is that its owners cannot get into any more, for them.
create function app.deletion_stages(in_team uuid)
returns table (team_id uuid, asked_at timestamptz, confirmed_at timestamptz, begun_at timestamptz,
               key_at timestamptz, access_at timestamptz, files_at timestamptz, rows_at timestamptz,
               done_at timestamptz)
language sql stable rows 1 security definer set search_path = pg_catalog, pg_temp as $$
    select d.team_id, d.asked_at, d.confirmed_at, d.begun_at, d.key_at, d.access_at, d.files_at, d.rows_at,
        d.done_at
    from public.deletion d
    where d.team_id = in_team and exists (
        select from public.member m
        where m.team_id = in_team and m.person_id = app.person() and m.role = 'owner')
$$;

revoke all on function app.owned_alone, app.leave_deletion, app.deletion_stages from public;
grant execute on function app.owned_alone, app.leave_deletion, app.deletion_stages to probity_app;
