-- What the last walk of each ledger found. The checkpoint is signed with a key that the database does
-- not have: whoever writes to this table cannot make it say more than was proven.
create table ledger_proof (
    kind text not null check (kind in ('team', 'person', 'instance')),
    ledger uuid not null,
    -- How far the ledger was proven, and none if it never was.
    seq bigint not null check (seq >= 0),
    checkpoint text check (char_length(checkpoint) <= 2000),
    -- When the last walk ended, and what did not fit.
    checked_at timestamptz not null,
    flaw text check (flaw in ('altered', 'unlinked', 'missing', 'cut', 'rebuilt')),
    flaw_at bigint,
    primary key (kind, ledger),
    check ((flaw is null) = (flaw_at is null))
);
