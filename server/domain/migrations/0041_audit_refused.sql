-- What was refused is seldom: an index of those records alone leads to it.
create index audit_event_refused on audit_event (kind, ledger, seq) where outcome <> 'ok';
