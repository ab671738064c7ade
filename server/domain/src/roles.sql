-- Three roles: an owner nobody can sign in as, one for requests, one for background work. Neither
-- login role is a superuser, may bypass row-level security, or owns anything.
do $$
declare
    wanted text;
begin
    foreach wanted in array array['probity_owner', 'probity_app', 'probity_job'] loop
        begin
            execute format('create role %I nologin', wanted);
        exception when duplicate_object or unique_violation then null;
        end;
        execute format('alter role %I nosuperuser nocreatedb nocreaterole noreplication nobypassrls',
                       wanted);
    end loop;
    execute format('alter database %I owner to probity_owner', current_database());
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to probity_app, probity_job', current_database());
end $$;
alter schema public owner to probity_owner;
revoke all on schema public from public;
grant usage on schema public to probity_app, probity_job;
-- A transaction that was forgotten, or a query that runs away, ends by itself.
alter role probity_app set idle_in_transaction_session_timeout = '15s';
alter role probity_app set statement_timeout = '15s';
alter role probity_app set jit = off;
alter role probity_app set max_parallel_workers_per_gather = 0;
alter role probity_job set idle_in_transaction_session_timeout = '60s';
alter role probity_job set statement_timeout = '60s';
alter role probity_job set jit = off;
