-- Who acts. The settings are local to a transaction and are written by tx.rs when it opens one.
-- After a transaction-local setting ends it reads '' and not null: hence nullif.
create schema app;
revoke all on schema app from public;
grant usage on schema app to probity_app, probity_job;
alter default privileges revoke execute on functions from public;

create function app.team() returns uuid language sql stable parallel safe
return nullif(current_setting('app.team', true), '')::uuid;

create function app.person() returns uuid language sql stable parallel safe
return nullif(current_setting('app.person', true), '')::uuid;

create function app.task() returns text language sql stable parallel safe
return nullif(current_setting('app.task', true), '');

grant execute on function app.team(), app.person(), app.task() to probity_app, probity_job;
