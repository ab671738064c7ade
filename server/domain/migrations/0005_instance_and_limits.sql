-- The instance itself, and how often something was tried.
create table instance (
    one boolean primary key default true check (one),
    set_up_hash bytea check (octet_length(set_up_hash) = 32),
    set_up_at timestamptz
);
insert into instance default values;

-- A bucket is full again at `full_at`; each try moves it later (GCRA).
create table limit_bucket (
    name text not null,
    subject bytea not null check (octet_length(subject) = 32),
    full_at timestamptz not null,
    primary key (name, subject)
);
create index limit_bucket_full on limit_bucket (full_at);
