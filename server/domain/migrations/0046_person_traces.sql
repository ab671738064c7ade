-- What names somebody who deleted their account goes everywhere at once: also the address under which they
-- were invited, what they signed up with, and what they looked for when they exported.
create or replace function app.delete_person(at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    whom uuid := app.person();
begin
    if not app.confirmed() then
        raise exception 'an account is deleted by its person, confirmed' using errcode = 'PB003';
    end if;
    perform app.hold_teams(null);
    update public.invitation i set email = 'deleted-' || i.id || '@invalid', message = ''
    where i.ended_at is not null and ((i.outcome in ('accepted', 'declined') and i.ended_by = whom)
        or i.email = (select lower(p.email) from public.person p where p.id = whom));
    update public.audit_export e set search = '',
        state = case when e.state in ('waiting', 'running') then 'cancelled' else e.state end
    where e.person_id = whom;
    delete from public.member m where m.person_id = whom;
    update public.session s set ended_at = at where s.person_id = whom and s.ended_at is null;
    update public.device d set ended_at = at, origin = null, trusted_until = null
    where d.person_id = whom;
    delete from public.totp t where t.person_id = whom;
    delete from public.totp_offer t where t.person_id = whom;
    delete from public.passkey k where k.person_id = whom;
    delete from public.recovery_code r where r.person_id = whom;
    delete from public.credential c where c.person_id = whom;
    delete from public.link l where l.person_id = whom;
    delete from public.challenge c where c.person_id = whom;
    delete from public.sign_up s where s.person_id = whom;
    update public.person p
    set name = 'deleted person', email = 'deleted-' || whom || '@invalid', deleted_at = at,
        time_zone = 'UTC'
    where p.id = whom;
end $$;
