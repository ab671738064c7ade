-- People, how they prove who they are, and the teams they belong to.
create table person (
    id uuid primary key,
    email text not null check (char_length(email) between 3 and 254),
    name text not null check (char_length(name) between 1 and 120),
    created_at timestamptz not null
);
create unique index person_email on person (lower(email));

-- Apart from person, so that no policy on a person's row can ever show a hash.
create table credential (
    person_id uuid primary key references person (id),
    password_hash text not null,
    changed_at timestamptz not null
);

create table session (
    id_hash bytea primary key check (octet_length(id_hash) = 32),
    person_id uuid not null references person (id),
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    idle_seconds integer not null check (idle_seconds > 0),
    expires_at timestamptz not null,
    ended_at timestamptz
);
create index session_person on session (person_id, created_at);

create table team (
    id uuid primary key,
    slug text not null constraint team_slug unique
        check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
    name text not null check (char_length(name) between 1 and 80),
    created_at timestamptz not null,
    created_by uuid not null references person (id)
);

create table member (
    team_id uuid not null references team (id),
    person_id uuid not null references person (id),
    role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
    joined_at timestamptz not null,
    primary key (team_id, person_id)
);
-- "My teams": the one read of members that does not start from a team.
create index member_person on member (person_id, team_id);
