-- Who is asked into a team and has not answered yet.
create table invitation (
    team_id uuid not null references team (id),
    id uuid not null,
    -- In lower case. Nobody else can accept.
    email text not null check (char_length(email) between 3 and 254 and email = lower(email)),
    role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
    message text not null check (char_length(message) <= 500),
    -- Of the link that was mailed: who has it reads the mailbox, and may make an account with it.
    mailed_hash bytea not null check (octet_length(mailed_hash) = 32),
    -- Of the link that was copied from the page: it shows the invitation and proves nothing.
    copied_hash bytea check (octet_length(copied_hash) = 32),
    mail_id uuid,
    sent_by uuid not null references person (id),
    sent_at timestamptz not null,
    expires_at timestamptz not null,
    -- When a new one was asked for after it had expired.
    asked_at timestamptz,
    ended_at timestamptz,
    ended_by uuid references person (id),
    outcome text check (outcome in ('accepted', 'declined', 'revoked', 'replaced')),
    primary key (team_id, id),
    check ((ended_at is null) = (outcome is null))
);
-- One open invitation per address and team.
create unique index invitation_open on invitation (team_id, email) where ended_at is null;
create unique index invitation_mailed on invitation (mailed_hash);
create unique index invitation_copied on invitation (copied_hash);
-- "My invitations", before anybody is in the team.
create index invitation_email on invitation (email) where ended_at is null;
create index invitation_sent_by on invitation (team_id, sent_by) where ended_at is null;

-- Whether who sent it could send it today: an invitation is worth what its sender may.
create function app.may_invite(in_team uuid, sender uuid, wanted text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return exists (
        select from public.member m
        where m.team_id = in_team and m.person_id = sender
            and app.role_has(m.role, 'members.manage')
            and (wanted <> 'owner' or app.role_has(m.role, 'security.manage')));
end $$;

-- The invitation behind a link, also when it has expired.
create function app.invitation_of(hash bytea)
returns table (team_id uuid, id uuid, slug text, team_name text, email text, role text,
               message text, sender uuid, sender_name text, sender_email text, sent_at timestamptz,
               expires_at timestamptz, asked_at timestamptz, mailed boolean, has_account boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select i.team_id, i.id, t.slug, t.name, i.email, i.role, i.message, p.id, p.name, p.email,
        i.sent_at, i.expires_at, i.asked_at, i.mailed_hash = hash,
        exists (select from public.person a where lower(a.email) = i.email)
    from public.invitation i
    join public.team t on t.id = i.team_id
    join public.person p on p.id = i.sent_by
    where (i.mailed_hash = hash or i.copied_hash = hash) and i.ended_at is null
        and app.may_invite(i.team_id, i.sent_by, i.role)
$$;

-- What waits for the one who acts: their address is theirs, so no link is needed.
create function app.my_invitations()
returns table (team_id uuid, id uuid, slug text, team_name text, role text, message text,
               sender_name text, sent_at timestamptz, expires_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select i.team_id, i.id, t.slug, t.name, i.role, i.message, p.name, i.sent_at, i.expires_at
    from public.person me
    join public.invitation i on i.email = lower(me.email)
    join public.team t on t.id = i.team_id
    join public.person p on p.id = i.sent_by
    where me.id = app.person() and i.ended_at is null and app.at() < i.expires_at
        and app.may_invite(i.team_id, i.sent_by, i.role)
        and not exists (select from public.member m
                        where m.team_id = i.team_id and m.person_id = me.id)
    order by i.sent_at desc
$$;

-- Ends an invitation to the one who acts, once, and makes them a member; their role, or nothing.
-- The team is held first, as by whoever removes its sender at the same time.
create function app.accept_invitation(in_team uuid, in_id uuid) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    accepted public.invitation;
begin
    perform from public.team t where t.id = in_team for update;
    update public.invitation i
    set ended_at = app.at(), ended_by = app.person(), outcome = 'accepted'
    where i.team_id = in_team and i.id = in_id and i.ended_at is null
        and app.at() < i.expires_at and app.may_invite(i.team_id, i.sent_by, i.role)
        and i.email = (select lower(p.email) from public.person p
                       where p.id = app.person() and p.deleted_at is null
                           and p.locked_at is null)
    returning i.* into accepted;
    if not found then
        return null;
    end if;
    insert into public.member (team_id, person_id, role, joined_at, added_by)
    values (in_team, app.person(), accepted.role, app.at(), accepted.sent_by);
    return accepted.role;
end $$;

-- Makes the person of a mailed invitation: the mail has proven the address. False when the link is
-- no longer good. The team is held before the invitation, as everywhere.
create function app.join_by_invitation(hash bytea, in_name text, in_password_hash text)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    address text;
begin
    perform from public.team t where t.id = app.team() for update;
    select i.email into address from public.invitation i
    where i.mailed_hash = hash and i.team_id = app.team() and i.ended_at is null
        and app.at() < i.expires_at
    for update;
    if not found then
        return false;
    end if;
    insert into public.person (id, email, name, created_at)
    values (app.person(), address, in_name, app.at());
    insert into public.credential values (app.person(), in_password_hash, app.at());
    return true;
end $$;

-- Whoever goes takes along the invitations they sent.
create function app.end_invitations_of() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update public.invitation i
    set ended_at = app.at(), ended_by = app.person(), outcome = 'revoked'
    where i.team_id = old.team_id and i.sent_by = old.person_id and i.ended_at is null;
    return null;
end $$;
create trigger member_takes_invitations_along after delete on member
    for each row execute function app.end_invitations_of();
alter table member enable always trigger member_takes_invitations_along;

grant execute on function app.invitation_of(bytea), app.my_invitations(),
    app.accept_invitation(uuid, uuid), app.join_by_invitation(bytea, text, text) to probity_app;
