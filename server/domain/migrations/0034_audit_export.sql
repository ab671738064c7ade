-- Exports of a team's audit log. The files are outside the database, sealed under the team's key; here is
-- what they are and how far each has come.
create table audit_export (
    team_id uuid not null references team,
    id uuid not null,
    person_id uuid not null,
    made_at timestamptz not null,
    format text not null check (format in ('jsonl', 'csv')),
    search text not null check (char_length(search) <= 500),
    -- The name of the file.
    name text not null check (char_length(name) <= 200),
    state text not null default 'waiting'
        check (state in ('waiting', 'running', 'ready', 'failed', 'cancelled')),
    -- Records looked at, of how many, and how many are in the file.
    done_to bigint not null default 0,
    up_to bigint not null default 0,
    rows bigint not null default 0,
    bytes bigint not null default 0,
    failed text check (char_length(failed) <= 500),
    -- Whoever writes it says so now and then: what nobody writes any more has failed.
    touched_at timestamptz not null,
    primary key (team_id, id)
);
