-- Letters on their way: written by the change that causes them, sent by a background task.
create table mail (
    id uuid primary key,
    -- Whose data key the sealed part is under.
    owner_kind text not null check (owner_kind in ('person', 'instance')),
    owner_id uuid,
    letter text not null,
    -- Address, subject and both texts; emptied when there is nothing more to do with it.
    sealed bytea,
    created_at timestamptz not null,
    -- Not to be tried before.
    next_at timestamptz not null,
    tries integer not null default 0,
    sent_at timestamptz,
    failed_at timestamptz,
    -- Why it was not sent, without address and secret.
    last_error text,
    check ((owner_kind = 'person') = (owner_id is not null)),
    check (sent_at is null or failed_at is null),
    constraint mail_is_emptied
        check ((sealed is null) = (sent_at is not null or failed_at is not null))
);
create index mail_due on mail (next_at) where sent_at is null and failed_at is null;
