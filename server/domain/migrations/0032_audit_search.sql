-- The log is searched by what happened, and by what it happened to.
create index audit_event_action on audit_event (kind, ledger, action, seq);
create index audit_event_target on audit_event (kind, ledger, target_id, seq);
