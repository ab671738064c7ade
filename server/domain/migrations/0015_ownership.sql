-- A team that is offered to one of its members.
create table ownership_offer (
    team_id uuid not null references team (id),
    id uuid not null,
    offered_by uuid not null references person (id),
    offered_to uuid not null references person (id),
    offered_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    outcome text check (outcome in ('accepted', 'declined', 'withdrawn', 'expired', 'left')),
    primary key (team_id, id),
    check (offered_by <> offered_to),
    check ((ended_at is null) = (outcome is null))
);
create unique index ownership_offer_open on ownership_offer (team_id) where ended_at is null;

-- Ends the offer to the one who acts, once, and changes both roles; who offered it, or nothing. The
-- team is held first, as by whoever changes roles at the same time.
create function app.accept_ownership(in_team uuid) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    giver uuid;
begin
    if in_team is distinct from app.team() or not app.may('members.view')
            or not app.confirmed() then
        raise exception 'ownership is accepted by its person, confirmed' using errcode = 'PB003';
    end if;
    perform from public.team t where t.id = in_team for update;
    update public.ownership_offer o set ended_at = app.at(), outcome = 'accepted'
    where o.team_id = in_team and o.offered_to = app.person() and o.ended_at is null
        and app.at() < o.expires_at
        and exists (select from public.member m where m.team_id = in_team
                    and m.person_id = o.offered_by and m.role = 'owner')
        and exists (select from public.member m where m.team_id = in_team
                    and m.person_id = o.offered_to)
    returning o.offered_by into giver;
    if not found then
        return null;
    end if;
    update public.member m set role = 'owner'
    where m.team_id = in_team and m.person_id = app.person();
    update public.member m set role = 'admin' where m.team_id = in_team and m.person_id = giver;
    return giver;
end $$;

-- An offer ends with the membership of either.
create function app.end_offers_of() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.ownership_offer o set ended_at = app.at(), outcome = 'left'
    where o.team_id = old.team_id and o.ended_at is null
        and (o.offered_by = old.person_id or o.offered_to = old.person_id);
    return null;
end $$;
create trigger member_ends_offers after delete on member
    for each row execute function app.end_offers_of();
alter table member enable always trigger member_ends_offers;

grant execute on function app.accept_ownership(uuid) to probity_app;
