-- The log is searched by what happened, by what it happened to, by what kind of actor, and by day.
create index audit_event_action on audit_event (kind, ledger, action, seq);
create index audit_event_target on audit_event (kind, ledger, target_id, seq);
create index audit_event_actor_kind on audit_event (kind, ledger, actor_kind, seq);
create index audit_event_at on audit_event (kind, ledger, at, seq);
