-- What was answered to a request that its sender named (Idempotency-Key): whoever sends it again
-- within a day gets the same answer, and nothing is done twice.
create table api_answer (
    team_id uuid not null,
    key_id uuid not null,
    -- SHA-256 of what the sender called it, and of the request itself.
    named bytea not null check (octet_length(named) = 32),
    request bytea not null check (octet_length(request) = 32),
    id uuid not null,
    answered_at timestamptz not null,
    -- Sealed under the team's key: it may hold a secret that is shown once.
    sealed bytea not null,
    primary key (team_id, key_id, named),
    foreign key (team_id, key_id) references api_key (team_id, id)
);
create index api_answer_old on api_answer (team_id, answered_at);
