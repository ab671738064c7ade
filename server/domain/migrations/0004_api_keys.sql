-- API keys and how much they are used.
create table api_key (
    team_id uuid not null references team (id),
    id uuid not null,
    name text not null check (char_length(name) between 1 and 60),
    environment text not null check (environment in ('live', 'test')),
    start text not null,
    -- SHA-256 of the whole key. Global, because verify knows nothing but the key.
    secret_hash bytea not null constraint api_key_secret_hash unique
        check (octet_length(secret_hash) = 32),
    created_at timestamptz not null,
    created_by uuid not null references person (id),
    expires_at timestamptz,
    revoked_at timestamptz,
    revoked_by uuid references person (id),
    first_used_at timestamptz,
    primary key (team_id, id)
);
create index api_key_newest on api_key (team_id, created_at desc, id desc);

-- Counters, an hour each. Not guarded by a ledger: verifications are counted, not recorded.
create table key_usage (
    team_id uuid not null,
    key_id uuid not null,
    hour timestamptz not null,
    calls bigint not null,
    refused bigint not null,
    last_at timestamptz not null,
    primary key (team_id, key_id, hour),
    foreign key (team_id, key_id) references api_key (team_id, id)
);
