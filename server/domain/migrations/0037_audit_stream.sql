-- Streams of a team's audit log to a place of the team's own: where each goes, how far it is, and the
-- last things that went wrong. Where it goes is sealed, because addresses of collectors are often secrets.
create table audit_stream (
    team_id uuid not null references team,
    id uuid not null,
    name text not null check (char_length(name) between 1 and 100),
    kind text not null check (kind in ('https', 'folder', 's3')),
    -- Where it goes, as far as that may be shown: a host, a bucket.
    shown text not null check (char_length(shown) <= 300),
    sealed bytea not null check (octet_length(sealed) <= 16000),
    -- What deliveries are signed with, and what they are signed with as well until the overlap ends.
    secret bytea check (octet_length(secret) <= 200),
    previous_secret bytea check (octet_length(previous_secret) <= 200),
    previous_ends_at timestamptz,
    person_id uuid not null,
    made_at timestamptz not null,
    state text not null default 'active' check (state in ('active', 'paused')),
    -- Where somebody let it begin, and when they said so.
    start_at bigint not null check (start_at >= 0),
    started_at timestamptz not null,
    -- The last record that was taken in over there, and how far the delivery reaches that is under way:
    -- it is tried again as it was.
    seq bigint not null default 0 check (seq >= 0),
    tried_to bigint,
    delivered bigint not null default 0,
    last_success timestamptz,
    failures integer not null default 0,
    failing_since timestamptz,
    next_try timestamptz not null,
    -- Who delivers now; whoever is silent for so long has gone.
    held_by uuid,
    held_until timestamptz,
    primary key (team_id, id)
);

create table audit_stream_error (
    team_id uuid not null,
    stream_id uuid not null,
    id uuid not null,
    at timestamptz not null,
    -- A sentence of ours, never what was read over there.
    said text not null check (char_length(said) <= 500),
    status integer,
    primary key (team_id, stream_id, id),
    foreign key (team_id, stream_id) references audit_stream on delete cascade
);

-- What people may not write themselves follows from what they may: a new secret keeps the one before it, a
-- new beginning moves the cursor and takes the stream from whoever delivers.
create function app.keep_stream() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        new.seq := new.start_at;
        new.next_try := new.made_at;
        return new;
    end if;
    if new.secret is distinct from old.secret then
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
revoke all on function app.keep_stream from public;
create trigger audit_stream_is_kept before insert or update on audit_stream
for each row execute function app.keep_stream();
alter table audit_stream enable always trigger audit_stream_is_kept;
