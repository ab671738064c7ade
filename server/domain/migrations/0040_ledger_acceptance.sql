-- What an operator accepted as the whole of a ledger, although more was signed for: a restored backup. It
-- is signed with a key that the database does not have.
create table ledger_acceptance (
    kind text not null check (kind in ('team', 'person', 'instance')),
    ledger uuid not null,
    statement text not null check (char_length(statement) <= 2000),
    primary key (kind, ledger)
);
